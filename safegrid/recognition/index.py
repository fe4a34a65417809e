"""The compiled index: what `build.py` wrote, made ready for scoring in memory."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from safegrid.recognition.text import CHANNELS, Reader, Words

FILE = Path(__file__).parent / "static" / "recognition" / "index.json"
SATURATION, LENGTH = 1.2, 0.6
"""BM25's k1 and b."""

Postings = dict[str, dict[int, float]]
"""Feature → item's number → what it adds to the item's score."""


@dataclass(frozen=True)
class Index:
    """Items by number; the last number stands for "no hazard at all"."""

    codes: list[str]
    concepts: list[str]
    reader: Reader
    postings: Postings
    abstention: dict[str, float]
    parting: dict[str, float]

    @property
    def nothing(self) -> int:
        return len(self.codes)

    def scope(self, kinds: list[str] | None) -> list[int]:
        """The items of the common list and of these kinds; all of them when kinds is None."""
        if kinds is None:
            return list(range(len(self.codes)))
        lists = {"common", *kinds}
        return [at for at, code in enumerate(self.codes) if code.partition(".")[0] in lists]


def reader_of(raw: dict[str, Any]) -> Reader:
    """The lexicon of the index."""
    sounds = {sign: line.split()[0] for line in raw["sounds"] for sign in line.split()[1]}
    return Reader(
        dialect=Words(dict(raw["dialect"])),
        objects=Words({word: row[0] for row in raw["objects"] for word in row[1:]}),
        defects=Words({word: row[0] for row in raw["defects"] for word in row[1:]}),
        plain=Words(dict(raw["plain"])),
        sounds=sounds,
    )


@cache
def load(path: Path = FILE) -> Index:
    """Read once a process; compiling the postings takes about a second."""
    return compiled(json.loads(path.read_text(encoding="utf-8")))


def compiled(raw: dict[str, Any]) -> Index:
    """The index of a raw file."""
    reader = reader_of(raw)
    postings: Postings = {}
    fields = ([[text] for text in raw["formal"]], raw["sayings"])
    for texts, weights in zip(fields, raw["channels"], strict=True):
        counts = [count(reader, own) for own in texts]
        add(postings, bm25(counts, dict(zip(CHANNELS, weights, strict=True))))
    add(postings, linear(raw["linear"]))
    return Index(
        codes=[row[0] for row in raw["items"]],
        concepts=[row[1] for row in raw["items"]],
        reader=reader,
        postings=postings,
        abstention=raw["abstention"],
        parting=raw["parting"],
    )


def count(reader: Reader, texts: list[str]) -> dict[str, int]:
    """The features of several texts together."""
    total: dict[str, int] = {}
    for text in texts:
        for feature, times in reader.features(text).items():
            total[feature] = total.get(feature, 0) + times
    return total


def bm25(counts: list[dict[str, int]], weights: dict[str, float]) -> Postings:
    """What each feature is worth for each item; lengths are counted channel by channel."""
    lengths = [dict.fromkeys(CHANNELS, 0) for _ in counts]
    items: dict[str, list[int]] = {}
    for at, own in enumerate(counts):
        for feature, times in own.items():
            lengths[at][feature[0]] += times
            items.setdefault(feature, []).append(at)
    mean = {name: sum(one[name] for one in lengths) / len(counts) for name in CHANNELS}
    found: Postings = {}
    for feature, holders in items.items():
        channel = feature[0]
        rare = math.log(1 + (len(counts) - len(holders) + 0.5) / (len(holders) + 0.5))
        worth = weights[channel] * rare * (SATURATION + 1)
        row = found[feature] = {}
        for at in holders:
            times = counts[at][feature]
            share = lengths[at][channel] / mean[channel] if mean[channel] else 1.0
            row[at] = worth * times / (times + SATURATION * (1 - LENGTH + LENGTH * share))
    return found


def linear(raw: dict[str, Any]) -> Postings:
    """The classifier's corrections: rows of feature, then items and steps by turns."""
    step: float = raw["step"]
    return {
        row[0]: {row[at]: row[at + 1] * step for at in range(1, len(row), 2)} for row in raw["rows"]
    }


def add(total: Postings, more: Postings) -> None:
    for feature, row in more.items():
        own = total.setdefault(feature, {})
        for at, worth in row.items():
            own[at] = own.get(at, 0.0) + worth
