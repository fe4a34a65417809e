from typing import Any

from django import forms

from safegrid.enterprises import queries
from safegrid.enterprises.models import EnterpriseKind, KeeperRole, Place, PlaceState, Size
from safegrid.shared import masking
from safegrid.shared.forms import DateField, Form, PhoneField, VersionField

CRS = (
    ("wgs84", "手机定位、WGS84"),
    ("cgcs2000", "天地图、国家2000"),
    ("gcj02", "高德、腾讯、微信"),
    ("bd09", "百度"),
)
POINT = ("lon", "lat", "source_crs")
PHONES = ("phone", "safety_phone")
KEPT_WHEN_BLANK = (*PHONES, "enterprise_name", "enterprise_kind")


SECTIONS = (
    (
        "场所",
        (
            "name", "kind", "more_kinds", "state", "staff", "floor_area", "is_mixed_use", "has_gas",
        ),
    ),
    ("在哪里", ("address", "area_code", "lon", "lat", "source_crs")),
    ("谁负责", ("principal", "phone", "safety_manager", "safety_phone")),
    (
        "营业主体",
        (
            "enterprise_name", "credit_code", "enterprise_kind", "legal_representative",
            "founded_on", "industry", "size", "is_above_scale",
        ),
    ),
)  # fmt: skip


class PlaceForm(Form):
    """What is on file of a place; the action checks what it means."""

    version = VersionField()
    name = forms.CharField(label="场所名称", max_length=120)
    kind = forms.ChoiceField(label="场所类型")
    more_kinds = forms.MultipleChoiceField(
        widget=forms.SelectMultiple(attrs={"size": 5}),
        label="还属于",
        required=False,
        help_text="一处有几种业态的，把其他的也选上；检查项会合在一起",
    )
    address = forms.CharField(label="地址", max_length=160)
    lon = forms.CharField(label="经度", max_length=20, required=False, help_text="如129.618000")
    lat = forms.CharField(label="纬度", max_length=20, required=False, help_text="如44.588000")
    source_crs = forms.ChoiceField(label="坐标从哪来", choices=CRS, initial="wgs84")
    area_code = forms.CharField(
        label="网格或社区",
        max_length=60,
        required=False,
        help_text="有坐标就不用填，按坐标定网格；没有坐标填代码或全称",
    )
    enterprise_name = forms.CharField(
        label="营业执照上的名称", max_length=120, required=False, help_text="与场所名称一样就不用填"
    )
    credit_code = forms.CharField(
        label="统一社会信用代码",
        max_length=30,
        required=False,
        help_text="没有办执照的留空，不要编",
    )
    enterprise_kind = forms.ChoiceField(
        label="主体类别", required=False, choices=[("", "按信用代码判断"), *EnterpriseKind.choices]
    )
    legal_representative = forms.CharField(label="法定代表人", max_length=40, required=False)
    founded_on = DateField(label="成立日期", required=False)
    industry = forms.CharField(
        label="行业代码", max_length=10, required=False, help_text="国民经济行业分类，如H6210"
    )
    size = forms.ChoiceField(label="规模", required=False, choices=Size.choices)
    state = forms.ChoiceField(label="状态", choices=PlaceState.choices, initial=PlaceState.OPEN)
    principal = forms.CharField(label="负责人", max_length=40, required=False)
    phone = PhoneField(label="负责人电话", required=False)
    safety_manager = forms.CharField(label="安全管理员", max_length=40, required=False)
    safety_phone = PhoneField(label="安全管理员电话", required=False)
    staff = forms.IntegerField(label="员工数", min_value=0, max_value=500_000, required=False)
    floor_area = forms.IntegerField(
        label="面积（平方米）", min_value=0, max_value=10_000_000, required=False
    )
    is_above_scale = forms.BooleanField(label="规上企业", required=False)
    is_mixed_use = forms.BooleanField(label="多业态混合场所", required=False)
    has_gas = forms.BooleanField(label="用燃气", required=False)

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any) -> None:
        self.place = place
        if place is not None:
            kwargs["initial"] = {**on_file(place), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        groups = [
            (group, [(kind.code, kind.name) for kind in kinds])
            for group, kinds in queries.kind_groups()
        ]
        self.kind_names = {code: name for _, kinds in groups for code, name in kinds}
        self.fields["kind"].choices = [("", "选一类"), *groups]  # type: ignore[attr-defined]
        self.fields["more_kinds"].choices = groups  # type: ignore[attr-defined]
        if place is not None:
            self._keep_phones(place)

    def sections(self) -> list[tuple[str, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    def facts(self) -> dict[str, Any]:
        """What is to be written: everything for a new place, else what the user changed."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if self.place is None:
            return {name: value for name, value in given.items() if value not in ("", None, [])}
        changed = set(self.changed_data)
        if changed & set(POINT):
            changed |= set(POINT)
        return {
            name: value
            for name, value in given.items()
            if name in changed and not (name in KEPT_WHEN_BLANK and not value)
        }

    def shown(self, name: str, value: Any) -> str:
        """A value as people read it; phones masked."""
        if name in PHONES:
            return masking.mask_phone(str(value or ""))
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "、".join(str(self.kind_names.get(code, code)) for code in value)
        choices = dict(getattr(self.fields[name], "choices", ()))
        if name == "kind":
            choices = self.kind_names
        return str(choices.get(value, value if value is not None else ""))

    def _keep_phones(self, place: Place) -> None:
        """A phone on file is not shown; a blank keeps it."""
        for name in PHONES:
            known = getattr(place, name)
            if known:
                self.fields[name].help_text = f"现在是{masking.mask_phone(known)}；不改就留空"


class KeeperForm(Form):
    name = forms.CharField(label="姓名", max_length=40)
    phone = PhoneField(label="手机", required=False)
    role = forms.ChoiceField(label="身份", choices=KeeperRole.choices)
    username = forms.CharField(
        label="账号", max_length=40, required=False, help_text="有账号的填上，登录后能看自己的场所"
    )


class UploadForm(Form):
    file = forms.FileField(label="名单", help_text="Excel（.xlsx、.xls）或.csv，不超过50 MB")
    area_code = forms.ChoiceField(
        label="范围", help_text="名单里的场所都在这个范围里；没写坐标和网格的先归到这里"
    )

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = areas  # type: ignore[attr-defined]


def on_file(place: Place) -> dict[str, Any]:
    """The present values of the form's fields, phones left out."""
    enterprise = place.enterprise
    return {
        "version": place.version,
        "name": place.name,
        "kind": place.kind_id,
        "more_kinds": place.more_kinds,
        "address": place.address,
        "lon": "" if place.lon is None else f"{place.lon:.6f}",
        "lat": "" if place.lat is None else f"{place.lat:.6f}",
        "source_crs": "wgs84",
        "area_code": place.area_code,
        "enterprise_name": enterprise.name,
        "credit_code": enterprise.credit_code or "",
        "enterprise_kind": enterprise.kind,
        "legal_representative": enterprise.legal_representative,
        "founded_on": enterprise.founded_on,
        "industry": place.industry,
        "size": enterprise.size,
        "state": place.state,
        "principal": place.principal,
        "safety_manager": place.safety_manager,
        "staff": place.staff,
        "floor_area": place.floor_area,
        "is_above_scale": place.is_above_scale,
        "is_mixed_use": place.is_mixed_use,
        "has_gas": place.has_gas,
    }
