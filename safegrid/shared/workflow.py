"""A step is declared once: check, lock, journal entry, button and test come from it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from django.db import models, transaction

from safegrid.shared import journal
from safegrid.shared.refusals import NotAllowed, StepRefused

Objection = Callable[[Any, Any], str]


class Take(Protocol):
    def __call__(self, record: Any, *, by: Any, note: str = "", **details: Any) -> Any: ...


@dataclass(frozen=True)
class Step:
    """One declared step; `target` None keeps the state, `objection` says why this actor may not."""

    name: str
    label: str
    source: tuple[str, ...]
    target: str | None
    permission: str
    objection: Objection
    kind: str
    hint: str

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")

    def refusal(self, record: Any, by: Any) -> str:
        """Why the step can't be taken now; "" when it can."""
        if record.state not in self.source:
            return f"{self.label}：现在是“{record.get_state_display()}”，不能办这一步"
        return self.objection(record, by)


@dataclass(frozen=True)
class Offer:
    """A step as offered to one user: open, or near but closed with the reason."""

    step: Step
    refusal: str


def no_objection(record: Any, by: Any) -> str:
    return ""


def nothing_else(record: Any) -> Iterable[Any]:
    return ()


class Workflow:
    """The declared steps of one model. `about` names what else an entry of a record concerns."""

    def __init__(
        self, model: type[models.Model], about: Callable[[Any], Iterable[Any]] = nothing_else
    ) -> None:
        self.model: Any = model
        self.about = about
        self.steps: dict[str, Step] = {}
        self.takes: dict[str, Take] = {}

    def step(
        self,
        label: str,
        *,
        source: Iterable[str],
        target: str | None,
        permission: str,
        objection: Objection = no_objection,
        kind: str = "",
        hint: str = "",
    ) -> Callable[[Callable[..., Any]], Take]:
        """Declare the decorated function as a step; it fills fields, the step does the rest."""

        def declare(body: Callable[..., Any]) -> Take:
            step = Step(
                body.__name__,
                label,
                tuple(source),
                target,
                permission,
                objection,
                kind,
                hint,
            )

            @wraps(body)
            @transaction.atomic
            def take(
                record: Any, *, by: Any, note: str = "", version: int | None = None, **details: Any
            ) -> Any:
                record = self._lock(record, by, step)
                record.expect(version)
                if refusal := step.refusal(record, by):
                    raise StepRefused(refusal)
                before = record.state
                if step.target is not None:
                    record.state = step.target
                changes = body(record, by=by, note=note, **details) or {}
                record.version += 1
                record.save()
                self._write(step, record, by, before, note, changes)
                return record

            self.steps[step.name] = step
            self.takes[step.name] = take
            return take

        return declare

    def offers(self, record: Any, user: Any) -> list[Offer]:
        """The steps this user may take from this state, each open or with its objection."""
        here = [step for step in self.steps.values() if record.state in step.source]
        return [
            Offer(step, step.objection(record, user))
            for step in here
            if user.covers(step.permission, record)
        ]

    def _lock(self, record: Any, by: Any, step: Step) -> Any:
        rows = self.model.objects.allowed(by, step.permission)
        locked = rows.select_for_update(of=("self",)).filter(pk=record.pk).first()
        if locked is None:
            raise NotAllowed(f"{step.label}：不在您的职责范围内")
        return locked

    def _write(
        self, step: Step, record: Any, by: Any, before: str, note: str, changes: dict[str, Any]
    ) -> None:
        journal.record(
            f"{self.model._meta.app_label}.{step.name}",
            step.label,
            record,
            by=by,
            post=by.post_name(step.permission, record),
            about=self.about(record),
            area_code=record.area_code,
            source=before,
            target=record.state,
            changes=changes,
            note=note,
        )
