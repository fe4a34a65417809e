"""Writes the answers to which both scorers are held: `python -m safegrid.recognition.golden`."""

import json
from pathlib import Path
from typing import Any

from safegrid.recognition import content
from safegrid.recognition.matcher import hazards

FILE = Path(__file__).parent / "tests" / "golden.json"
EVERY = 7
"""Of all phrases every seventh is asked, of every list and of its own."""

ODD = (
    "", "   ", "？！", "ok", "灭火器", "１２ｋｇ灭火器", "😀灭火器过期😀", "A" * 500, "锁" * 300,
    "还有气的罐子，还有火", "1.电线乱 2.门锁着 3.没灭火器", "消防通道\n堵了\t灭火器过期",
)  # fmt: skip


def main() -> None:
    FILE.write_text(json.dumps(answers(), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def answers() -> list[dict[str, Any]]:
    asked: list[tuple[str, list[str] | None]] = [(text, None) for text in ODD]
    for phrase in content.phrases()[::EVERY]:
        asked.append((phrase.text, None))
        if phrase.place:
            asked.append((phrase.text, [phrase.place]))
    return [{"text": text, "kinds": kinds, "found": found(text, kinds)} for text, kinds in asked]


def found(text: str, kinds: list[str] | None) -> list[list[list[Any]]]:
    return [
        [[one.item_code, one.score, one.why] for one in candidates]
        for candidates in hazards(text, kinds)
    ]


if __name__ == "__main__":
    main()
