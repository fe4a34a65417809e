"""What pages ask: which published items may these words mean?"""

from collections.abc import Iterable
from dataclasses import dataclass

from safegrid.checklists.models import Item
from safegrid.checklists.queries import items_for
from safegrid.recognition.matcher import Candidate, hazards, match

MOST = 5


@dataclass(frozen=True)
class Proposal:
    """A published item of the place's lists that the words may mean, and on which words."""

    item: Item
    why: str


def propose(text: str, kinds: Iterable[str], limit: int = MOST) -> list[Proposal]:
    """The items that the text may mean at a place of these kinds, best first; often none.

    Only items of lists in use that fit the place, read in one query after the lists.
    """
    kinds = list(kinds)
    candidates = match(text, kinds, limit)
    return _proposals(candidates, _published(candidates, kinds))


def propose_each(text: str, kinds: Iterable[str], limit: int = MOST) -> list[list[Proposal]]:
    """The same, one list for each hazard that the sentence names."""
    kinds = list(kinds)
    found = hazards(text, kinds, limit)
    published = _published([one for candidates in found for one in candidates], kinds)
    each = [_proposals(candidates, published) for candidates in found]
    return [proposals for proposals in each if proposals]


def _published(candidates: list[Candidate], kinds: list[str]) -> dict[str, Item]:
    if not candidates:
        return {}
    codes = {one.item_code for one in candidates}
    return {item.code: item for item in items_for(kinds).filter(code__in=codes)}


def _proposals(candidates: list[Candidate], published: dict[str, Item]) -> list[Proposal]:
    return [
        Proposal(published[one.item_code], one.why)
        for one in candidates
        if one.item_code in published
    ]
