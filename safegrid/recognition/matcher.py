"""Plain words to items: ranking, abstaining and parting several hazards of one sentence.

`matcher.mjs` is the same scorer for the phone; a golden file holds the two equal.
"""

import math
import re
from dataclasses import dataclass

from safegrid.recognition.index import Index, load
from safegrid.recognition.text import LONGEST

LONG_ENOUGH = 2
"""Signs that a part of a sentence needs to be a hazard of its own."""

MOST_PARTS = 6
MOST_SIGNS = 2
"""Words of one kind that count for or against a hazard."""

PARTS = re.compile(
    "[,，.。;；、!！?？ \\t\\r\\n\u3000]+|(?<![0-9])[0-9][.、)）]"
    "|还有(?!气|压|火|油|电|人)|另外|而且|以及|同时"
)


@dataclass(frozen=True)
class Candidate:
    """An item that the words may mean, how sure that is (0 to 1) and on which words it rests."""

    item_code: str
    score: float
    why: str


@dataclass(frozen=True)
class Reading:
    """A text scored against every item; `nothing` is the score of "no hazard"."""

    features: dict[str, int]
    scores: list[float]
    nothing: float
    known: float
    signs: dict[str, int]

    @property
    def best(self) -> float:
        return max(self.scores)


def match(
    text: str, place_kinds: list[str] | None = None, limit: int = 5, index: Index | None = None
) -> list[Candidate]:
    """The items that the text may mean, best first; none when it names no hazard.

    With `place_kinds` only items of the common list and of these kinds; without, of all lists.
    Of several hazards in one sentence the best of each comes first.
    """
    found = hazards(text, place_kinds, limit, index)
    ordered: dict[str, Candidate] = {}
    for rank in range(limit):
        for candidates in found:
            if rank < len(candidates):
                ordered.setdefault(candidates[rank].item_code, candidates[rank])
    return list(ordered.values())[:limit]


def hazards(
    text: str, place_kinds: list[str] | None = None, limit: int = 5, index: Index | None = None
) -> list[list[Candidate]]:
    """The hazards that the text names, each with its candidates; none when it names none."""
    index, text = index or load(), text[:LONGEST]
    scope = index.scope(place_kinds)
    whole = read(index, text)
    if not scope or not whole.features or not is_hazard(index, whole):
        return []
    parts = parted(index, text, whole, scope)
    return [ranked(index, part, scope, limit) for part in parts]


def read(index: Index, text: str) -> Reading:
    """Score a text against every item."""
    features = index.reader.features(text)
    totals = [0.0] * (index.nothing + 1)
    size = known = 0
    for feature, times in features.items():
        size += times
        row = index.postings.get(feature)
        if row is None:
            continue
        known += times
        for at, worth in row.items():
            totals[at] += worth
    scale = math.sqrt(size) + 3
    scores = [total / scale for total in totals]
    signs = index.reader.signs(text, features)
    return Reading(features, scores[:-1], scores[-1], known / max(size, 1), signs)


def is_hazard(index: Index, reading: Reading) -> bool:
    """Whether the text is sure enough to be about a hazard at all.

    A thing named with a defect and nothing said to the contrary is always one.
    """
    signs = reading.signs
    if signs["both"] and not signs["fine"] and not signs["elsewhere"]:
        return True
    return hazard_odds(index, reading) >= index.abstention["least"]


def hazard_odds(index: Index, reading: Reading) -> float:
    weights = index.abstention
    return (
        weights["best"] * reading.best
        + weights["nothing"] * reading.nothing
        + weights["known"] * reading.known
        + sum(weights[name] * min(times, MOST_SIGNS) for name, times in reading.signs.items())
        + weights["size"] * math.log(1 + sum(reading.features.values()))
        + weights["constant"]
    )


def parted(index: Index, text: str, whole: Reading, scope: list[int]) -> list[Reading]:
    """The parts of the sentence that name different hazards; else the whole as one."""
    clauses = [clause for clause in PARTS.split(text) if clause]
    clauses = [clause for clause in clauses if len(index.reader.clean(clause)) >= LONG_ENOUGH]
    if not 2 <= len(clauses) <= MOST_PARTS:
        return [whole]
    readings = [one for one in (read(index, clause) for clause in clauses) if one.features]
    chosen: dict[str, tuple[float, Reading]] = {}
    for reading in readings:
        top, lead = standing(index, reading, whole, scope)
        if reading.scores[top] < index.parting["least"]:
            continue
        concept = index.concepts[top]
        if concept not in chosen or lead > chosen[concept][0]:
            chosen[concept] = (lead, reading)
    leads = [lead for lead, _ in chosen.values()]
    if len(chosen) < 2 or max(leads) < index.parting["lead"]:
        return [whole]
    return [reading for _, reading in chosen.values()]


def standing(index: Index, reading: Reading, whole: Reading, scope: list[int]) -> tuple[int, float]:
    """The best item of a part and by how much it beats there what the whole is taken for."""
    top = max(scope, key=lambda at: reading.scores[at])
    of_whole = max(scope, key=lambda at: whole.scores[at])
    rival = max(
        reading.scores[at] for at in scope if index.concepts[at] == index.concepts[of_whole]
    )
    return top, reading.scores[top] - rival


def ranked(index: Index, reading: Reading, scope: list[int], limit: int) -> list[Candidate]:
    """The best items; a concept that several lists share is shown from one list only.

    Items of one concept strengthen each other, for any of them is a right answer.
    """
    peak = max(reading.scores[at] for at in scope)
    odds = {at: math.exp(reading.scores[at] - peak) for at in scope}
    pooled: dict[str, float] = {}
    for at in scope:
        pooled[index.concepts[at]] = pooled.get(index.concepts[at], 0.0) + odds[at]
    total = sum(pooled.values())
    worth = {at: math.sqrt(odds[at] * pooled[index.concepts[at]]) for at in scope}
    shown: dict[str, str] = {}
    chosen: list[Candidate] = []
    for at in sorted(scope, key=lambda at: -worth[at]):
        code, concept = index.codes[at], index.concepts[at]
        home = code.partition(".")[0]
        if shown.setdefault(concept, home) == home:
            sure = round(worth[at] / total, 4)
            chosen.append(Candidate(code, min(sure, 1.0), reason(index, reading, at)))
        if len(chosen) == limit:
            break
    return chosen


def reason(index: Index, reading: Reading, at: int) -> str:
    """The words of the text that speak most for the item: things and defects first."""
    worth = {
        feature: row[at]
        for feature in reading.features
        if (row := index.postings.get(feature)) and row.get(at, 0.0) > 0
    }
    named = [feature[1:] for feature in worth if feature[0] in "od"]
    pairs = sorted((f for f in worth if f[0] == "2"), key=lambda f: -worth[f])
    return "、".join((named or [feature[1:] for feature in pairs])[:3])
