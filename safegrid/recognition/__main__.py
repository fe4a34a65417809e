"""The figures of `docs/recognition.md`: `python -m safegrid.recognition`, a line for each style.

The last line is plain BM25 over the words of the items: it tells how far the phrases are from
them.
"""

import json
from collections.abc import Sequence

from safegrid.recognition import content
from safegrid.recognition.content import Phrase
from safegrid.recognition.evaluate import judge
from safegrid.recognition.index import FILE, Index, compiled, load
from safegrid.recognition.text import CHANNELS


def main() -> None:
    held = content.held_out()
    index = load()
    tell("all held out", held, index)
    for style in sorted({one.style for one in held}):
        tell(style, [one for one in held if one.style == style], index)
    tell("all, plain BM25", held, plain())


def tell(name: str, phrases: Sequence[Phrase], index: Index) -> None:
    print(f"{name:18}", json.dumps(judge(phrases, index)))


def plain() -> Index:
    """An index that knows only the items' own words and never abstains."""
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    text_only = [float(name in "12") for name in CHANNELS]
    silent = {name: 0.0 for name in raw["abstention"]}
    return compiled(
        {
            **raw,
            "sayings": [[] for _ in raw["sayings"]],
            "channels": [text_only, [0.0] * len(CHANNELS)],
            "linear": {"step": 0.0, "rows": []},
            "abstention": silent,
            "parting": {"least": 1e9, "lead": 1e9},
        }
    )


if __name__ == "__main__":
    main()
