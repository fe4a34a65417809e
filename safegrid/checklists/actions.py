"""Publishing the shipped lists. Items are never updated: a changed list is a new version."""

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from safegrid.checklists.models import Checklist, ContentState, Item, ItemBasis
from safegrid.library.models import Clause
from safegrid.library.queries import index
from safegrid.shared import clock, journal

DATA = Path(__file__).parent / "data" / "checklists.yaml"


@transaction.atomic
def load(path: Path = DATA, *, by: Any = None) -> list[Checklist]:
    """Publish every list of the file that is not in use as it stands; return these new ones.

    The shipped lists are published as 试用稿. Loading the same file again does nothing.
    """
    data = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    known = {(one.code, one.digest): one for one in Checklist.objects.select_for_update()}
    clauses = set(Clause.objects.values_list("pk", flat=True))
    published, entries = [], []
    for order, row in enumerate(data):
        found = known.get((row["id"], content_digest(row)))
        if found and found.is_published:
            continue
        checklist = found or _draft(row, order, clauses)
        entries.append(publish(checklist, by=by))
        published.append(checklist)
    journal.write(entries)
    return published


def content_digest(row: dict[str, Any]) -> str:
    """SHA-256 of a list's content in canonical JSON; its version name is no content."""
    content = {name: value for name, value in row.items() if name != "version"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _draft(row: dict[str, Any], order: int, clauses: set[str]) -> Checklist:
    """Write a list with its items and bases, not yet in use."""
    digest, applies = content_digest(row), row["applies_to"]
    checklist = Checklist.objects.create(
        code=row["id"],
        version=_free_version(row["id"], str(row["version"]), digest),
        name=row["name_zh"],
        is_trial=True,
        is_for_all="all" in applies["places"],
        places=[place for place in applies["places"] if place != "all"],
        industries=applies["gbt4754"],
        tags=applies["tags"],
        lead_department=row["lead_department"],
        co_departments=row["co_departments"],
        order=order,
        digest=digest,
    )
    items = Item.objects.bulk_create(
        _item(checklist, item, place, clauses) for place, item in enumerate(row["items"])
    )
    ItemBasis.objects.bulk_create(
        _basis(item, basis, place, clauses)
        for item, facts in zip(items, row["items"], strict=True)
        for place, basis in enumerate(facts["basis"])
    )
    return checklist


def _free_version(code: str, name: str, digest: str) -> str:
    """The file's version name; with the digest's beginning when other content has that name."""
    taken = Checklist.objects.filter(code=code, version=name).exists()
    return f"{name}+{digest[:7]}" if taken else name


def _item(checklist: Checklist, row: dict[str, Any], order: int, clauses: set[str]) -> Item:
    judged = row.get("major_basis") or {}
    clause = judged.get("clause_id")
    texts = (row[name] for name in ("section", "point", "how", "hazard", "rectify"))
    return Item(
        checklist=checklist,
        code=row["id"],
        section=row["section"],
        point=row["point"],
        how=row["how"],
        hazard=row["hazard"],
        severity=row["severity"],
        criterion=judged.get("criterion", ""),
        criterion_document=judged.get("doc", ""),
        criterion_article=judged.get("clause", ""),
        criterion_clause_id=clause if clause in clauses else None,
        criterion_verified=judged.get("verified", False) and clause in clauses,
        rectify=row["rectify"],
        deadline_days=row["deadline_days"],
        tags=row["tags"],
        photo_hint=row["photo_hint"],
        is_for_self_check=row["enterprise_self_check"],
        concept=row.get("concept", ""),
        words=index((checklist.name, *texts)),
        order=order,
    )


def _basis(item: Item, row: dict[str, Any], order: int, clauses: set[str]) -> ItemBasis:
    """A basis whose clause the library does not have is named, never verified."""
    is_known = row["clause_id"] in clauses
    return ItemBasis(
        item=item,
        clause_id=row["clause_id"] if is_known else None,
        document_name=row["doc"],
        article=row["clause"],
        is_verified=row["verified"] and is_known,
        order=order,
    )


def publish(checklist: Checklist, *, by: Any = None) -> journal.Draft:
    """Put a version into use in place of the one before; return the entry to write."""
    before = Checklist.objects.filter(code=checklist.code, state=ContentState.PUBLISHED).first()
    if before:
        before.state, before.retired_at = ContentState.RETIRED, clock.now()
        before.save()
    source = checklist.state
    checklist.state, checklist.published_at = ContentState.PUBLISHED, clock.now()
    checklist.retired_at = None
    checklist.save()
    return journal.draft(
        "checklists.publish",
        "发布检查清单",
        checklist,
        by=by,
        source=source,
        target=checklist.state,
        changes={
            "code": checklist.code,
            "version": [before.version if before else None, checklist.version],
            "digest": checklist.digest,
        },
    )
