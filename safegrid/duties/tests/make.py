"""Rules for tests: fixed values, changed as asked."""

from datetime import date
from typing import Any

from safegrid.duties import actions
from safegrid.duties.models import DutyKind, DutyRule


def rule(line: str, **changes: Any) -> DutyRule:
    facts: dict[str, Any] = {
        "area_code": "2310",
        "duty": DutyKind.LEAD,
        "kind": "restaurant",
        "basis": "待本地确认",
        "valid_from": date(2020, 1, 1),
    }
    return actions.add_rule(line=line, **{**facts, **changes})
