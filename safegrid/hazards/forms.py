"""A form for each step, and for what is found. Each gives the details of its action."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from safegrid.checklists.models import Item
from safegrid.checklists.queries import items_for
from safegrid.enterprises.models import Place
from safegrid.hazards import actions, limits, queries
from safegrid.hazards.actions.clues import KINDS
from safegrid.hazards.models import OPEN_CLUES, Answer, Clue, Origin, Severity
from safegrid.people.models import Organisation
from safegrid.shared import clock, files
from safegrid.shared.forms import DateField, Form, PhotosField, VersionField
from safegrid.shared.ids import uuid7

WORDS = 1000


def words(label: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=WORDS, widget=forms.Textarea
    )


class StepForm(Form):
    """The common part: a note, and the version that the form was shown for."""

    note_label, note_hint, is_note_required = "说明", "", False

    note = words("说明", required=False)
    version = VersionField()

    def __init__(self, *args: Any, case: Any, by: Any, **kwargs: Any) -> None:
        self.case, self.by = case, by
        super().__init__(*args, **kwargs)
        self.initial["version"] = case.version
        note = self.fields.pop("note")
        if self.note_label:
            self.fields["note"] = note
            note.label, note.help_text = self.note_label, self.note_hint
            note.required = self.is_note_required
            note.error_messages["required"] = f"还没有填{self.note_label}"

    def details(self) -> dict[str, Any]:
        """What the action takes; pictures are stored now."""
        details = dict(self.cleaned_data)
        if "photos" in details:
            details["photos"] = [files.store_picture(data) for data in details["photos"]]
        return details


def note_form(label: str, hint: str = "", *, required: bool = False) -> type[StepForm]:
    """A form that asks for nothing but words."""
    facts = {"note_label": label, "note_hint": hint, "is_note_required": required}
    return type("NoteForm", (StepForm,), facts)


class DayForm(StepForm):
    """The day by which it must be put right."""

    due_on = DateField(label="哪天改完")
    with_works = forms.BooleanField(label="需要施工", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item, severity = self.case.item, self.case.severity
        usual = limits.longest(severity)
        longer = limits.longest(severity, with_works=True)
        days = min(max(item.deadline_days, 1), usual) if item else 3
        self.initial.setdefault("due_on", clock.today() + timedelta(days=days))
        works = f"，需要施工的最长{longer}天" if longer > usual else ""
        self.fields["due_on"].help_text = f"最长{usual}天{works}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if due_on := data.get("due_on"):
            works = bool(data.get("with_works"))
            fault = limits.term_fault(self.case.severity, due_on, with_works=works)
            if fault:
                self.add_error("due_on", fault)
        return data


class TermForm(DayForm):
    """A day and what is to be done by then."""

    note_label = ""

    demand = words("要改什么、改成什么样", "写到场所看了就会改")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.case.item
        self.initial.setdefault("demand", item.rectify if item else "")


class ReopenForm(DayForm):
    note_label, note_hint, is_note_required = "为什么重新打开", "场所会收到", True


class RepairForm(StepForm):
    note_label, note_hint = "改了什么", "没有照片的，写明原因"

    photos = PhotosField(label="整改后照片", required=False, help_text="和整改前同一角度")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "photos" in data:
            fault = actions.evidence_fault(data["photos"], data.get("note", ""))
            if fault:
                self.add_error("photos", fault)
        return data


class FixForm(StepForm):
    note_label = "怎么改的"

    photos = PhotosField(label="改好后的照片", required=False)


class AnswerForm(StepForm):
    """Yes or no; a no wants its reason."""

    note_label = ""
    yes, no = "同意", "不同意"

    answer = forms.ChoiceField(label="答复", widget=forms.RadioSelect)
    opinion = words("意见", "不同意的写明理由", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer: Any = self.fields["answer"]
        answer.choices = [(Answer.GRANTED, self.yes), (Answer.REFUSED, self.no)]
        answer.help_text = self.asked()

    def asked(self) -> str:
        """What is to be answered, in words."""
        return ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == Answer.REFUSED and not data.get("opinion", "").strip():
            self.add_error("opinion", f"{self.no}的写明理由")
        return data


class ExtensionAnswerForm(AnswerForm):
    def asked(self) -> str:
        waiting = actions.waiting_extension(self.case)
        return f"申请延到{waiting.until}" if waiting else ""


class TransferAnswerForm(AnswerForm):
    yes, no = "接收", "退回"

    def asked(self) -> str:
        waiting = actions.waiting_transfer(self.case)
        return f"{waiting.giver or '未定部门'}移交来" if waiting else ""


class ExtensionForm(StepForm):
    note_label = ""

    until = DateField(label="延到哪天")
    reason = words("为什么要延")
    measures = words("这段时间怎么防范", "停用、看守、警示等，写具体")

    def clean_until(self) -> Any:
        if fault := limits.extension_fault(self.case.due_on, self.cleaned_data["until"]):
            raise ValidationError(fault)
        return self.cleaned_data["until"]


class BodyField(forms.ModelChoiceField[Organisation]):
    """A department or street whose area contains the case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Organisation.objects.none(), empty_label="选单位", **kwargs)

    def of(self, case: Any) -> None:
        self.queryset = queries.bodies_for(case)


