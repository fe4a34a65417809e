from datetime import date
from io import BytesIO

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from PIL import Image

from safegrid.shared.forms import DateField, Form, PhoneField, PhotosField, VersionField


class Repair(Form):
    due_on = DateField(label="期限", help_text="一般隐患最长15天")
    demand = forms.CharField(label="要改什么", widget=forms.Textarea, max_length=10)
    notify = forms.MultipleChoiceField(
        label="通知谁",
        choices=[("keeper", "场所负责人"), ("worker", "网格员")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    phone = PhoneField(label="电话", required=False)
    photos = PhotosField(required=False)
    version = VersionField()


GOOD = {"due_on": "2026-11-20", "demand": "清空", "version": "3"}


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 6), "red").save(out, "JPEG")
    return out.getvalue()


def uploads(*contents: bytes) -> "MultiValueDict[str, SimpleUploadedFile]":
    files = [SimpleUploadedFile(f"{n}.jpg", data) for n, data in enumerate(contents)]
    return MultiValueDict({"photos": files})


def test_widgets_wear_the_classes_of_the_stylesheet() -> None:
    html = str(Repair())
    assert '<input type="date" name="due_on" class="input"' in html
    assert 'rows="3"' in html
    assert 'cols="' not in html
    assert '<input type="hidden" name="version"' in html


def test_only_the_optional_field_is_marked() -> None:
    html = str(Repair())
    assert '电话 <span class="quiet">选填</span>' in html
    assert '<label for="id_due_on">期限</label>' in html


def test_a_group_of_boxes_is_a_fieldset_with_a_legend() -> None:
    html = str(Repair())
    assert "<legend>通知谁" in html
    assert html.count('<label class="tick">') == 2


def test_the_summary_on_top_links_to_the_fields() -> None:
    html = str(Repair({"due_on": "", "demand": "一二三四五六七八九十多"}))
    assert 'role="alert"' in html
    assert "有2处要改" in html
    assert '<a href="#id_due_on">还没有填期限</a>' in html
    assert '<a href="#id_demand">最多10个字，现在有11个</a>' in html


def test_the_error_stands_beside_its_field_and_is_read_with_it() -> None:
    html = str(Repair({"due_on": "昨天", "demand": "清空"}))
    assert '<span class="error" id="id_due_on_error">“昨天”不是日期，请写成2026-11-25这样' in html
    assert 'aria-describedby="id_due_on_helptext id_due_on_error"' in html


def test_a_form_without_errors_shows_no_summary() -> None:
    assert 'role="alert"' not in str(Repair(GOOD))


def test_a_message_the_form_states_itself_is_kept() -> None:
    class Named(Form):
        name = forms.CharField(error_messages={"required": "写上店名"})

    assert Named({}).errors["name"] == ["写上店名"]


def test_days_are_understood_in_every_usual_spelling() -> None:
    for text in ("2026-11-20", "2026年11月20日", "20261120"):
        form = Repair({**GOOD, "due_on": text})
        assert form.is_valid()
        assert form.cleaned_data["due_on"] == date(2026, 11, 20)


def test_a_phone_is_brought_into_one_form() -> None:
    form = Repair({**GOOD, "phone": "+86 138-0000-2671"})
    assert form.is_valid()
    assert form.cleaned_data["phone"] == "13800002671"
    assert Repair({**GOOD, "phone": "138"}).errors["phone"] == ["手机号应是11位，这里有3位"]


def test_the_version_may_be_left_out() -> None:
    form = Repair({**GOOD, "version": ""})
    assert form.is_valid()
    assert form.cleaned_data["version"] is None


def test_several_photos_come_as_their_bytes() -> None:
    form = Repair(GOOD, uploads(picture(), picture()))
    assert form.is_valid()
    assert form.cleaned_data["photos"] == [picture(), picture()]


def test_no_photo_is_an_empty_list() -> None:
    form = Repair(GOOD, MultiValueDict())
    assert form.is_valid()
    assert form.cleaned_data["photos"] == []


def test_the_photo_that_cannot_be_opened_is_named() -> None:
    form = Repair(GOOD, uploads(picture(), b"\xff\xd8\xff broken"))
    assert form.errors["photos"] == ["第2张：照片损坏，打不开"]


def test_more_than_nine_photos_are_refused() -> None:
    assert Repair(GOOD, uploads(*[picture()] * 10)).errors["photos"] == ["最多9张照片，现在有10张"]


def test_photos_can_be_required() -> None:
    class Shot(Form):
        photos = PhotosField()

    assert Shot({}, MultiValueDict()).errors["photos"] == ["还没有选照片"]


def test_the_photo_field_works_without_script() -> None:
    html = str(Repair())
    assert '<photo-field><input type="file" name="photos" accept="image/*" multiple' in html


def test_a_missing_choice_is_chosen_and_a_missing_tick_ticked() -> None:
    class Choice(Form):
        body = forms.ChoiceField(label="部门", choices=[("", "选一个"), ("fire", "消防")])
        seen = forms.BooleanField(label="我已到现场")

    errors = Choice({}).errors
    assert list(errors["body"]) == ["还没有选部门"]
    assert list(errors["seen"]) == ["要勾上“我已到现场”"]
