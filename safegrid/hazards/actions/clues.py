"""Clues: collected → accepted → assigned → handled → fed back → verified → closed."""

from typing import Any

from django.db import OperationalError

from safegrid.hazards import limits, queries
from safegrid.hazards.actions import records
from safegrid.hazards.models import Clue, Origin, Severity, Stage
from safegrid.hazards.models import ClueState as State
from safegrid.people.models import Organisation
from safegrid.shared import clock
from safegrid.shared.refusals import StepRefused
from safegrid.shared.workflow import Objection, Workflow

BACK = {
    State.ACCEPTED: State.COLLECTED,
    State.ASSIGNED: State.ACCEPTED,
    State.HANDLED: State.ASSIGNED,
    State.FED_BACK: State.HANDLED,
    State.VERIFIED: State.FED_BACK,
}
# How long the assigned body has; a suspicion of major is always urgent.
KINDS = {"urgent": "急", "usual": "一般", "complex": "复杂"}

clue_flow = Workflow(Clue, about=lambda clue: [clue.place, *([clue.hazard] if clue.hazard else [])])


def _wait(clue: Clue, kind: str = "usual") -> None:
    """Start the clock of the state just reached; an open hazard of it has a clock of its own."""
    is_followed = clue.hazard is not None and clue.hazard.is_open
    clue.due_on = None if is_followed else limits.clue_due(clock.today(), clue.state, kind)
    clue.escalation = 0


def _need(words: str, sentence: str) -> None:
    if not words.strip():
        raise StepRefused(sentence)


def _held_for(permission: str, sentence: str) -> Objection:
    """Only the body to which the clue was assigned."""

    def objection(clue: Clue, by: Any) -> str:
        bodies = {post.organisation_id for post in by.posts_granting(permission)}
        return "" if clue.department_id in bodies else sentence

    return objection


@clue_flow.step(
    "受理",
    source=[State.COLLECTED],
    target=State.ACCEPTED,
    permission="hazards.accept_clue",
    kind="main",
    hint="属实、归我们管，转给街道分派",
)
def accept_clue(clue: Clue, *, by: Any, note: str) -> None:
    """It is true and ours to deal with."""
    _wait(clue)


@clue_flow.step(
    "分派",
    source=[State.ACCEPTED],
    target=State.ASSIGNED,
    permission="hazards.assign_clue",
    kind="main",
    hint="交给哪个部门核实处置",
)
def assign_clue(
    clue: Clue, *, by: Any, note: str, department: Organisation, kind: str = ""
) -> dict[str, Any]:
    """Hand it to the body in charge. `kind` is urgent, usual or complex and sets its days."""
    if kind and kind not in KINDS:
        raise StepRefused("缓急选急、一般或复杂")
    if not queries.may_take(department, clue):
        raise StepRefused(f"{department.short_name}不管这里，换一个单位")
    before, clue.department = clue.department_id, department
    is_urgent = clue.severity != Severity.GENERAL
    _wait(clue, "urgent" if is_urgent else kind or "usual")
    return {"department": [before, department.pk]}


@clue_flow.step(
    "认定为隐患",
    source=[State.ASSIGNED],
    target=State.HANDLED,
    permission="hazards.confirm_clue",
    kind="main",
    objection=_held_for("hazards.confirm_clue", "分派给别的单位了，由他们认定"),
    hint="核实属实，转为隐患，由本部门定整改",
)
def confirm_clue(clue: Clue, *, by: Any, note: str) -> dict[str, Any]:
    """A body with the power confirms: a hazard is born, with the clue's pictures."""
    clue.hazard = records.record(
        by=by,
        place=clue.place,
        origin=Origin.CLUE,
        clue=clue,
        department=clue.department,
        title=clue.title,
        item=clue.item,
        note=clue.note,
        spot=clue.spot,
        severity=clue.severity,
        photos=[photo.file for photo in clue.photos.select_related("file")],
    )
    clue.handled_by = by
    clue.outcome = f"已认定为隐患 {clue.hazard.number}"
    _wait(clue)
    return {"hazard": str(clue.hazard.pk)}


