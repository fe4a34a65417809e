"""Reads of the library: what is in force on a day, and search by Chinese words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from safegrid.library.models import Clause, Document, Edition
from safegrid.shared import words


def in_force(on: date | None = None) -> QuerySet[Document]:
    """The documents whose verified clauses may be cited on that day."""
    found: QuerySet[Document] = Document.objects.in_force(on)
    return found


def search(text: str, limit: int = 50) -> list[Clause]:
    """The clauses that contain every word of the text, in the order of the documents.

    The title and number of the document count as words of each of its clauses.
    """
    if not words.query_text(text):
        return []
    rows = Clause.objects.filter(matching(text)).select_related("document")
    return list(rows[:limit])


def documents(text: str = "", kind: str = "", status: str = "") -> QuerySet[Document]:
    """The documents with these words, of this kind and with this standing today.

    Each carries `successor_title`, the title of what takes its place.
    """
    rows: Any = Document.objects.standing(status) if status else Document.objects.all()
    if kind:
        rows = rows.filter(kind=kind)
    next_one = Document.objects.filter(pk=OuterRef("superseded_by")).values("title")[:1]
    found: QuerySet[Document] = (
        rows.filter(matching(text)).annotate(successor_title=Subquery(next_one)).order_by("order")
    )
    return found


def successor(document: Document) -> Document | None:
    found: Document | None = Document.objects.filter(pk=document.superseded_by).first()
    return found


def predecessors(document: Document) -> list[Document]:
    return list(Document.objects.filter(superseded_by=document.pk))


def edition() -> Edition | None:
    return Edition.objects.first()


def index(texts: Iterable[str]) -> str:
    """The stored form of search words: every token once, each between spaces."""
    tokens = dict.fromkeys(words.index_text(" / ".join(texts)).split())
    return f" {' '.join(tokens)} "


def matching(text: str) -> Q:
    """A filter on a stored `words`: it holds every token; a single character may begin one."""
    found = Q()
    for token in words.query_text(text):
        found &= Q(words__contains=f" {token}" if len(token) == 1 else f" {token} ")
    return found
