"""Loading the shipped regulations: the file is the truth, its digest the version."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.db import models, transaction

from safegrid.library.models import Clause, Document, DocumentStatus, Edition
from safegrid.library.queries import index
from safegrid.shared import journal

DATA = Path(__file__).parent / "data" / "regulations.yaml"

DOCUMENT_FACTS = (
    "title", "kind", "number", "issuer", "issued", "effective", "status", "status_note",
    "keywords", "official_url", "is_verified", "superseded_by", "superseded_on", "words", "order",
)  # fmt: skip
CLAUSE_FACTS = (
    "article", "summary", "obliges", "penalty", "topics", "is_verified", "source", "note",
    "words", "order",
)  # fmt: skip
NOT_TOLD = {"words", "order"}


class Change(NamedTuple):
    row: models.Model
    facts: dict[str, list[Any]]


@transaction.atomic
def load(path: Path = DATA, *, by: Any = None) -> Edition:
    """Bring the library to the file's content; a second time with the same file does nothing.

    What changed since the edition before is journalled row by row; what is gone stays readable
    and is never cited again.
    """
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    newest = Edition.objects.select_for_update().first()
    if newest and newest.digest == digest:
        return newest
    data = yaml.load(content, Loader=yaml.CSafeLoader)
    documents, clauses = _documents(data), _clauses(data)
    changes = [*_update(documents, DOCUMENT_FACTS), *_update(clauses, CLAUSE_FACTS)]
    gone = _withdraw(clauses)
    edition = Edition.objects.create(
        digest=digest,
        as_of=str(data["meta"].get("as_of", "")),
        documents=len(documents),
        clauses=len(clauses),
    )
    _tell(edition, changes, gone, by)
    return edition


def _documents(data: dict[str, Any]) -> list[Document]:
    effective = {row["id"]: _day(row["effective"]) for row in data["documents"]}
    return [_document(row, order, effective) for order, row in enumerate(data["documents"])]


def _document(row: dict[str, Any], order: int, effective: dict[str, date | None]) -> Document:
    successor = row["superseded_by"] or ""
    is_partly = row["status"] == DocumentStatus.PARTLY_OVERRIDDEN
    spoken = (row["title_zh"], row["number"], row["issuer"], *row["keywords"])
    return Document(
        code=row["id"],
        title=row["title_zh"],
        kind=row["kind"],
        number=row["number"],
        issuer=row["issuer"],
        issued=row["issued"] or "",
        effective=_day(row["effective"]),
        status=row["status"],
        status_note=row["status_note"] or "",
        keywords=row["keywords"],
        official_url=row["official_url"],
        is_verified=row["verified"],
        superseded_by=successor,
        superseded_on=None if is_partly else effective.get(successor),
        words=index(spoken),
        order=order,
    )


def _clauses(data: dict[str, Any]) -> list[Clause]:
    documents = {row["id"]: row for row in data["documents"]}
    return [_clause(row, order, documents[row["doc"]]) for order, row in enumerate(data["clauses"])]


def _clause(row: dict[str, Any], order: int, document: dict[str, Any]) -> Clause:
    penalty, note = row["penalty"] or "", row.get("note", "")
    spoken = (
        document["title_zh"], document["number"], row["article"], row["summary_zh"],
        row["obliges"], penalty, *row["topics"],
    )  # fmt: skip
    return Clause(
        code=row["id"],
        document_id=row["doc"],
        article=row["article"],
        summary=row["summary_zh"],
        obliges=row["obliges"],
        penalty=penalty,
        topics=row["topics"],
        is_verified=row["verified"],
        source=row["source"],
        note=note,
        words=index(spoken),
        order=order,
    )


def _update(rows: list[Any], facts: tuple[str, ...]) -> list[Change]:
    """Write the new and the changed rows; return the changes of rows that were there before."""
    model = type(rows[0])
    known = model.objects.in_bulk()
    changes = [
        Change(row, difference)
        for row in rows
        if row.pk in known and (difference := _difference(known[row.pk], row, facts))
    ]
    model.objects.bulk_create([row for row in rows if row.pk not in known], batch_size=200)
    model.objects.bulk_update([one.row for one in changes], facts, batch_size=50)
    return changes


def _difference(old: Any, new: Any, facts: tuple[str, ...]) -> dict[str, list[Any]]:
    pairs = {name: [getattr(old, name), getattr(new, name)] for name in facts}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _withdraw(clauses: list[Clause]) -> list[Clause]:
    """Clauses that the file no longer has: kept for old records, no longer verified."""
    kept = [clause.pk for clause in clauses]
    gone = list(Clause.objects.filter(is_verified=True).exclude(pk__in=kept))
    Clause.objects.filter(pk__in=[clause.pk for clause in gone]).update(is_verified=False)
    return gone


def _tell(edition: Edition, changes: list[Change], gone: list[Clause], by: Any) -> None:
    """One entry for the edition, one for each row whose meaning changed."""
    counts = {"documents": edition.documents, "clauses": edition.clauses}
    entries = [
        journal.draft(
            "library.load",
            "载入政策法规",
            edition,
            by=by,
            changes={**counts, "as_of": edition.as_of},
        )
    ]
    for row, facts in changes:
        told = {name: pair for name, pair in facts.items() if name not in NOT_TOLD}
        if told:
            entries.append(
                journal.draft("library.revise", "修订条目", row, by=by, changes=_plain(told))
            )
    entries += [
        journal.draft("library.withdraw", "撤下条目", clause, by=by, about=(clause.document,))
        for clause in gone
    ]
    journal.write(entries)


def _plain(facts: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {
        name: [str(value) if isinstance(value, date) else value for value in pair]
        for name, pair in facts.items()
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
