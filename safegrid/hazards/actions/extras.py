"""What hangs on a hazard: more time, another department, the plan of a major one, the list."""

from datetime import date
from typing import Any

from safegrid.hazards import limits
from safegrid.hazards.actions.hazards import Moot, acting_bodies, flow, not_in_charge
from safegrid.hazards.models import (
    OPEN_STATES,
    Answer,
    Extension,
    Hazard,
    RepairPlan,
    Severity,
    State,
    Supervision,
    Transfer,
)
from safegrid.people.models import Organisation
from safegrid.shared import clock
from safegrid.shared.refusals import StepRefused

HERE = [State.FOUND, State.ORDERED]


def _no_more_time(hazard: Hazard, by: Any) -> str:
    if hazard.extensions >= limits.EXTENSIONS:
        return f"已延过{hazard.extensions}次，不能再延"
    return "上一次申请还没答复" if waiting_extension(hazard) else ""


def waiting_extension(hazard: Hazard) -> Extension | None:
    """The request that waits for an answer; of rows already read, where they are."""
    rows = hazard.extension_requests.all()
    return next((one for one in rows if one.answer == Answer.WAITING), None)


def waiting_transfer(hazard: Hazard) -> Transfer | None:
    """The transfer that waits for an answer; of rows already read, where they are."""
    return next((one for one in hazard.transfers.all() if one.answer == Answer.WAITING), None)


@flow.step(
    "申请延期",
    source=[State.ORDERED],
    target=None,
    permission="hazards.ask_extension",
    objection=_no_more_time,
)
def ask_extension(
    hazard: Hazard, *, by: Any, note: str, until: date, reason: str, measures: str
) -> dict[str, Any]:
    """The owner asks for more time and says how it is made safe meanwhile."""
    if fault := limits.extension_fault(hazard.due_on, until):
        raise StepRefused(fault)
    if not reason.strip() or not measures.strip():
        raise StepRefused("写明延期理由和这段时间怎么防范")
    Extension.objects.create(
        hazard=hazard, until=until, reason=reason, measures=measures, asked_by=by
    )
    return {"until": until.isoformat()}


def _nothing_asked(hazard: Hazard, by: Any) -> str:
    waiting = waiting_extension(hazard)
    if waiting is None:
        return Moot("没有等答复的延期申请")
    if waiting.asked_by_id == by.pk:
        return "自己申请的延期，由别人审批"
    return not_in_charge(hazard, by, "hazards.decide_extension", "审批")


@flow.step(
    "审批延期",
    source=[State.ORDERED],
    target=None,
    permission="hazards.decide_extension",
    objection=_nothing_asked,
)
def decide_extension(
    hazard: Hazard, *, by: Any, note: str, answer: str, opinion: str = ""
) -> dict[str, Any]:
    """Grant or refuse the extension that waits."""
    asked = hazard.extension_requests.select_for_update().get(answer=Answer.WAITING)
    if answer not in (Answer.GRANTED, Answer.REFUSED):
        raise StepRefused("选“同意”或“不同意”")
    if answer == Answer.REFUSED and not opinion.strip():
        raise StepRefused("不同意要写明理由")
    if answer == Answer.GRANTED and asked.until < clock.today():
        raise StepRefused("申请延到的日子已经过了，不能再同意")
    asked.answer, asked.opinion = answer, opinion
    asked.decided_by, asked.decided_at = by, clock.now()
    asked.save()
    if answer == Answer.REFUSED:
        return {"answer": answer}
    before, hazard.due_on = hazard.due_on, asked.until
    hazard.extensions, hazard.escalation = hazard.extensions + 1, 0
    return {"answer": answer, "due_on": [before and before.isoformat(), asked.until.isoformat()]}


def _transfer_waits(hazard: Hazard, by: Any) -> str:
    return "已移交，等对方答复" if waiting_transfer(hazard) else ""


