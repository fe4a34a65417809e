"""Hazards: found → ordered → repaired → (verified →) closed. Nobody closes their own fix."""

from datetime import date
from typing import Any

from safegrid.hazards import limits
from safegrid.hazards.actions import records
from safegrid.hazards.models import Answer, Hazard, Origin, Severity, Stage, State, Supervision
from safegrid.shared import clock
from safegrid.shared.journal import Subject
from safegrid.shared.models import StoredFile
from safegrid.shared.refusals import StepRefused
from safegrid.shared.workflow import Workflow

# What was seen without the power to inspect: first confirmed or inspected, then ordered.
# An order rests on an inspection, or on a clue that a body with power confirmed on the spot.
ORDERABLE = (Origin.INSPECTION, Origin.CLUE)

NOT_JUDGED = "疑似重大，先由部门负责人判定"
FEWEST_WORDS = 5


class Moot(str):
    """An objection not worth showing: the step does not arise here."""


flow = Workflow(Hazard, about=lambda hazard: [Subject("place", str(hazard.place_id))])


def _not_seen(hazard: Hazard, by: Any) -> str:
    if hazard.severity != Severity.GENERAL:
        return "疑似重大、重大的不能当场了结"
    return "" if hazard.found_by_id == by.pk else "当场改好，由发现的那个人登记"


@flow.step(
    "当场改好",
    source=[State.FOUND],
    target=State.CLOSED,
    permission="hazards.fix_on_spot",
    objection=_not_seen,
    hint="只有您亲眼看见场所改好了才选",
)
def fix_on_spot(
    hazard: Hazard, *, by: Any, note: str, photos: list[StoredFile] | None = None
) -> None:
    """The visitor saw the owner put it right."""
    records.add_photos([(hazard, file) for file in photos or []], Stage.AFTER, by=by)
    hazard.repaired_at = hazard.verified_at = clock.now()
    hazard.verified_by = by
    hazard.closed_on_spot = True
    _close(hazard)


def _no_power(hazard: Hazard, by: Any) -> str:
    """Why this officer may not order: how it was found, suspicion not judged, certificate."""
    if hazard.origin not in ORDERABLE:
        return f"{hazard.get_origin_display()}发现的，检查核实后再责令；先督促"
    if hazard.severity == Severity.SUSPECTED:
        return NOT_JUDGED
    if not by.certificate or not by.certificate_until:
        return "您没有登记执法证和有效期，不能责令"
    if by.certificate_until < clock.today():
        return f"您的执法证{by.certificate_until}已到期，不能责令"
    return ""


def _not_judged(hazard: Hazard, by: Any) -> str:
    return NOT_JUDGED if hazard.severity == Severity.SUSPECTED else ""


def acting_bodies(by: Any, permission: str) -> set[Any]:
    """The bodies in whose name the user may do this."""
    return {post.organisation_id for post in by.posts_granting(permission)}


def not_in_charge(hazard: Hazard, by: Any, permission: str, verb: str) -> str:
    """Who set the term judges it; after an accepted transfer, its receiver does too."""
    bodies = acting_bodies(by, permission)
    if hazard.ordering_body is None or hazard.ordering_body_id in bodies:
        return ""
    received = {one.receiver_id for one in hazard.transfers.all() if one.answer == Answer.GRANTED}
    if hazard.department_id in bodies & received:
        return ""
    return f"由定期限的{hazard.ordering_body.short_name}{verb}"


@flow.step(
    "责令限期整改",
    source=[State.FOUND],
    target=State.ORDERED,
    permission="hazards.order_repair",
    objection=_no_power,
    kind="main",
    hint="场所会收到，打印出来就是责令限期整改通知",
)
def order_repair(
    hazard: Hazard, *, by: Any, note: str, due_on: date, demand: str, with_works: bool = False
) -> dict[str, Any]:
    """An officer with the power sets what is to be done and by when."""
    body = by.post_for("hazards.order_repair", hazard).organisation
    hazard.ordered_by, hazard.ordering_body, hazard.is_urged = by, body, False
    if hazard.department_id is None:
        hazard.department = body
    return _set_term(hazard, due_on, demand, with_works=with_works)