@clue_flow.step(
    "写处置结果",
    source=[State.ASSIGNED],
    target=State.HANDLED,
    permission="hazards.handle_clue",
    objection=_held_for("hazards.handle_clue", "分派给别的单位了，由他们处置"),
    hint="不用转隐患的，写清怎么处置的",
)
def handle_clue(clue: Clue, *, by: Any, note: str, outcome: str) -> None:
    """It was dealt with without an order."""
    _need(outcome, "写清怎么处置的")
    clue.outcome, clue.handled_by = outcome, by
    _wait(clue)


@clue_flow.step(
    "反馈",
    source=[State.HANDLED],
    target=State.FED_BACK,
    permission="hazards.feed_back_clue",
    kind="main",
    hint="把结果告诉报线索的人",
)
def feed_back_clue(clue: Clue, *, by: Any, note: str) -> None:
    """The reporter is told the outcome."""
    _wait(clue)


@clue_flow.step(
    "核查",
    source=[State.FED_BACK],
    target=State.VERIFIED,
    permission="hazards.verify_clue",
    kind="main",
    objection=lambda clue, by: "您办的这条，由别人核查" if clue.handled_by_id == by.pk else "",
    hint="看结果是不是真的",
)
def verify_clue(clue: Clue, *, by: Any, note: str) -> None:
    """Somebody else than the handler looks whether it is so."""
    _wait(clue)


@clue_flow.step(
    "结案",
    source=[State.VERIFIED],
    target=State.CLOSED,
    permission="hazards.close_clue",
    kind="main",
    objection=lambda clue, by: (
        "认定的隐患还没销号，不能结案" if clue.hazard and clue.hazard.is_open else ""
    ),
)
def close_clue(clue: Clue, *, by: Any, note: str) -> None:
    """All is done."""
    clue.due_on = None


@clue_flow.step(
    "退回上一步",
    source=list(BACK),
    target=None,
    permission="hazards.return_clue",
    objection=lambda clue, by: "已认定为隐患，不能退回" if clue.hazard_id else "",
)
def return_clue(clue: Clue, *, by: Any, note: str) -> dict[str, Any]:
    """One step back, with the reason."""
    _need(note, "写清为什么退回")
    before, clue.state = clue.state, BACK[State(clue.state)]
    if clue.state == State.ACCEPTED:
        clue.department = clue.place.lead_department
    _wait(clue)
    return {"state": [before, clue.state]}


@clue_flow.step(
    "不予受理",
    source=[State.COLLECTED, State.ACCEPTED],
    target=State.DISMISSED,
    permission="hazards.dismiss_clue",
    kind="danger",
)
def dismiss_clue(clue: Clue, *, by: Any, note: str) -> None:
    """It is not so, or no matter of safety."""
    _need(note, "写清为什么不予受理")
    clue.outcome, clue.due_on = note, None


@clue_flow.step(
    "合并",
    source=[State.COLLECTED, State.ACCEPTED],
    target=State.MERGED,
    permission="hazards.merge_clue",
    hint="同一件事已经有人报过",
)
def merge_clue(clue: Clue, *, by: Any, note: str, into: Clue) -> dict[str, Any]:
    """The same thing was reported before; the other clue gets the pictures and the suspicion."""
    if into.pk == clue.pk or into.place_id != clue.place_id:
        raise StepRefused("只能合并到同一场所的另一条线索")
    into = _held_open(into)
    clue.merged_into, clue.due_on = into, None
    photos = [(into, photo.file) for photo in clue.photos.select_related("file")]
    records.add_photos(photos, Stage.BEFORE, by=by)
    if clue.severity != Severity.GENERAL and into.severity == Severity.GENERAL:
        into.severity, into.version = clue.severity, into.version + 1
        into.save(update_fields=["severity", "version"])
    return {"merged_into": str(into.pk), "severity": into.severity}


def _held_open(clue: Clue) -> Clue:
    """The clue, locked and read anew: two merged into each other at once would both be lost."""
    try:
        held: Clue = Clue.objects.select_for_update(nowait=True).get(pk=clue.pk)
    except OperationalError as error:
        raise StepRefused(f"{clue.number}正有人在办，过一会儿再合并") from error
    if not held.is_open:
        raise StepRefused(f"{held.number}已经办完，不能合并到它")
    return held
