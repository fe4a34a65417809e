"""What is read off a text: signs, pairs of signs, sounds and named things.

`matcher.mjs` does the same step by step; only characters of the basic plane are kept, so that
both cut every text alike.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise

LONGEST = 240
"""Characters of a text that are read; more than any hazard needs."""

NUMERALS = str.maketrans("0123456789两俩仨", "零一二三四五六七八九二二三")
SILENT = str.maketrans("", "", "的了呢啊呀吧嘛呗哦嗯呃")
APART = re.compile("[^0-9a-z\u4e00-\u9fff]+")
CHANNELS = ["1", "2", "p", "o", "d", "x"]
"""Signs, pairs of signs, pairs of sounds, objects, defects, objects with defects."""


def normalise(text: str) -> str:
    """Words of Chinese characters, letters and numerals, parted by single blanks."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    return APART.sub(" ", text).translate(SILENT).translate(NUMERALS).strip()


@dataclass(frozen=True)
class Words:
    """A dictionary that reads the longest word it knows at each place."""

    meaning: dict[str, str]
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest", max(map(len, self.meaning), default=0))

    def cut(self, text: str) -> list[tuple[str, str]]:
        """The text in pieces, each with its meaning, "" when the piece is not known."""
        pieces, at = [], 0
        while at < len(text):
            size = min(self.longest, len(text) - at)
            while size and text[at : at + size] not in self.meaning:
                size -= 1
            piece = text[at : at + (size or 1)]
            pieces.append((piece, self.meaning[piece] if size else ""))
            at += size or 1
        return pieces

    def replace(self, text: str) -> str:
        return "".join(meaning or piece for piece, meaning in self.cut(text))

    def found(self, text: str) -> list[str]:
        """The meanings that occur, each once, in the order of the text."""
        return list(dict.fromkeys(meaning for _, meaning in self.cut(text) if meaning))


@dataclass(frozen=True)
class Reader:
    """Reads features off texts with the lexicon and the table of sounds."""

    dialect: Words
    objects: Words
    defects: Words
    plain: Words
    sounds: dict[str, str]

    def clean(self, text: str) -> str:
        return self.dialect.replace(normalise(text))

    def features(self, text: str) -> dict[str, int]:
        """Feature → how often; the first letter is its channel."""
        clean = self.clean(text)
        found: dict[str, int] = {}
        for word in clean.split():
            for sign in word:
                _count(found, "1" + sign)
            for one, two in pairwise(word):
                _count(found, "2" + one + two)
            for one, two in pairwise(self.sounds.get(sign, sign) for sign in word):
                _count(found, f"p{one} {two}")
        for slot in self.slots(clean):
            _count(found, slot)
        return found

    def signs(self, text: str, features: dict[str, int]) -> dict[str, int]:
        """How many things, defects, reassuring words and matters of other offices it names."""
        kinds = [meaning for _, meaning in self.plain.cut(self.clean(text))]
        channels = [feature[0] for feature in features]
        return {
            "both": int("o" in channels and "d" in channels),
            "things": channels.count("o"),
            "defects": channels.count("d"),
            "fine": kinds.count("fine"),
            "elsewhere": kinds.count("elsewhere"),
        }

    def slots(self, clean: str) -> list[str]:
        """Named things, named defects and each thing with each defect."""
        things, faults = self.objects.found(clean), self.defects.found(clean)
        pairs = [f"x{thing}|{fault}" for thing in things for fault in faults]
        return [f"o{thing}" for thing in things] + [f"d{fault}" for fault in faults] + pairs


def folded(syllable: str) -> str:
    """A syllable without the differences that are often not heard: zh/z, ch/c, sh/s, -ng/-n."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


def _count(found: dict[str, int], feature: str) -> None:
    found[feature] = found.get(feature, 0) + 1
