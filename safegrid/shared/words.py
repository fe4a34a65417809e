"""Search words without a dictionary: Chinese in overlapping pairs, the rest word by word.

A run of Chinese characters is indexed as its pairs and its last character, so that every single
character begins some token. A query word of one character is therefore a prefix (消*), every other
one is a whole token; all of them must occur.
"""

import re

from safegrid.shared.numbers import fold

_CJK = "々〇\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|[^\W_{_CJK}]+")


def bigrams(text: str) -> list[str]:
    """The tokens in order: pairs of each Chinese run, a lone character, words in lower case."""
    return [token for run in _runs(text) for token in _pairs(run)]


def index_text(text: str) -> str:
    """The tokens to store for full-text search, separated by single spaces."""
    return " ".join(token for run in _runs(text) for token in _stored(run))


def query_text(text: str) -> list[str]:
    """The tokens a match must contain, each once; empty when there is nothing to look for."""
    return list(dict.fromkeys(bigrams(text)))


def _runs(text: str) -> list[re.Match[str]]:
    return list(_RUN.finditer(fold(text).lower()))


def _stored(run: re.Match[str]) -> list[str]:
    tokens = _pairs(run)
    return [*tokens, run[0][-1]] if run["cjk"] and len(run[0]) > 1 else tokens


def _pairs(run: re.Match[str]) -> list[str]:
    word = run[0]
    if not run["cjk"] or len(word) == 1:
        return [word]
    return [word[i : i + 2] for i in range(len(word) - 1)]
