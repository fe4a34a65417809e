# ruff: noqa: E501, SIM905, S311 -- long lists of invented names, drawn for the demo city only
"""Invented names. Places begin with 示例; people live only in the demo city."""

import random

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严金魏姜戚谢邹苏潘葛范彭鲁马苗方任袁柳史唐薛雷贺倪汤罗毕郝安常乐于傅康伍余顾孟黄穆萧尹姚邵汪祁毛狄贝明计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢房丁邓石崔龚程邢裴陆荣翁荀段侯宁仇刘景叶司黎薄白怀蒲乔闻党谭申冉牛边温庄柴阎连习艾鱼容向古廖耿文东欧利越师聂敖冷简饶曾沙丰关查"
GIVEN = "建国建军建华志强志刚志远文博文静秀兰秀英玉兰玉梅桂芳桂英淑华淑珍春梅春生冬梅雪梅丽华丽娟红霞晓东晓明晓燕海涛海燕国栋国庆永刚永红立新立群东升东旭长河长江大勇大伟小龙小军艳丽艳秋凤霞凤英铁柱金山银花宝山福来广才振东振宇庆丰庆余明远明辉思源思雨子涵雨桐梓萱浩然佳怡俊杰晓峰新民爱民利民卫国卫东"
FRONT = "老灶 山城 红星 便民 永胜 和平 光明 兴隆 顺达 鑫源 宏图 北国 雪原 松花 江畔 镜泊 春晖 福满 吉祥 长青 金秋 聚友 万家 同心 百汇 天源 龙江 祥和 富康 佳园 银河 星光 东升 大地 润丰 恒通 盛世 嘉禾 清泉 白桦 红松 云杉 铁路 站前 桥头 河畔 南山 北岭 西城 东郊 新村 团结 向阳 建设 文化 幸福 平安 丰收 胜利 宝山 玉泉 凤鸣 鹤翔 瑞雪 冰城 暖阳 四季 双喜 三合 六顺 九州 明珠 翠微 青松 碧水 金桥 银座 华兴 国泰 民安 裕华 隆盛".split()

