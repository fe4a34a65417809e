from django import forms

from safegrid.shared.forms import DateField, Form


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
