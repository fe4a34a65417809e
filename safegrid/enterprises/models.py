from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from safegrid.people.models import Organisation, User
from safegrid.shared import clock, masking
from safegrid.shared.fields import CodeField
from safegrid.shared.ids import uuid7
from safegrid.shared.models import Versioned
from safegrid.shared.scope import Scope, ScopedQuerySet
from safegrid.territory.models import Area


class PlaceKind(models.Model):
    """A kind of place, as data: its default list has the same code (`restaurant`, `dust`, …)."""

    code = models.CharField("代码", max_length=30, primary_key=True)
    name = models.CharField("名称", max_length=60)
    group = models.CharField("归类", max_length=30, blank=True)
    is_nine_small = models.BooleanField("九小场所", default=False)
    is_high_risk = models.BooleanField("高危行业", default=False)
    aliases = models.JSONField("也叫", default=list)
    industries = models.JSONField("常见行业", default=list)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name


class EnterpriseKind(models.TextChoices):
    COMPANY = "company", "企业"
    SELF_EMPLOYED = "self_employed", "个体工商户"
    COOPERATIVE = "cooperative", "农民合作社"
    INSTITUTION = "institution", "事业单位"
    NON_PROFIT = "non_profit", "民办非企业"
    NONE = "none", "无照"


class Size(models.TextChoices):
    LARGE = "large", "大型"
    MEDIUM = "medium", "中型"
    SMALL = "small", "小型"
    MICRO = "micro", "微型"
    UNKNOWN = "", "未定"


class Enterprise(Versioned):
    """A legal entity, or a person in business without a licence."""

    name = models.CharField("名称", max_length=120)
    credit_code = CodeField("统一社会信用代码", max_length=18, null=True, unique=True, blank=True)
    kind = models.CharField("类别", max_length=20, choices=EnterpriseKind)
    legal_representative = models.CharField("法定代表人", max_length=40, blank=True)
    industry = CodeField("国民经济行业", max_length=5, blank=True)
    size = models.CharField("规模", max_length=10, choices=Size, default=Size.UNKNOWN, blank=True)
    is_above_scale = models.BooleanField("规上", default=False)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects: Any = models.Manager()

    class Meta:
        indexes = (models.Index(fields=("name",), name="enterprise_name"),)

    def __str__(self) -> str:
        return self.name


class PlaceState(models.TextChoices):
    OPEN = "open", "在营"
    SUSPENDED = "suspended", "停业"
    CLOSED = "closed", "注销"


class Grade(models.TextChoices):
    RED = "red", "红　重大风险"
    ORANGE = "orange", "橙　较大风险"
    YELLOW = "yellow", "黄　一般风险"
    BLUE = "blue", "蓝　低风险"
    NONE = "none", "未评级"


