"""Learns, when the index is built, how much each channel, word and doubt counts. Needs numpy.

Every text is scored without its own contribution to its item, so that learning sees what
scoring will see: a text that nobody wrote down before.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safegrid.recognition.index import LENGTH, SATURATION, Postings, bm25, count
from safegrid.recognition.text import CHANNELS, Reader

Array = NDArray[np.float64]
SEED = 7
SAMPLE = 3000
"""Texts from which the channels' weights are learned."""

STEPS, ROUNDS = 200, 4
"""Steps of the channels' weights; passes of the classifier over all texts."""

KEPT = 24_000
"""Corrections of the linear classifier that go into the index."""


@dataclass(frozen=True)
class Example:
    """A text of which the item is known; `at` is the item's number, the last one for none."""

    text: str
    at: int
    is_phrase: bool = False


class Scores:
    """Scores of texts channel by channel, in both fields of the index."""

    def __init__(self, reader: Reader, formal: list[str], sayings: list[list[str]]) -> None:
        self.reader, self.size = reader, len(sayings)
        self.counts = [count(reader, own) for own in sayings]
        self.lengths = [self._lengths(own) for own in self.counts]
        self.mean = [max(sum(row) / self.size, 1e-9) for row in zip(*self.lengths, strict=True)]
        ones = dict.fromkeys(CHANNELS, 1.0)
        fields: list[Postings] = [
            bm25([count(reader, [text]) for text in formal], ones),
            bm25(self.counts, ones),
        ]
        self.rows = [
            {
                feature: (np.array(list(row)), np.array(list(row.values())))
                for feature, row in postings.items()
            }
            for postings in fields
        ]

    @staticmethod
    def _lengths(own: dict[str, int]) -> list[int]:
        return [sum(n for f, n in own.items() if f[0] == name) for name in CHANNELS]

    def of(self, example: Example, features: dict[str, int]) -> Array:
        """Fields and channels × items, already divided by the text's scale."""
        width = len(CHANNELS)
        found = np.zeros((2 * width, self.size))
        for field, rows in enumerate(self.rows):
            for feature in features:
                row = rows.get(feature)
                if row is not None:
                    found[field * width + CHANNELS.index(feature[0]), row[0]] += row[1]
        found[width:, example.at] = self._without(example.at, features)
        return found / scale_of(features)

    def known(self, example: Example, features: dict[str, int]) -> float:
        """The share of the features that other texts have too."""
        own = self.counts[example.at]
        shared = sum(
            times
            for feature, times in features.items()
            if feature in self.rows[0] or len(self.rows[1][feature][0]) > 1 or own[feature] > times
        )
        return shared / max(sum(features.values()), 1)

    def _without(self, at: int, features: dict[str, int]) -> list[float]:
        """The sayings' score of the text's own item as if the text were not among them."""
        own, lengths = self.counts[at], self.lengths[at]
        less = [a - b for a, b in zip(lengths, self._lengths(features), strict=True)]
        found = [0.0] * len(CHANNELS)
        for feature, times in features.items():
            left = own.get(feature, 0) - times
            if left <= 0:
                continue
            channel = CHANNELS.index(feature[0])
            holders = len(self.rows[1][feature][0])
            rare = math.log(1 + (self.size - holders + 0.5) / (holders + 0.5))
            share = 1 - LENGTH + LENGTH * less[channel] / self.mean[channel]
            found[channel] += rare * left * (SATURATION + 1) / (left + SATURATION * share)
        return found


def scale_of(features: dict[str, int]) -> float:
    return math.sqrt(sum(features.values())) + 3


def targets(odds: Array, at: int, same: Array) -> Array:
    """Half the item itself, half whatever of its concept already fits best."""
    shared = odds * same
    wanted: Array = 0.5 * shared / shared.sum()
    wanted[at] += 0.5
    return wanted


def softmax(scores: Array) -> Array:
    odds: Array = np.exp(scores - scores.max())
    odds /= odds.sum()
    return odds


