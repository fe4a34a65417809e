"""A small library for tests: one document of each standing, fixed values."""

from datetime import date
from typing import Any

from safegrid.library.models import Clause, Document
from safegrid.library.queries import index


def document(code: str = "xff", **changes: Any) -> Document:
    facts: dict[str, Any] = {
        "title": "中华人民共和国消防法",
        "kind": "law",
        "number": "主席令第八十一号",
        "issuer": "全国人民代表大会常务委员会",
        "effective": date(2021, 4, 29),
        "status": "in_force",
        "official_url": "https://flk.npc.gov.cn/",
        "is_verified": True,
    }
    made: Document = Document.objects.create(code=code, **{**facts, **changes})
    return made


def clause(document: Document, code: str = "xff-a028", **changes: Any) -> Clause:
    facts: dict[str, Any] = {
        "article": "第二十八条",
        "summary": "不得占用、堵塞、封闭疏散通道、安全出口、消防车通道",
        "is_verified": True,
    }
    facts |= changes
    words = index((document.title, facts["article"], facts["summary"]))
    made: Clause = Clause.objects.create(code=code, document=document, words=words, **facts)
    return made
