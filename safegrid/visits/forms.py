"""Forms of a visit: what an inspection rests on, what is wrong, the last word."""

from pathlib import Path
from typing import Any

import yaml
from django import forms

from safegrid.shared.forms import Form, PhotosField, VersionField
from safegrid.visits.models import Cause

BASES: list[str] = yaml.safe_load(
    (Path(__file__).parent / "data" / "bases.yaml").read_text(encoding="utf-8")
)
OTHER = "other"


class InspectionForm(Form):
    """The second officer, the basis and the cause; without them it is no inspection."""

    second = forms.ChoiceField(label="第二名执法人员")
    basis = forms.ChoiceField(
        label="检查依据", choices=[*((one, one) for one in BASES), (OTHER, "其他，写在下面")]
    )
    other_basis = forms.CharField(label="其他依据", required=False, max_length=200)
    cause = forms.ChoiceField(label="检查事由", choices=Cause.choices)
    cause_note = forms.CharField(
        label="来龙去脉",
        required=False,
        max_length=200,
        help_text="不是日常检查的要写：哪条举报、哪次交办",
    )

    def __init__(self, *args: Any, officers: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officers = {str(one.pk): one for one in officers}
        field: Any = self.fields["second"]
        field.choices = [
            ("", "选一名" if officers else "本单位没有别的有效执法证"),
            *((pk, f"{one.name}　{one.certificate}") for pk, one in self.officers.items()),
        ]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("basis") == OTHER and not found.get("other_basis", "").strip():
            self.add_error("other_basis", "写明检查依据")
        is_exempt = found.get("cause") not in (None, Cause.DAILY)
        if is_exempt and not found.get("cause_note", "").strip():
            self.add_error("cause_note", "写明事由的来龙去脉")
        return found

    def facts(self) -> dict[str, Any]:
        """What `visits.actions.start` wants to know."""
        given = self.cleaned_data
        basis = given["other_basis"] if given["basis"] == OTHER else given["basis"]
        return {
            "second": self.officers[given["second"]],
            "basis": basis,
            "cause": given["cause"],
            "cause_note": given["cause_note"],
        }


class ProblemForm(Form):
    """What is wrong: pictures, words, where, and whether it was put right at once."""

    photos = PhotosField(label="照片", required=False)
    note = forms.CharField(
        label="情况",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="和常见隐患一样的可以不写",
    )
    spot = forms.CharField(
        label="在屋里哪个位置", required=False, max_length=60, help_text="例如：后厨东墙"
    )
    is_fixed = forms.BooleanField(label="场所已当场改好", required=False)


class SubmitForm(Form):
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="没有要说的可以不写",
    )


class VoidForm(Form):
    version = VersionField()
    note = forms.CharField(
        label="为什么作废", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