class TransferForm(StepForm):
    note_label, note_hint, is_note_required = "为什么移交", "对方会看到", True

    receiver = BodyField(label="移交给")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["receiver"]
        field.of(self.case)
        field.queryset = field.queryset.exclude(pk=self.case.department_id)


class JudgeForm(StepForm):
    note_label, is_note_required = "对照哪条标准、怎么认定", True

    severity = forms.ChoiceField(
        label="判定为",
        choices=[(Severity.MAJOR, "重大"), (Severity.GENERAL, "一般")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.case.item
        if item and item.criterion:
            self.fields["severity"].help_text = f"判定条件：{item.criterion}"

    def clean_severity(self) -> str:
        severity = str(self.cleaned_data["severity"])
        if severity == self.case.severity:
            raise ValidationError(f"现在就是{self.case.get_severity_display()}")
        return severity


class PlanForm(StepForm):
    note_label = ""

    duty = words("责任落实", "谁牵头、谁去做")
    measures = words("措施落实", "先停什么、再改什么")
    funds = words("资金落实", "要多少、从哪里出")
    time_limit = words("时限落实", "分几步、各到哪天")
    emergency = words("预案落实", "改的时候出事怎么办")


class AssignForm(StepForm):
    note_label, note_hint = "交办的话", "对方会看到"

    department = BodyField(label="分派给")
    kind = forms.ChoiceField(label="缓急", choices=list(KINDS.items()), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.of(self.case)
        lead = self.case.department_id or self.case.place.lead_department_id
        self.initial.setdefault("department", lead)
        is_urgent = self.case.severity != Severity.GENERAL
        self.initial.setdefault("kind", "urgent" if is_urgent else "usual")
        days = limits.DATA["clue"]["assigned"]
        said = "，".join(f"{name}{days[kind]}个工作日" for kind, name in KINDS.items())
        self.fields["kind"].help_text = f"{said}；疑似重大的一律按急"


class HandleForm(StepForm):
    note_label = ""

    outcome = words("怎么处置的", "到没到现场、看到什么、结果怎样")


class MergeForm(StepForm):
    note_label = "说明"

    into = forms.ModelChoiceField(
        label="合并到",
        queryset=Clue.objects.none(),
        empty_label="选一条",
        help_text="同一场所还没办完的线索",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Clue.objects.allowed(self.by, "hazards.merge_clue")
        rows = rows.filter(place=self.case.place_id, state__in=OPEN_CLUES)
        field: Any = self.fields["into"]
        field.queryset = rows.exclude(pk=self.case.pk).order_by("found_at")
        field.label_from_instance = lambda clue: f"{clue.number}　{clue.title}"


FORMS: dict[str, type[StepForm]] = {
    "fix_on_spot": FixForm,
    "order_repair": TermForm,
    "urge_repair": TermForm,
    "promise_repair": TermForm,
    "submit_repair": RepairForm,
    "return_repair": note_form("还差什么", "场所会收到", required=True),
    "verify_repair": note_form("核查意见", "写看到了什么，场所会收到"),
    "confirm_close": note_form("复核意见", "看了哪些资料和照片"),
    "transfer": TransferForm,
    "answer_transfer": TransferAnswerForm,
    "judge_major": JudgeForm,
    "reopen": ReopenForm,
    "void": note_form("为什么作废", required=True),
    "ask_extension": ExtensionForm,
    "decide_extension": ExtensionAnswerForm,
    "plan_repair": PlanForm,
    "list_supervision": note_form("挂牌理由", "督办到什么程度摘牌", required=True),
    "accept_clue": note_form("受理意见"),
    "assign_clue": AssignForm,
    "confirm_clue": note_form("核实情况", "到现场看到什么"),
    "handle_clue": HandleForm,
    "feed_back_clue": note_form("怎么反馈的", "什么时候、告诉了谁"),
    "verify_clue": note_form("核查意见"),
    "close_clue": note_form("结案意见"),
    "return_clue": note_form("为什么退回", "上一步的人会看到", required=True),
    "dismiss_clue": note_form("为什么不予受理", "报的人会看到", required=True),
    "merge_clue": MergeForm,
}


class FindingForm(Form):
    """Something found at a place. `id` is made with the form, so that sending twice makes one."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    item: Any = forms.ModelChoiceField(
        label="对应清单哪一项",
        queryset=Item.objects.none(),
        required=False,
        empty_label="不在清单里",
    )
    title = forms.CharField(
        label="什么问题", max_length=200, required=False, help_text="选了清单项的可以不填"
    )
    spot = forms.CharField(
        label="在什么位置", max_length=60, required=False, help_text="例如二楼后厨、东侧楼梯间"
    )
    note = words("情况", required=False)
    severity = forms.ChoiceField(
        label="严重吗",
        choices=[(Severity.GENERAL, "一般"), (Severity.SUSPECTED, "疑似重大，由部门判定")],
        initial=Severity.GENERAL,
        widget=forms.RadioSelect,
    )
    photos = PhotosField(label="照片", required=False, help_text="一张近景、一张全景")

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("id", uuid7())
        field: Any = self.fields["item"]
        field.queryset = items_for(place.kinds).order_by("checklist__order", "order")
        field.label_from_instance = lambda item: item.hazard

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("title") and not data.get("item"):
            self.add_error("title", "选清单里的一项，或写明什么问题")
        return data

    def details(self) -> dict[str, Any]:
        details = dict(self.cleaned_data)
        details["title"] = details["title"] or details["item"].hazard
        details["photos"] = [files.store_picture(data) for data in details["photos"]]
        return details


class ClueForm(FindingForm):
    """`is_another` is asked only when somebody has reported the same before."""

    is_another = forms.BooleanField(label="不是同一件事，照样报", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_another"].widget = forms.HiddenInput()

    def ask_again(self, known: Clue) -> None:
        """The same was reported before: say so and let the reporter insist."""
        field = self.fields["is_another"]
        field.widget = forms.CheckboxInput()
        field.help_text = f"{known.number} {known.title}，{known.get_state_display()}"
        self.add_error("is_another", "这里已经有人报过，不是同一件事就勾上")

    def details(self) -> dict[str, Any]:
        details = super().details()
        details.pop("is_another", None)
        return details


class HazardForm(FindingForm):
    origin = forms.ChoiceField(
        label="怎么发现的",
        choices=[
            (Origin.RECHECK, "复查"),
            (Origin.PUBLIC, "群众反映，已核实"),
            (Origin.EXPERT, "专家服务"),
        ],
        help_text="检查中发现的，在检查里登记",
    )
