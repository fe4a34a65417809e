"""Which step of the journal tells whom, from `data/rules.yaml`."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Rule:
    """When an entry has this step and these facts, these readers hear it in these words."""

    step: str
    to: list[str]
    level: str
    title: str
    when: dict[str, Any] = field(default_factory=dict)

    def applies(self, facts: dict[str, Any]) -> bool:
        return all(
            facts.get(name) in (wanted if isinstance(wanted, list) else [wanted])
            for name, wanted in self.when.items()
        )


def _read() -> dict[str, list[Rule]]:
    path = Path(__file__).parent / "data" / "rules.yaml"
    rules: dict[str, list[Rule]] = defaultdict(list)
    for facts in yaml.safe_load(path.read_text(encoding="utf-8")):
        rules[facts["step"]].append(Rule(**facts))
    return dict(rules)


RULES = _read()
