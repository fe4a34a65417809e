"""What an action refuses, as sentences for people. One middleware answers them all."""

from typing import Any


class Refused(Exception):
    """The action can't be done; the message is the sentence shown."""

    status = 409


class StepRefused(Refused):
    """The record is in another state, or this actor may not take this step on it."""


class StaleForm(Refused):
    """Somebody changed the record after the form was shown."""

    def __init__(self, record: Any) -> None:
        super().__init__("别人刚改过这条。先看新的内容，再决定要不要改。")
        self.record = record


class NotAllowed(Refused):
    """The actor's posts do not grant this on this record; strangers learn nothing more."""

    status = 404


class Conflict(Refused):
    """The same id came with other content."""