class Place(Versioned):
    """What is visited. Carries on its row what lists need: area, grid, lead department, grade."""

    scope = Scope(
        area="area_code", industry="industry", department="lead_department_id", place="pk"
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField("编号", max_length=20, unique=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="places")
    name = models.CharField("场所名称", max_length=120)
    kind = models.ForeignKey(PlaceKind, models.PROTECT, related_name="places")
    more_kinds = models.JSONField("还属于", default=list, blank=True)
    industry = CodeField("国民经济行业", max_length=5, blank=True)
    state = models.CharField("状态", max_length=12, choices=PlaceState, default=PlaceState.OPEN)
    is_nine_small = models.BooleanField("九小场所", default=False)
    is_above_scale = models.BooleanField("规上", default=False)
    is_high_risk = models.BooleanField("高危行业", default=False)
    is_mixed_use = models.BooleanField("多业态", default=False)
    has_gas = models.BooleanField("用燃气", default=False)
    address = models.CharField("地址", max_length=160)
    lon = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    source_crs = models.CharField("原坐标系", max_length=10, default="wgs84")
    grid = models.ForeignKey(Area, models.PROTECT, null=True, related_name="places")
    area_code = CodeField("属地代码", max_length=15)
    principal = models.CharField("负责人", max_length=40, blank=True)
    phone = models.CharField("负责人电话", max_length=20, blank=True)
    safety_manager = models.CharField("安全管理员", max_length=40, blank=True)
    safety_phone = models.CharField("安全管理员电话", max_length=20, blank=True)
    staff = models.PositiveIntegerField("员工数", null=True, blank=True)
    floor_area = models.PositiveIntegerField("面积（平方米）", null=True, blank=True)
    lead_department = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="led_places"
    )
    grade = models.CharField("风险等级", max_length=8, choices=Grade, default=Grade.NONE)
    yearly_cap = models.PositiveSmallIntegerField("每年检查上限", default=2)
    last_visited_at = models.DateTimeField("最近到访", null=True, blank=True)
    open_hazards = models.PositiveIntegerField("未销号隐患", default=0)
    is_demo = models.BooleanField("演示数据", default=False)
    created_at = models.DateTimeField(default=clock.now)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("area_code", "name")
        indexes = (
            models.Index(fields=("area_code", "name"), name="place_area_name"),
            models.Index(fields=("lead_department", "area_code"), name="place_lead"),
            models.Index(fields=("kind", "area_code"), name="place_kind_area"),
            models.Index(fields=("name",), name="place_name"),
            models.Index(fields=("phone",), name="place_phone"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/places/{self.pk}/"

    @property
    def kinds(self) -> list[str]:
        """Codes of all its kinds, the main one first."""
        return [self.kind_id, *(code for code in self.more_kinds if code != self.kind_id)]

    @property
    def grid_name(self) -> str:
        """庆兴社区01网格; "" outside every grid."""
        return "".join(self.grid.full_name.split("·")[-2:]) if self.grid else ""

    @property
    def masked_phone(self) -> str:
        return masking.mask_phone(self.phone)


class KeeperRole(models.TextChoices):
    PRINCIPAL = "principal", "主要负责人"
    SAFETY_MANAGER = "safety_manager", "安全管理员"


class KeeperQuerySet(models.QuerySet["Keeper"]):
    def current(self, on: date | None = None) -> Self:
        on = on or clock.today()
        open_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        return self.filter(open_ended, starts_on__lte=on, confirmed_at__isnull=False)


class Keeper(models.Model):
    """Ties a user, or a confirmed phone, to a place that they answer for."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="keepers")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="keepers")
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=20, blank=True)
    role = models.CharField(max_length=20, choices=KeeperRole, default=KeeperRole.PRINCIPAL)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    starts_on = models.DateField("自", default=clock.today)
    ends_on = models.DateField("至", null=True, blank=True)

    objects: Any = KeeperQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("user", "place"), name="keeper_user_place"),)

    def __str__(self) -> str:
        return f"{self.name} {self.place}"


class ImportState(models.TextChoices):
    PREVIEW = "preview", "待确认"
    COMMITTING = "committing", "正在导入"
    COMMITTED = "committed", "已导入"
    UNDONE = "undone", "已撤销"
    FAILED = "failed", "未导入"


class PlaceImport(Versioned):
    """One uploaded list of places: its rows, the verdict on each, and what undoing needs."""

    scope = Scope()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area_code = CodeField("范围代码", max_length=15)
    file_name = models.CharField("文件名", max_length=120)
    state = models.CharField(max_length=12, choices=ImportState, default=ImportState.PREVIEW)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.CharField(max_length=200, blank=True)

    objects: Any = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return f"/places/import/{self.pk}/"


class RowVerdict(models.TextChoices):
    NEW = "new", "新增"
    CHANGED = "changed", "有变化"
    SAME = "same", "没变化"
    DUPLICATE = "duplicate", "疑似重复"
    ERROR = "error", "有错"


class PlaceImportRow(models.Model):
    """One row of an upload. `values` is what it says, `difference` what it changes (old, new)."""

    upload = models.ForeignKey(PlaceImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField("行号")
    verdict = models.CharField(max_length=10, choices=RowVerdict)
    values = models.JSONField(default=dict)
    difference = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    place = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+")
    before = models.JSONField(null=True)

    class Meta:
        ordering = ("line",)
        indexes = (models.Index(fields=("upload", "verdict", "line"), name="import_row_verdict"),)

    def __str__(self) -> str:
        return f"第{self.line}行"
