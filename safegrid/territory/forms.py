import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from safegrid.shared.forms import DateField, Form, VersionField
from safegrid.territory import codes
from safegrid.territory.models import Kind

CRS = [
    ("wgs84", "WGS84或CGCS2000（国家坐标）"),
    ("gcj02", "GCJ-02（高德、腾讯地图）"),
    ("bd09", "BD-09（百度地图）"),
]


class EditArea(Form):
    name = forms.CharField(label="名称", max_length=60)
    population = forms.IntegerField(label="人口", required=False, min_value=0, max_value=10**8)
    note = forms.CharField(label="说明", max_length=200, required=False)
    version = VersionField()


class AddArea(Form):
    name = forms.CharField(label="名称", max_length=60)
    code = forms.CharField(
        label="代码", max_length=15, required=False, help_text="没有官方代码就空着，给本地代码"
    )
    kind = forms.ChoiceField(label="类别", choices=Kind.choices)
    population = forms.IntegerField(label="人口", required=False, min_value=0, max_value=10**8)


class CloseArea(Form):
    on = DateField(label="从哪天停用")
    succeeded_by = forms.CharField(
        label="由哪些代码接续", required=False, max_length=400, help_text="几个代码用逗号隔开"
    )
    note = forms.CharField(label="为什么", max_length=200)

    def clean_succeeded_by(self) -> list[str]:
        text = self.cleaned_data["succeeded_by"].replace("，", ",").replace("、", ",")
        try:
            return [codes.unpad(part) for part in text.split(",") if part.strip()]
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ImportGrids(Form):
    file = forms.FileField(
        label="GeoJSON文件",
        help_text="每个要素要有code、name、parent、kind、population；没有代码的给本地代码",
    )
    crs = forms.ChoiceField(label="文件里的坐标系", choices=CRS)

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > settings.UPLOAD_LIMIT_BYTES:
            raise ValidationError("文件超过20MB，分几次导")
        try:
            return json.loads(upload.read().decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise ValidationError("文件不是GeoJSON：读不出JSON，编码要UTF-8") from None
