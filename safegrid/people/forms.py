from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from safegrid.people import roles
from safegrid.people.models import OrganisationKind, User
from safegrid.people.roles import Role
from safegrid.shared import clock
from safegrid.shared.forms import DateField, Form, PhoneField, VersionField
from safegrid.territory import codes

HINT = "至少12个字，别用常见的，也别带姓名、账号、手机号"
SEATS = [(name, label) for name, label in roles.CHOICES if name != Role.KEEPER]
TERMS = [("90", "90天"), ("180", "180天"), ("365", "一年")]


class NewPassword(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(**{"widget": widget, "strip": False, "max_length": 200, **kwargs})


class SignIn(Form):
    username = forms.CharField(
        label="手机号或账号",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ChangePassword(Form):
    old = forms.CharField(
        label="现在的密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = NewPassword(label="新密码", help_text=HINT)
    again = NewPassword(label="再填一次新密码")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self.user.check_password(old):
            raise ValidationError("现在的密码不对")
        return old

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new, self.user)
        return new

    def clean(self) -> None:
        facts = self.cleaned_data
        if "new" not in facts:
            return
        if "again" in facts and facts["new"] != facts["again"]:
            self.add_error("again", "两次填的不一样")
        if facts["new"] == facts.get("old"):
            self.add_error("new", "新密码不能和旧密码一样")


class City(Form):
    code = forms.CharField(label="市的区划代码", max_length=15, help_text="六位，如231000")
    name = forms.CharField(label="市的名称", max_length=60)

    def clean_code(self) -> str:
        try:
            code = codes.unpad(self.cleaned_data["code"])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if len(code) != 4:
            raise ValidationError("要地级市的代码，如231000")
        return code


class Administrator(Form):
    username = forms.CharField(label="账号", max_length=40)
    name = forms.CharField(label="姓名", max_length=40)
    password = NewPassword(label="密码", help_text=HINT)
    again = NewPassword(label="再填一次密码")

    def clean(self) -> None:
        facts = self.cleaned_data
        if "password" in facts:
            user = User(username=facts.get("username", ""), name=facts.get("name", ""))
            try:
                validate_password(facts["password"], user)
            except ValidationError as error:
                self.add_error("password", error)
        if facts.get("password") != facts.get("again") and "again" in facts:
            self.add_error("again", "两次填的不一样")


class Account(Form):
    """What is known of a person; the account's name is set once."""

    name = forms.CharField(label="姓名", max_length=40)
    phone = PhoneField(label="手机", required=False)
    certificate = forms.CharField(label="执法证号", max_length=40, required=False)
    certificate_until = DateField(label="执法证有效期至", required=False)


class NewAccount(Account):
    username = forms.CharField(label="账号", max_length=40, help_text="登录用，定了不改")
    is_machine = forms.BooleanField(
        label="给别的平台用的接口账号（用凭证，不能登录网页）", required=False
    )
    field_order = ("username", "name", "phone", "certificate", "certificate_until", "is_machine")


class Token(Form):
    user = forms.ChoiceField(label="接口账号")
    name = forms.CharField(label="用途", max_length=60, help_text="哪个平台，做什么")
    days = forms.ChoiceField(label="多久到期", choices=TERMS)


class NewOrganisation(Form):
    name = forms.CharField(label="名称", max_length=80)
    short_name = forms.CharField(label="简称", max_length=30, required=False)
    kind = forms.ChoiceField(label="类别", choices=OrganisationKind.choices)
    line = forms.SlugField(
        label="条线", max_length=30, required=False, help_text="部门才填，如fire、emergency"
    )
    area_code = forms.CharField(label="属地代码", max_length=15)
    phone = PhoneField(label="值班电话", required=False)


class PostFacts(Form):
    name = forms.CharField(label="岗位名称", max_length=60)
    phone = PhoneField(label="岗位电话", required=False)
    industries = forms.CharField(
        label="行业范围",
        max_length=200,
        required=False,
        help_text="GB/T 4754代码的开头，几个用逗号隔开；空着就是所有行业",
    )
    own_cases = forms.BooleanField(label="只看本部门牵头或承办的", required=False)
    is_empowered = forms.BooleanField(label="有检查执法权", required=False)
    version = VersionField()

    def clean_industries(self) -> list[str]:
        text = self.cleaned_data["industries"].upper().replace("，", ",").replace("、", ",")
        found = [part.strip() for part in text.split(",") if part.strip()]
        if any(not (part.isascii() and part.isalnum() and part[0].isalpha()) for part in found):
            raise ValidationError("行业代码是字母加数字，如H62")
        return found


class NewPost(PostFacts):
    role = forms.ChoiceField(label="角色", choices=SEATS)
    area_code = forms.CharField(label="范围代码", max_length=15, help_text="单位属地或它下面的")
    version = None  # type: ignore[assignment]
    field_order = (
        "name", "role", "area_code", "phone", "industries", "own_cases", "is_empowered",
    )  # fmt: skip


class TakePost(Form):
    username = forms.CharField(label="谁到岗", max_length=40, help_text="账号或手机号")
    starts_on = DateField(label="从哪天起")
    ends_on = DateField(label="到哪天离岗", required=False, help_text="没定就空着")

    def clean(self) -> None:
        facts = self.cleaned_data
        if (
            facts.get("ends_on")
            and facts.get("starts_on")
            and facts["ends_on"] <= facts["starts_on"]
        ):
            self.add_error("ends_on", "离岗要晚于到岗")


class LeavePost(Form):
    ends_on = DateField(label="从哪天起不在岗", help_text="当天起没有这个岗位的权限")

    def clean_ends_on(self) -> Any:
        day = self.cleaned_data["ends_on"]
        if day < clock.today():
            raise ValidationError("不能早于今天，已经办过的事不能倒改")
        return day