# kind: (weight, (name endings), GB/T 4754 class, staff, floor area m², uses gas)
Trade = tuple[int, tuple[str, ...], str, tuple[int, int], tuple[int, int], bool]
TRADES: dict[str, Trade] = {
    "shop": (260, ("便利店", "超市", "食杂店", "五金店", "粮油店", "水果店", "文具店"), "F5212", (1, 6), (20, 260), False),
    "restaurant": (300, ("烧烤店", "面馆", "饺子馆", "火锅店", "快餐店", "小吃部", "铁锅炖"), "H6210", (2, 14), (30, 280), True),
    "beauty-bath": (120, ("美发店", "美容院", "洗浴中心", "足疗店", "理发店"), "O8040", (2, 18), (30, 400), False),
    "hotel": (70, ("旅馆", "宾馆", "民宿", "招待所"), "H6120", (3, 15), (120, 900), False),
    "ktv": (30, ("练歌房", "歌厅", "酒吧", "棋牌室"), "R9011", (3, 16), (80, 600), False),
    "netbar": (24, ("网吧", "电竞馆"), "R9013", (2, 8), (80, 300), False),
    "edu": (60, ("幼儿园", "托育园", "培训学校", "小学"), "P8310", (6, 40), (120, 1800), True),
    "clinic": (60, ("诊所", "口腔门诊", "卫生室", "社区卫生服务站"), "Q8425", (2, 16), (40, 500), False),
    "workshop": (90, ("豆腐坊", "服装加工点", "家具作坊", "铝合金加工点", "香肠作坊"), "C1399", (2, 12), (40, 400), False),
    "elderly": (28, ("养老院", "老年公寓", "日间照料中心"), "Q8514", (6, 30), (200, 2200), True),
    "rental-mixed": (70, ("出租楼", "公寓", "临街住宅出租屋"), "K7040", (1, 3), (60, 500), False),
    "auto-repair": (50, ("汽车修理厂", "快修店", "钣金喷漆店", "洗车换胎店"), "O8111", (2, 14), (60, 700), False),
    "machining": (40, ("机械加工厂", "焊接铺", "农机修配厂"), "C3484", (4, 30), (120, 1500), False),
    "wood": (36, ("木材加工厂", "胶合板厂", "地板厂", "菌袋厂"), "C2011", (6, 45), (300, 3000), False),
    "food": (34, ("食品厂", "粮油加工厂", "肉制品厂", "酒坊"), "C1439", (5, 60), (200, 2600), True),
    "trade-general": (36, ("建材厂", "塑料制品厂", "包装厂", "门窗厂"), "C3099", (6, 60), (300, 3000), False),
    "dust": (10, ("饲料粉碎厂", "木粉厂", "面粉厂"), "C1329", (6, 40), (300, 2400), False),
    "confined": (14, ("污水提升站", "发酵池作业点", "检查井养护队"), "D4620", (3, 20), (60, 900), False),
    "ammonia-cold": (12, ("冷库", "果蔬保鲜库", "屠宰场"), "C1353", (6, 50), (400, 4000), False),
    "warehouse": (40, ("仓库", "物流货场", "配货站"), "G5990", (3, 30), (200, 4000), False),
    "express": (46, ("快递网点", "驿站", "分拣场"), "G6020", (2, 20), (30, 900), False),
    "fuel-station": (18, ("加油站", "加气站"), "F5265", (5, 14), (300, 1600), False),
    "hazchem-shop": (20, ("油漆店", "化工商店", "气瓶门店", "农药店"), "F5169", (1, 5), (30, 200), False),
    "fireworks-retail": (14, ("烟花爆竹零售店",), "F5299", (1, 4), (20, 80), False),
    "construction": (30, ("装修工地", "自建房工地", "小型工程工地"), "E4710", (4, 50), (100, 3000), False),
    "road-transport": (20, ("货运公司", "客运站", "停车场"), "G5430", (6, 60), (300, 4000), False),
    "grain-farm": (40, ("粮食合作社", "烘干塔", "农机合作社", "粮库"), "A0514", (3, 30), (300, 4000), False),
    "boiler-heating": (22, ("供热站", "换热站", "锅炉房"), "D4430", (3, 20), (100, 1200), False),
    "property": (50, ("小区物业", "花园小区", "家属楼物业"), "K7020", (3, 30), (80, 600), False),
    "ebike": (24, ("小区车棚", "充电车棚"), "K7020", (1, 2), (40, 300), False),
    "mall-market": (18, ("商场", "购物中心", "农贸市场", "批发市场"), "L7223", (10, 120), (1200, 9000), True),
    "hospital": (12, ("医院", "康复医院", "中医院"), "Q8411", (30, 300), (1500, 9000), False),
    "religious": (10, ("寺", "教堂", "清真寺"), "S9542", (2, 10), (100, 900), False),
    "scrap": (30, ("废品收购站", "再生资源回收点"), "F5191", (1, 8), (60, 1200), False),
    "sports": (22, ("健身房", "游泳馆", "滑冰馆"), "R8930", (3, 24), (150, 2400), False),
    "new-venue": (16, ("剧本娱乐馆", "密室逃脱馆", "电竞酒店"), "R9019", (2, 12), (80, 500), False),
    "ice-tourism": (14, ("滑雪场", "冰雪乐园", "民宿村"), "N7869", (5, 60), (300, 9000), False),
    "ev-charging": (14, ("充电站", "换电站", "停车楼"), "F5267", (1, 6), (100, 3000), False),
    "quarry": (6, ("采石场", "碎石加工点"), "B1019", (5, 40), (800, 9000), False),
}  # fmt: skip


class Cast:
    """Draws names from one seeded source, so that the same seed makes the same city."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._taken: set[str] = set()
        self._phone = self._landline = 0

    def person(self) -> str:
        start = self.random.randrange(0, len(GIVEN) - 1, 2)
        given = GIVEN[start : start + 2]
        if self.random.random() < 0.3:
            given = given[0]
        return self.random.choice(SURNAMES) + given

    def phone(self) -> str:
        """Invented numbers in one running series of 199-0000."""
        self._phone += 1
        return f"199{self._phone:08d}"

    def landline(self) -> str:
        """Invented numbers in one running series of 0453-000."""
        self._landline += 1
        return f"0453-000{self._landline:04d}"

    def kind(self) -> str:
        kinds = list(TRADES)
        return self.random.choices(kinds, [TRADES[kind][0] for kind in kinds])[0]

    def place_name(self, kind: str) -> str:
        """A name not used yet; a second branch of the same name gets a number."""
        ending = self.random.choice(TRADES[kind][1])
        name = f"示例{self.random.choice(FRONT)}{ending}"
        serial, unique = 2, name
        while unique in self._taken:
            unique, serial = (
                f"{name}{serial}店" if ending[-1] in "店馆" else f"{name}{serial}号",
                serial + 1,
            )
        self._taken.add(unique)
        return unique
