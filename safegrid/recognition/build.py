"""Compiles the index: `python -m safegrid.recognition.build`. Only this needs numpy.

Trains on the aliases, the check items and the phrases that are not held out.
"""

import hashlib
import json
from typing import Any

import numpy as np

from safegrid.recognition import content, training
from safegrid.recognition.index import FILE, Index, compiled, reader_of
from safegrid.recognition.matcher import MOST_SIGNS, parted, read
from safegrid.recognition.text import CHANNELS
from safegrid.recognition.training import Example

FALSE_REJECTIONS = 0.02
"""Share of the training phrases that may be taken for no hazard; 0.05 is the limit outside."""


def main() -> None:
    raw = build()
    text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE.name}: {len(text.encode()) // 1024} KB")


def build(leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The whole index; phrases of the styles in `leave_out` are not learned from."""
    phrases = [
        one for one in content.phrases() if not one.is_held_out and one.style not in leave_out
    ]
    raw = skeleton(phrases)
    learn(raw, phrases)
    body = json.dumps(raw, ensure_ascii=False, sort_keys=True)
    return {"version": hashlib.sha256(body.encode()).hexdigest()[:12], **raw}


def skeleton(phrases: list[content.Phrase]) -> dict[str, Any]:
    """The index before learning; the last item stands for "no hazard"."""
    items, said = content.items(), content.aliases()
    own: dict[str, list[str]] = {item["id"]: list(said[item["id"]]) for item in items}
    silent = content.nothing()
    for phrase in phrases:
        if len(phrase.items) == 1:
            own[phrase.items[0]].append(phrase.text)
        elif not phrase.items:
            silent.append(phrase.text)
    return {
        "items": [[item["id"], item.get("concept") or item["id"]] for item in items],
        "formal": [formal(item) for item in items] + [""],
        "sayings": [list(dict.fromkeys(own[item["id"]])) for item in items]
        + [list(dict.fromkeys(silent))],
        **content.lexicon(),
        "channels": [[1.0] * len(CHANNELS)] * 2,
        "linear": {"step": 0.0, "rows": []},
        "abstention": {},
        "parting": {"least": 0.0, "lead": 0.0},
    }


def formal(item: dict[str, Any]) -> str:
    return " ".join(item[name] for name in ("point", "hazard", "how", "list_name"))


def learn(raw: dict[str, Any], phrases: list[content.Phrase]) -> None:
    """Fill in the weights, in the order in which they rest on each other."""
    own = {phrase.text for phrase in phrases}
    examples = [
        Example(text, at, text in own) for at, texts in enumerate(raw["sayings"]) for text in texts
    ]
    names = [row[1] for row in raw["items"]] + [""]
    same = np.array([[float(one == other) for other in names] for one in names])
    scores = training.Scores(reader_of(raw), raw["formal"], raw["sayings"])
    weights = training.channels(scores, examples, same, print)
    raw["channels"] = np.round(weights, 4).reshape(2, -1).tolist()
    learned = training.corrections(scores, examples, weights, same, print)
    raw["linear"] = packed(learned)
    doubts(raw, scores, examples, weights, learned)
    partings(raw, phrases)


def packed(learned: dict[str, dict[int, float]]) -> dict[str, Any]:
    """Corrections as small whole numbers times one step."""
    largest = max((abs(one) for row in learned.values() for one in row.values()), default=1.0)
    step = round(largest / 63, 6)
    rows = []
    for feature, row in sorted(learned.items()):
        steps = [(at, round(one / step)) for at, one in sorted(row.items())]
        flat = [number for at, one in steps if one for number in (at, one)]
        if flat:
            rows.append([feature, *flat])
    return {"step": step, "rows": rows}


def doubts(
    raw: dict[str, Any],
    scores: training.Scores,
    examples: list[Example],
    weights: training.Array,
    learned: dict[str, dict[int, float]],
) -> None:
    """Learn when to abstain, and set the threshold by the phrases."""
    last = scores.size - 1
    seen, is_hazard, is_phrase = [], [], []
    for one in examples:
        features = scores.reader.features(one.text)
        if not features:
            continue
        totals = weights @ scores.of(one, features)
        for feature in features:
            for at, worth in learned.get(feature, {}).items():
                totals[at] += worth / training.scale_of(features)
        share = scores.known(one, features)
        signs = scores.reader.signs(one.text, features)
        counted = [min(times, MOST_SIGNS) for times in signs.values()]
        seen.append(
            [totals[:last].max(), totals[last], share, *counted, np.log(1 + sum(features.values()))]
        )
        is_hazard.append(float(one.at != last))
        is_phrase.append(one.is_phrase)
    table, truth = np.array(seen), np.array(is_hazard)
    found = training.logistic(table, truth)
    odds = table @ found[:-1] + found[-1]
    odds[(table[:, 3] > 0) & (table[:, 6] == 0) & (table[:, 7] == 0)] = np.inf
    judged = odds[(truth > 0) & np.array(is_phrase)]
    named = ("both", "things", "defects", "fine", "elsewhere")
    names = ("best", "nothing", "known", *named, "size", "constant")
    raw["abstention"] = {
        **{name: round(float(one), 4) for name, one in zip(names, found, strict=True)},
        "least": round(float(np.quantile(judged, FALSE_REJECTIONS)), 4),
    }


def partings(raw: dict[str, Any], phrases: list[content.Phrase]) -> None:
    """Choose how sure parts of a sentence must be, by the phrases with two hazards."""
    index = compiled(raw)
    double = [one for one in phrases if len(one.items) > 1]
    single = [one for one in phrases if len(one.items) == 1]
    best = (-1.0, 0.0, 0.0)
    for least in (0.0, 1.0, 2.0, 3.0, 4.0):
        for lead in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0):
            index.parting.update(least=least, lead=lead)
            value = parting_value(index, double, single)
            best = max(best, (value, least, lead))
    raw["parting"] = {"least": best[1], "lead": best[2]}
    print(f"parting {raw['parting']}")


def parting_value(
    index: Index, double: list[content.Phrase], single: list[content.Phrase]
) -> float:
    """Share of the double phrases parted in two and of the single ones left whole."""

    def parts(phrase: content.Phrase) -> int:
        scope = index.scope([phrase.place] if phrase.place else None)
        return len(parted(index, phrase.text, read(index, phrase.text), scope))

    right = sum(parts(one) == 2 for one in double) / max(len(double), 1)
    whole = sum(parts(one) == 1 for one in single) / max(len(single), 1)
    return right + whole


if __name__ == "__main__":
    main()
