"""The editable data from which the index is compiled, and the phrases that judge it."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from safegrid.recognition.text import Words, folded, normalise

DATA = Path(__file__).parent / "data"
PHRASES = DATA / "phrases"
CHECKLISTS = Path(__file__).parent.parent / "checklists" / "data" / "checklists.yaml"
HELD_ITEM = 8
"""Every eighth item is held out: its phrases never train, whoever wrote them."""


@dataclass(frozen=True)
class Phrase:
    """What somebody said, the items meant (none: no hazard) and others that are right too."""

    text: str
    items: tuple[str, ...]
    place: str | None = None
    accepted: frozenset[str] = field(default_factory=frozenset)
    style: str = ""
    is_held_out: bool = False

    def is_right(self, code: str) -> bool:
        return code in self.items or code in self.accepted


def read(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


@cache
def items() -> list[dict[str, Any]]:
    """The shipped check items, in the order of their lists, with the name of the list."""
    return [
        {**item, "list_name": one["name_zh"]} for one in read(CHECKLISTS) for item in one["items"]
    ]


def concepts() -> dict[str, str]:
    """Item code → its concept; an item without one is its own."""
    return {item["id"]: item.get("concept") or item["id"] for item in items()}


def aliases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = read(DATA / "aliases.yaml")
    return found


def nothing() -> list[str]:
    return [str(text) for text in read(DATA / "nothing.yaml")]


def lexicon() -> dict[str, Any]:
    """The lexicon as the index holds it: words already normalised, each once."""
    dialect = {_word(said): _word(meant) for said, meant in read(DATA / "dialect.yaml").items()}
    return {
        "dialect": sorted(dialect.items()),
        "objects": _table(read(DATA / "objects.yaml"), dialect),
        "defects": _table(read(DATA / "defects.yaml"), dialect),
        "plain": _plain(dialect),
        "sounds": _sounds(),
    }


def _word(said: object) -> str:
    return normalise(str(said)).replace(" ", "")


def _table(rows: dict[str, list[str]], dialect: dict[str, str]) -> list[list[str]]:
    """Name, then every word for it, also as dialect reading leaves it."""
    reads, taken, table = Words(dialect), set[str](), []
    for name, others in rows.items():
        words = [reads.replace(_word(word)) for word in (name, *others)]
        fresh = [word for word in dict.fromkeys(words) if word and word not in taken]
        taken.update(fresh)
        table.append([name, *fresh])
    return table


def _plain(dialect: dict[str, str]) -> list[list[str]]:
    """Every plain word with its kind; a guard has one of its own, which nobody counts."""
    reads = Words(dialect)
    rows = read(DATA / "plain.yaml").items()
    found = {reads.replace(_word(word)): kind for kind, words in rows for word in words}
    return [[word, kind] for word, kind in found.items() if word]


def _sounds() -> list[str]:
    """Lines of a folded syllable and the characters read so."""
    lines: dict[str, str] = {}
    for line in (DATA / "pinyin.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            syllable, signs = line.split()
            lines[folded(syllable)] = lines.get(folded(syllable), "") + signs
    return [f"{syllable} {signs}" for syllable, signs in sorted(lines.items())]


def phrases() -> list[Phrase]:
    """Our own phrases, of all styles."""
    return [phrase for path in sorted(PHRASES.glob("*.yaml")) for phrase in load(path)]


def load(path: Path) -> list[Phrase]:
    """The phrases of a file: a plain list, or one of our own files with its style.

    A row of our own accepts every item of the same concept; a plain row accepts what it says.
    """
    raw = read(path)
    if isinstance(raw, list):
        return [_phrase(row, frozenset(row.get("accept") or ())) for row in raw]
    meaning, held = concepts(), held_items()
    return [_own(row, raw, meaning, held) for row in raw["phrases"]]


def held_out() -> list[Phrase]:
    """The phrases that judge: held out, and by chance not a text that was learned."""
    every, said = phrases(), aliases()
    learned = {text for own in said.values() for text in own} | set(nothing())
    learned |= {one.text for one in every if not one.is_held_out}
    return [one for one in every if one.is_held_out and one.text not in learned]


def held_items() -> set[str]:
    return {item["id"] for item in items()[::HELD_ITEM]}


def _own(
    row: dict[str, Any], file: dict[str, Any], meaning: dict[str, str], held: set[str]
) -> Phrase:
    meant = {meaning[code] for code in _codes(row)}
    accepted = frozenset(code for code, concept in meaning.items() if concept in meant)
    is_held = bool(file["held_out"]) or bool(held & set(_codes(row)))
    return _phrase(row, accepted, file["style"], is_held)


def _phrase(
    row: dict[str, Any], accepted: frozenset[str], style: str = "", is_held_out: bool = False
) -> Phrase:
    return Phrase(str(row["text"]), _codes(row), row.get("place"), accepted, style, is_held_out)


def _codes(row: dict[str, Any]) -> tuple[str, ...]:
    if "items" in row:
        return tuple(row["items"])
    return (row["item"],) if row.get("item") else ()
