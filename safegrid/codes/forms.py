"""Forms behind the plates: what a passer-by reports, why a plate is revoked."""

from django import forms

from safegrid.shared.forms import Form, PhotosField
from safegrid.shared.ids import uuid7

MOST_PHOTOS = 3


class ReportForm(Form):
    """Words, and pictures if there are any; nothing about who reports. `id`: twice is once."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid7)
    words = forms.CharField(
        label="看见了什么",
        min_length=5,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="例如：后门锁着，推不开",
    )
    photos = PhotosField(
        most=MOST_PHOTOS, required=False, help_text=f"最多{MOST_PHOTOS}张，拍摄时间和位置不留"
    )


class RevokeForm(Form):
    reason = forms.CharField(
        label="为什么作废", max_length=100, help_text="例如：门牌丢了、脏了、贴错了"
    )
    renew = forms.BooleanField(label="换一个新的", required=False, initial=True)
