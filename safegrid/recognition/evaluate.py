"""How good is the recognition of words? Judges a file of phrases; `main` prints one JSON object."""

import json
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from safegrid.recognition import content
from safegrid.recognition.content import Phrase
from safegrid.recognition.index import Index, load
from safegrid.recognition.matcher import Candidate, hazards, match

TOPS = (1, 3, 5)


@cache
def concepts() -> dict[str, str]:
    return content.concepts()


def main(path: str | Path) -> None:
    print(json.dumps(evaluate(Path(path)), ensure_ascii=False))


def evaluate(path: Path) -> dict[str, Any]:
    """The figures of one file; a text wrongly rejected counts as missed."""
    return judge(content.load(path))


def judge(phrases: Sequence[Phrase], index: Index | None = None) -> dict[str, Any]:
    """The figures of these phrases, each rounded to four places.

    `known_place` takes each phrase's own list, `unknown_place` every list. Rejections are
    counted over both ways of asking. The time is that of one call.
    """
    index = index or load()
    single = [one for one in phrases if len(one.items) == 1]
    silent = [one for one in phrases if not one.items]
    double = [one for one in phrases if len(one.items) > 1]
    started = time.perf_counter()
    known = [match(one.text, kinds(one), index=index) for one in single]
    unknown = [match(one.text, None, index=index) for one in single]
    rejected = [match(one.text, way, index=index) for one in silent for way in ways(one)]
    spent = time.perf_counter() - started
    calls = len(known) + len(unknown) + len(rejected)
    return {
        "known_place": tops(single, known),
        "unknown_place": tops(single, unknown),
        "null_rejected": share([not found for found in rejected]),
        "false_rejected": share([not found for found in (*known, *unknown)]),
        "two_hazards_f1": f1(double, index),
        "ms_per_phrase": round(1000 * spent / max(calls, 1), 3),
        "n": len(phrases),
    }


def kinds(phrase: Phrase) -> list[str] | None:
    return [phrase.place] if phrase.place else None


def ways(phrase: Phrase) -> list[list[str] | None]:
    """Of which kinds to ask: of every list and, when the phrase has a place, of its own."""
    return [None, kinds(phrase)] if phrase.place else [None]


def tops(phrases: Sequence[Phrase], found: Sequence[list[Candidate]]) -> dict[str, float | None]:
    return {
        f"top{most}": share(
            [
                any(phrase.is_right(one.item_code) for one in candidates[:most])
                for phrase, candidates in zip(phrases, found, strict=True)
            ]
        )
        for most in TOPS
    }


def f1(phrases: Sequence[Phrase], index: Index) -> float | None:
    """F1 of the best item of each hazard found against the items meant."""
    if not phrases:
        return None
    right = proposed = meant = 0
    for phrase in phrases:
        best = [found[0].item_code for found in hazards(phrase.text, kinds(phrase), index=index)]
        right += len(paired(phrase, best))
        proposed += len(best)
        meant += len(phrase.items)
    return round(2 * right / max(proposed + meant, 1), 4)


def paired(phrase: Phrase, best: list[str]) -> set[str]:
    """The items meant that were proposed, each by a proposal of its own."""
    concept = concepts()
    left, hit = list(best), set[str]()
    for code in phrase.items:
        same = [one for one in left if one == code] or [
            one for one in left if one in phrase.accepted and concept.get(one) == concept.get(code)
        ]
        if same:
            left.remove(same[0])
            hit.add(code)
    return hit


def share(answers: Sequence[bool]) -> float | None:
    return round(sum(answers) / len(answers), 4) if answers else None
