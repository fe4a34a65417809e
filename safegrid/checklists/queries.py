"""Reads of the check lists: which lists and items stand for a place, and search."""

from collections.abc import Iterable

from django.db.models import Count, Prefetch, QuerySet

from safegrid.checklists.models import Checklist, ContentState, Item, ItemBasis
from safegrid.library.queries import matching
from safegrid.shared import words

ALL = "所有场所"
NINE_SMALL = "九小场所"
BELOW_SCALE = "规下企业"
OTHER = "其他场所和行业"


def published() -> QuerySet[Checklist]:
    """The lists in use, each with its number of items as `size`."""
    found: QuerySet[Checklist] = Checklist.objects.filter(state=ContentState.PUBLISHED).annotate(
        size=Count("items")
    )
    return found


def grouped() -> list[tuple[str, list[Checklist]]]:
    """The lists in use under the heading where people look for them."""
    groups: dict[str, list[Checklist]] = {
        name: [] for name in (ALL, NINE_SMALL, BELOW_SCALE, OTHER)
    }
    for checklist in published():
        groups[group_of(checklist)].append(checklist)
    return [(name, lists) for name, lists in groups.items() if lists]


def group_of(checklist: Checklist) -> str:
    if checklist.is_for_all:
        return ALL
    return next((name for name in (NINE_SMALL, BELOW_SCALE) if name in checklist.tags), OTHER)


def lists_for(kinds: Iterable[str]) -> list[Checklist]:
    """The lists in use for a place of these kinds: the common one first, then each kind's."""
    kinds = list(kinds)
    found = Checklist.objects.filter(state=ContentState.PUBLISHED)
    chosen = [one for one in found if one.is_for_all or one.code in kinds]
    return sorted(chosen, key=lambda one: -1 if one.is_for_all else kinds.index(one.code))


def items_for(kinds: Iterable[str]) -> QuerySet[Item]:
    """The items of those lists, each with its list at hand; add `with_bases` to show them."""
    found: QuerySet[Item] = Item.objects.filter(
        checklist__in=[one.pk for one in lists_for(kinds)]
    ).select_related("checklist")
    return found


def with_bases(items: QuerySet[Item]) -> QuerySet[Item]:
    """The items with everything that `_item.html` and `_basis.html` show, in one more query."""
    bases = ItemBasis.objects.select_related("clause__document")
    return items.select_related("checklist", "criterion_clause__document").prefetch_related(
        Prefetch("bases", bases)
    )


def by_section(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """The items under the names of their sections, in the order in which these first come."""
    sections: dict[str, list[Item]] = {}
    for item in items:
        sections.setdefault(item.section, []).append(item)
    return list(sections.items())


def search(text: str, limit: int = 50) -> list[Item]:
    """The items in use that contain every word of the text."""
    if not words.query_text(text):
        return []
    in_use = Item.objects.filter(checklist__state=ContentState.PUBLISHED)
    return list(in_use.filter(matching(text)).select_related("checklist")[:limit])


def versions(code: str) -> list[Checklist]:
    """All versions of a list that were ever in use, the newest first."""
    fixed = (ContentState.PUBLISHED, ContentState.RETIRED)
    return list(
        Checklist.objects.filter(code=code, state__in=fixed).order_by("-published_at", "-id")
    )


def choose(known: list[Checklist], name: str = "") -> Checklist | None:
    """The named one of these versions, or the one in use; None when there is none."""
    if name:
        return next((one for one in known if one.version == name), None)
    return next((one for one in known if one.is_published), None)
