from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from safegrid.shared.forms import DateField, Form

YEARS = range(2000, 2100)


class RevealPhone(Form):
    reason = forms.CharField(
        label="为什么要看",
        max_length=100,
        min_length=2,
        help_text="理由和您的名字记进流水，场所档案里看得到",
    )


class AuditFilter(Form):
    day = DateField(label="日期", required=False)
    person = forms.CharField(label="谁", max_length=40, required=False)
    step = forms.CharField(label="步骤", max_length=60, required=False)

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and day.year not in YEARS:
            raise ValidationError("这一天不会有流水")
        return day