@flow.step(
    "督促整改",
    source=[State.FOUND],
    target=State.ORDERED,
    permission="hazards.urge_repair",
    hint="督促；要责令的，移交有执法权的部门",
    objection=_not_judged,
)
def urge_repair(
    hazard: Hazard, *, by: Any, note: str, due_on: date, demand: str, with_works: bool = False
) -> dict[str, Any]:
    """The street urges; it is no order (责令)."""
    hazard.ordered_by, hazard.is_urged = by, True
    hazard.ordering_body = by.post_for("hazards.urge_repair", hazard).organisation
    return _set_term(hazard, due_on, demand, with_works=with_works)


def _not_own(hazard: Hazard, by: Any) -> str:
    return "" if hazard.origin == Origin.SELF_CHECK else Moot("检查发现的，由部门定期限")


@flow.step(
    "承诺整改",
    source=[State.FOUND],
    target=State.ORDERED,
    permission="hazards.promise_repair",
    objection=_not_own,
    kind="main",
    hint="自查发现的，自己定哪天改完",
)
def promise_repair(
    hazard: Hazard, *, by: Any, note: str, due_on: date, demand: str = "", with_works: bool = False
) -> dict[str, Any]:
    """What an owner found, the owner promises to put right by a day."""
    hazard.ordered_by, hazard.is_urged = by, True
    promised = demand or (hazard.item.rectify if hazard.item else "") or note or hazard.title
    return _set_term(hazard, due_on, promised, with_works=with_works)


def _set_term(
    hazard: Hazard, due_on: date, demand: str, *, with_works: bool = False
) -> dict[str, Any]:
    if fault := limits.term_fault(hazard.severity, due_on, with_works=with_works):
        raise StepRefused(fault)
    _need(demand, "写清要改什么、改成什么样")
    before, hazard.due_on = hazard.due_on, due_on
    hazard.demand, hazard.ordered_at, hazard.escalation = demand, clock.now(), 0
    return {"due_on": [before and before.isoformat(), due_on.isoformat()]}


def _no_plan(hazard: Hazard, by: Any) -> str:
    is_missing = hazard.severity == Severity.MAJOR and not hasattr(hazard, "plan")
    return "重大隐患先填整改方案（五落实）" if is_missing else ""


def evidence_fault(photos: Any, note: str) -> str:
    """A repair is shown by a picture, or a note says why there is none."""
    is_shown = bool(photos) or len(note.strip()) >= FEWEST_WORDS
    return "" if is_shown else f"拍一张改后的照片；拍不了的，写明原因，至少{FEWEST_WORDS}个字"


@flow.step(
    "交回整改",
    source=[State.ORDERED],
    target=State.REPAIRED,
    permission="hazards.submit_repair",
    objection=_no_plan,
    kind="main",
)
def submit_repair(
    hazard: Hazard, *, by: Any, note: str, photos: list[StoredFile] | None = None
) -> None:
    """The owner says that it is put right, with pictures or the reason why there is none."""
    if fault := evidence_fault(photos, note):
        raise StepRefused(fault)
    records.add_photos([(hazard, file) for file in photos or []], Stage.AFTER, by=by)
    hazard.extension_requests.filter(answer=Answer.WAITING).update(
        answer=Answer.REFUSED, opinion="已交回整改，不用再延", decided_at=clock.now()
    )
    hazard.repair_note, hazard.repaired_by, hazard.repaired_at = note, by, clock.now()


def _not_verifier(hazard: Hazard, by: Any) -> str:
    """Why this person may not judge the repair."""
    if hazard.repaired_by_id == by.pk:
        return "您交回的整改，由别人核查"
    return not_in_charge(hazard, by, "hazards.verify_repair", "核查")


@flow.step(
    "退回重改",
    source=[State.REPAIRED],
    target=State.ORDERED,
    permission="hazards.return_repair",
    objection=_not_verifier,
)
def return_repair(hazard: Hazard, *, by: Any, note: str) -> None:
    """Not yet right; the owner reads why."""
    _need(note, "写清还差什么")
    hazard.repaired_at = hazard.repaired_by = None