@flow.step(
    "移交",
    source=HERE,
    target=None,
    permission="hazards.transfer",
    objection=_transfer_waits,
)
def transfer(hazard: Hazard, *, by: Any, note: str, receiver: Organisation) -> dict[str, Any]:
    """To the department whose matter it is; that one sees it at once and answers."""
    if not note.strip():
        raise StepRefused("写明为什么移交")
    if receiver.pk == hazard.department_id:
        raise StepRefused("这条本来就归它")
    if receiver.valid_to:
        raise StepRefused(f"{receiver.short_name}已撤销，换一个单位")
    giver = hazard.department
    Transfer.objects.create(hazard=hazard, giver=giver, receiver=receiver, reason=note, by=by)
    hazard.department = receiver
    return {"department": [giver and giver.pk, receiver.pk]}


def _not_receiver(hazard: Hazard, by: Any) -> str:
    waiting = waiting_transfer(hazard)
    if waiting is None:
        return Moot("没有等答复的移交")
    bodies = acting_bodies(by, "hazards.answer_transfer")
    return "" if waiting.receiver_id in bodies else f"由接收的{waiting.receiver.short_name}答复"


@flow.step(
    "答复移交",
    source=OPEN_STATES,
    target=None,
    permission="hazards.answer_transfer",
    objection=_not_receiver,
)
def answer_transfer(
    hazard: Hazard, *, by: Any, note: str, answer: str, opinion: str = ""
) -> dict[str, Any]:
    """Accept what was handed over, or give it back with the reason."""
    given = hazard.transfers.select_for_update().get(answer=Answer.WAITING)
    if answer not in (Answer.GRANTED, Answer.REFUSED):
        raise StepRefused("选“接收”或“退回”")
    if answer == Answer.REFUSED and not opinion.strip():
        raise StepRefused("退回要写明理由")
    given.answer, given.opinion = answer, opinion
    given.answered_by, given.answered_at = by, clock.now()
    given.save()
    if answer == Answer.REFUSED:
        hazard.department = given.giver
        return {"answer": answer, "department": [given.receiver_id, given.giver_id]}
    return {"answer": answer}


@flow.step(
    "填整改方案",
    source=[State.ORDERED],
    target=None,
    permission="hazards.plan_repair",
    objection=lambda hazard, by: (
        "" if hazard.severity == Severity.MAJOR else Moot("一般隐患不用填方案")
    ),
)
def plan_repair(
    hazard: Hazard,
    *,
    by: Any,
    note: str,
    duty: str,
    measures: str,
    funds: str,
    time_limit: str,
    emergency: str,
) -> None:
    """The plan of a major hazard in five parts (五落实)."""
    parts = {
        "duty": duty,
        "measures": measures,
        "funds": funds,
        "time_limit": time_limit,
        "emergency": emergency,
    }
    if not all(part.strip() for part in parts.values()):
        raise StepRefused("五项都要填：责任、措施、资金、时限、预案")
    RepairPlan.objects.update_or_create(
        hazard=hazard, defaults={**parts, "by": by, "at": clock.now()}
    )


def _not_listable(hazard: Hazard, by: Any) -> str:
    if hazard.severity != Severity.MAJOR:
        return Moot("只有判定为重大的才挂牌")
    listed = getattr(hazard, "supervision", None)
    return "已经挂牌" if listed and listed.lifted_at is None else ""


@flow.step(
    "挂牌督办",
    source=OPEN_STATES,
    target=None,
    permission="hazards.list_supervision",
    objection=_not_listable,
    kind="danger",
)
def list_supervision(hazard: Hazard, *, by: Any, note: str) -> None:
    """Put a major hazard on the list that the government watches; closing it lifts it."""
    if not note.strip():
        raise StepRefused("写明挂牌理由")
    body = by.post_for("hazards.list_supervision", hazard).organisation
    facts = {"body": body, "reason": note, "by": by, "listed_at": clock.now(), "lifted_at": None}
    Supervision.objects.update_or_create(hazard=hazard, defaults=facts)
