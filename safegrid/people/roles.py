"""The roles and what each may do, read from `data/roles.yaml`."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = yaml.safe_load((Path(__file__).parent / "data" / "roles.yaml").read_text(encoding="utf-8"))
PERMISSIONS: dict[str, str] = DATA["permissions"]
ROLES: dict[str, dict[str, Any]] = DATA["roles"]
CHOICES = [(name, role["label"]) for name, role in ROLES.items()]


class Role(StrEnum):
    """The names used in code; the data file has the rest."""

    KEEPER = "keeper"
    GRID_WORKER = "grid_worker"
    COMMUNITY_HEAD = "community_head"
    TOWNSHIP_OFFICER = "township_officer"
    DEPARTMENT_OFFICER = "department_officer"
    DEPARTMENT_HEAD = "department_head"
    COUNTY_OFFICE = "county_office"
    CITY_OFFICE = "city_office"
    LEADER = "leader"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"
    INTEGRATION = "integration"


@cache
def permissions_of(role: str, *, is_empowered: bool = False) -> frozenset[str]:
    """What a role may do; `is_empowered` adds what needs the power to inspect."""
    facts = ROLES[role]
    extra = facts.get("when_empowered", []) if is_empowered else []
    return frozenset([*facts["permissions"], *extra])


def label(role: str) -> str:
    return str(ROLES[role]["label"])


def speaks_for_body(role: str) -> bool:
    """Whether a role acts for its whole body; who works a grid or a community does not."""
    return ROLES[role].get("reach") != "area"


def is_administrator(role: str) -> bool:
    """One of the three separated administrators (三员)."""
    return role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