def channels(
    scores: Scores, examples: Sequence[Example], same: Array, tell: Callable[[str], None]
) -> Array:
    """The weight of each field and channel, by Adam on the log loss."""
    chance = np.random.default_rng(SEED)
    phrases = [one for one in examples if one.is_phrase]
    others = [one for one in examples if not one.is_phrase]
    picked = chance.choice(len(others), min(SAMPLE, len(others)), replace=False)
    chosen = phrases * 2 + [others[at] for at in picked]
    seen = np.array(
        [scores.of(one, scores.reader.features(one.text)) for one in chosen], dtype=np.float32
    )
    at = np.array([one.at for one in chosen])
    weights = descent(seen, at, same)
    tell(f"channels {np.round(weights, 2).tolist()}")
    return weights


def descent(seen: NDArray[np.float32], at: NDArray[np.int64], same: Array) -> Array:
    """The weights that lose least; none is negative, for a shared word never speaks against."""
    weights = np.full(seen.shape[1], 0.5)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(1, STEPS + 1):
        totals = np.einsum("scn,c->sn", seen, weights)
        odds = np.exp(totals - totals.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        shared = odds * same[at]
        wanted = 0.5 * shared / shared.sum(1, keepdims=True)
        wanted[np.arange(len(at)), at] += 0.5
        slope = np.einsum("scn,sn->c", seen, odds - wanted) / len(at)
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        weights -= 0.03 * (first / (1 - 0.9**turn)) / (np.sqrt(second / (1 - 0.99**turn)) + 1e-8)
        weights = np.maximum(weights, 0.0)
    return weights


def corrections(
    scores: Scores,
    examples: Sequence[Example],
    weights: Array,
    same: Array,
    tell: Callable[[str], None],
) -> dict[str, dict[int, float]]:
    """What the linear classifier adds to single features, by stochastic descent."""
    chance = np.random.default_rng(SEED)
    read = [scores.reader.features(one.text) for one in examples]
    base = np.array(
        [weights @ scores.of(one, own) for one, own in zip(examples, read, strict=True)],
        dtype=np.float32,
    )
    known = sorted({feature for own in read for feature in own})
    place = {feature: at for at, feature in enumerate(known)}
    rows = [np.array([place[feature] for feature in own], dtype=np.int64) for own in read]
    learned = np.zeros((len(known), scores.size), dtype=np.float32)
    for turn in range(ROUNDS):
        loss = 0.0
        for at in chance.permutation(len(examples)):
            own, scale = rows[at], scale_of(read[at])
            if not len(own):
                continue
            odds = softmax(base[at] + learned[own].sum(0) / scale)
            slope = odds - targets(odds, examples[at].at, same[examples[at].at])
            loss -= math.log(odds[examples[at].at] + 1e-12)
            speed = 0.3 * (2.0 if examples[at].is_phrase else 1.0) / (1 + 0.3 * turn)
            learned[own] = learned[own] * 0.99 - np.float32(speed / scale) * slope
        tell(f"corrections, round {turn + 1}: loss {loss / len(examples):.3f}")
    return _largest(learned, known)


def _largest(learned: NDArray[np.float32], known: list[str]) -> dict[str, dict[int, float]]:
    size = np.abs(learned)
    least = np.partition(size.ravel(), -KEPT)[-KEPT] if size.size > KEPT else 0.0
    kept: dict[str, dict[int, float]] = {}
    for feature, item in zip(*np.nonzero(size > least), strict=True):
        kept.setdefault(known[feature], {})[int(item)] = float(learned[feature, item])
    return kept


def logistic(seen: Array, is_hazard: Array) -> Array:
    """Weights and, last, the constant that tell hazards from other talk."""
    seen = np.hstack([seen, np.ones((len(seen), 1))])
    share = np.where(is_hazard > 0, 0.5 / is_hazard.mean(), 0.5 / (1 - is_hazard.mean()))
    weights = np.zeros(seen.shape[1])
    for _ in range(60):
        odds = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (share * (odds - is_hazard)) + 1e-3 * weights
        curve = (seen * (share * odds * (1 - odds))[:, None]).T @ seen
        weights -= np.linalg.solve(curve + 1e-2 * np.eye(len(weights)), slope)
    return weights
