from typing import Any

from django import forms

from safegrid.duties.models import DutyKind, Line
from safegrid.enterprises.queries import kind_groups
from safegrid.shared.forms import DateField, Form, VersionField


class RuleForm(Form):
    """One rule; the action checks that it makes sense."""

    area_code = forms.ChoiceField(label="适用范围")
    duty = forms.ChoiceField(label="责任", choices=DutyKind.choices)
    kind = forms.ChoiceField(
        label="场所类别", required=False, help_text="不选类别也不填行业，就管各类场所"
    )
    industry = forms.CharField(
        label="行业代码", max_length=10, required=False, help_text="如H62；码越长越优先"
    )
    matter = forms.CharField(
        label="事项", max_length=40, required=False, help_text="专项监管只管一项的写上，如燃气"
    )
    line = forms.ModelChoiceField(Line.objects.all(), label="由哪个条线管", empty_label="选一家")
    basis = forms.CharField(
        label="依据", max_length=200, help_text="文件名和文号，或法律的哪一条；没有就写待本地确认"
    )
    is_confirmed = forms.BooleanField(label="本地已确认，有正式文件", required=False)
    valid_from = DateField(label="生效", required=False, help_text="不填就从今天起")
    valid_to = DateField(label="失效", required=False)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(group, [(k.code, k.name) for k in kinds]) for group, kinds in kind_groups()]
        self.fields["area_code"].choices = areas  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "不分类别"), *kinds]  # type: ignore[attr-defined]


class CloseForm(Form):
    version = VersionField()
    valid_to = DateField(label="从哪天起失效", required=False, help_text="不填就从今天起")
    reason = forms.CharField(label="为什么废止", widget=forms.Textarea, max_length=500)