@flow.step(
    "核查通过",
    source=[State.REPAIRED],
    target=State.VERIFIED,
    permission="hazards.verify_repair",
    objection=lambda hazard, by: _not_judged(hazard, by) or _not_verifier(hazard, by),
    kind="main",
)
def verify_repair(hazard: Hazard, *, by: Any, note: str) -> None:
    """The body that ordered it finds it right; only a major one waits for a second confirmation."""
    hazard.verified_by, hazard.verified_at = by, clock.now()
    if hazard.severity != Severity.MAJOR:
        _close(hazard)


def _not_second(hazard: Hazard, by: Any) -> str:
    if hazard.repaired_by_id == by.pk:
        return "您交回的整改，由别人复核"
    return "您核查的这条，要由别的负责人复核" if hazard.verified_by_id == by.pk else ""


@flow.step(
    "复核销号",
    source=[State.VERIFIED],
    target=State.CLOSED,
    permission="hazards.confirm_close",
    kind="main",
    objection=_not_second,
)
def confirm_close(hazard: Hazard, *, by: Any, note: str) -> None:
    """The second confirmation of a major hazard."""
    _close(hazard)


@flow.step(
    "判定级别",
    source=[State.FOUND, State.ORDERED, State.REPAIRED],
    target=None,
    permission="hazards.judge_major",
    objection=lambda hazard, by: Moot("已判定为重大") if hazard.severity == Severity.MAJOR else "",
    hint="只有部门负责人对照判定标准可以定",
)
def judge_major(hazard: Hazard, *, by: Any, note: str, severity: str) -> dict[str, Any]:
    """A body with the power says whether it is major, by which criterion."""
    if severity not in (Severity.MAJOR, Severity.GENERAL):
        raise StepRefused("选“重大”或“一般”")
    if severity == hazard.severity:
        raise StepRefused(f"现在就是{hazard.get_severity_display()}")
    _need(note, "写明对照哪条判定标准、怎么认定的")
    before, hazard.severity = hazard.severity, severity
    return {"severity": [before, severity]}


@flow.step(
    "重新打开",
    source=[State.CLOSED],
    target=State.ORDERED,
    permission="hazards.reopen",
    kind="danger",
)
def reopen(
    hazard: Hazard, *, by: Any, note: str, due_on: date, with_works: bool = False
) -> dict[str, Any]:
    """It came back, or was never right. Another body than the one that ordered it only urges."""
    _need(note, "写明为什么重新打开")
    hazard.closed_at = hazard.verified_at = hazard.repaired_at = None
    hazard.verified_by = hazard.repaired_by = None
    hazard.closed_on_spot = False
    if hazard.ordering_body_id not in acting_bodies(by, "hazards.reopen"):
        body = by.post_for("hazards.reopen", hazard).organisation
        hazard.ordered_by, hazard.ordering_body, hazard.is_urged = by, body, True
    records.count_open(hazard.place_id, 1)
    return _set_term(hazard, due_on, hazard.demand or note, with_works=with_works)


@flow.step(
    "作废",
    source=[State.FOUND],
    target=State.VOID,
    permission="hazards.void",
    kind="danger",
    objection=lambda hazard, by: _not_ours_to_void(hazard, by),
)
def void(hazard: Hazard, *, by: Any, note: str) -> None:
    """Recorded by mistake."""
    _need(note, "写明为什么作废")
    records.count_open(hazard.place_id, -1)


def _not_ours_to_void(hazard: Hazard, by: Any) -> str:
    """What a department inspected or confirmed, that department alone takes back."""
    body = hazard.department if hazard.origin in ORDERABLE else None
    if body is None or body.pk in acting_bodies(by, "hazards.void"):
        return ""
    return f"由{body.short_name}作废"


def _close(hazard: Hazard) -> None:
    """The end: the state, its time, one open hazard less on the place."""
    hazard.state = State.CLOSED
    hazard.closed_at = clock.now()
    Supervision.objects.filter(hazard=hazard, lifted_at=None).update(lifted_at=hazard.closed_at)
    records.count_open(hazard.place_id, -1)


def _need(words: str, sentence: str) -> None:
    if not words.strip():
        raise StepRefused(sentence)
