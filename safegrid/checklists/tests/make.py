"""A small list for tests: fixed values, bases as asked."""

from typing import Any

from safegrid.checklists import actions
from safegrid.checklists.models import Checklist, Item, ItemBasis
from safegrid.library.models import Clause
from safegrid.library.queries import index
from safegrid.shared import journal


def checklist(code: str = "common", *, version: str = "1", **changes: Any) -> Checklist:
    """A draft; `publish` puts it into use."""
    facts: dict[str, Any] = {
        "name": "通用",
        "is_trial": True,
        "is_for_all": code == "common",
        "digest": f"{code}{version}",
    }
    made: Checklist = Checklist.objects.create(code=code, version=version, **{**facts, **changes})
    return made


def item(checklist: Checklist, code: str = "common.exit-locked", **changes: Any) -> Item:
    facts: dict[str, Any] = {
        "section": "疏散逃生",
        "point": "安全出口能不能随时推开",
        "how": "亲手推一遍每个出口门",
        "hazard": "安全出口上锁",
        "severity": "general",
        "rectify": "立即开锁",
        "deadline_days": 0,
    }
    facts |= changes
    words = index((facts["point"], facts["how"], facts["hazard"]))
    made: Item = Item.objects.create(checklist=checklist, code=code, words=words, **facts)
    return made


def basis(item: Item, clause: Clause | None = None, **changes: Any) -> ItemBasis:
    facts: dict[str, Any] = {
        "document_name": "消防法",
        "article": "第二十八条",
        "is_verified": clause is not None,
    }
    made: ItemBasis = ItemBasis.objects.create(item=item, clause=clause, **{**facts, **changes})
    return made


def publish(checklist: Checklist) -> Checklist:
    journal.write([actions.publish(checklist)])
    return checklist
