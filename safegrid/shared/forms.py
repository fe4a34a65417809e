"""Forms as they look and speak here: one renderer, plain messages, a few fields of our own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

from safegrid.shared import images, numbers

MOST_PHOTOS = 9

# What Django says too stiffly, by the code of the error.
WORDS = {
    "max_length": "最多%(limit_value)d个字，现在有%(show_value)d个",
    "min_length": "至少%(limit_value)d个字，现在有%(show_value)d个",
    "max_value": "不能大于%(limit_value)s",
    "min_value": "不能小于%(limit_value)s",
    "invalid_choice": "没有这一项，重新选",
    "null_characters_not_allowed": "有看不见的字符，删掉再填",
}


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


class Plain:
    """What every form here has: the looks of its widgets and the words of its errors."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _dress(field.widget)
            _speak(field, str(field.label or name))

    @property
    def error_list(self) -> list[tuple[str, str]]:
        """Each error with the id of the field it belongs to; "" for the form as a whole."""
        found = []
        for name, errors in self.errors.items():  # type: ignore[attr-defined]
            target = "" if name == "__all__" else self[name].id_for_label  # type: ignore[index]
            found += [(target or _first_id(self, name), error) for error in errors]
        return found


def _first_id(form: Any, name: str) -> str:
    return "" if name == "__all__" else str(form[name].auto_id)


class Form(Plain, forms.Form):
    pass


class ModelForm(Plain, forms.ModelForm):  # type: ignore[type-arg]
    pass


def _dress(widget: forms.Widget) -> None:
    """Classes of looks.css; a choice of boxes is dressed by the field template."""
    boxes = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)
    if widget.is_hidden or isinstance(widget, (*boxes, forms.FileInput)):
        return
    if "class" not in widget.attrs:
        widget.attrs["class"] = "input"
    if isinstance(widget, forms.Textarea):
        widget.attrs["rows"] = widget.attrs["rows"] if widget.attrs.get("rows") != "10" else "3"
        widget.attrs.pop("cols", None)


def _speak(field: forms.Field, label: str) -> None:
    """Replace Django's own messages, never those that a form states itself."""
    standard = forms.Field.default_error_messages["required"]
    if str(field.error_messages.get("required", "")) == str(standard):
        field.error_messages["required"] = _missing(field, label)
    for code, words in WORDS.items():
        stated = field.error_messages.get(code)
        if stated is None or stated == _default(field, code):
            field.error_messages[code] = words
    if isinstance(field, forms.IntegerField | forms.DecimalField | forms.FloatField):
        field.error_messages["invalid"] = f"{label}要填数字"


def _missing(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.BooleanField):
        return f"要勾上“{label}”"
    chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
    return f"还没有{'选' if chosen else '填'}{label}"


def _default(field: forms.Field, code: str) -> Any:
    for kind in type(field).__mro__:
        messages = getattr(kind, "default_error_messages", {})
        if code in messages:
            return messages[code]
    return None


class VersionField(forms.IntegerField):
    """Hidden: the version of the record that the form shows, so that a stale form loses."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "widget": forms.HiddenInput, **kwargs})


class DateField(forms.DateField):
    """A day; besides the browser's own form every usual spelling is understood."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**{"widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return _parsed(numbers.parse_date, value)


class PhoneField(forms.CharField):
    """A mobile or landline number, brought into one form."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
        super().__init__(**{"widget": widget, "max_length": 30, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return str(_parsed(numbers.parse_phone, text)) if text else ""


def _parsed(parse: Callable[[Any], Any], value: Any) -> Any:
    try:
        return parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class PhotosWidget(forms.FileInput):
    """Several pictures at once; `photo-field` shrinks and shows them where script runs."""

    allow_multiple_selected = True
    template_name = "forms/photos.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*", "multiple": True, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        getlist = getattr(files, "getlist", None)
        return getlist(name) if getlist else files.get(name, [])


class PhotosField(forms.FileField):
    """At most nine pictures that can be opened; cleans to their bytes for `files.store_picture`."""

    widget = PhotosWidget

    def __init__(self, *, most: int = MOST_PHOTOS, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**{"label": "照片", **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        given = data if isinstance(data, list | tuple) else [data]
        photos = [photo for photo in given if photo]
        if self.required and not photos:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(photos) > self.most:
            raise ValidationError(f"最多{self.most}张照片，现在有{len(photos)}张")
        return [_picture(photo, order) for order, photo in enumerate(photos, 1)]


def _picture(photo: Any, order: int) -> bytes:
    """The bytes of an uploaded picture; raises with the sentence and which one it is."""
    if photo.size > images.LIMIT_BYTES:
        raise ValidationError(f"第{order}张：照片超过20MB，压缩后再传")
    data: bytes = photo.read()
    try:
        images.clean_image(data)
    except images.ImageRefused as error:
        raise ValidationError(f"第{order}张：{error}") from error
    return data
