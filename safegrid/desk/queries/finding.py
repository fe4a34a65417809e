"""Search over everything the user may see; Chinese words of two characters are enough."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from safegrid.checklists.models import Item
from safegrid.desk.queries import counts
from safegrid.desk.queries.parts import link
from safegrid.enterprises.models import Place
from safegrid.library import queries as library
from safegrid.people.models import Post, Tenure
from safegrid.shared import clock
from safegrid.shared.numbers import fold

SHOWN = 10
PHONE_DIGITS = 7


@dataclass(frozen=True)
class Hit:
    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind: at most ten, and whether there are more."""

    title: str
    icon: str
    hits: list[Hit]
    has_more: bool
    url: str


def find(user: Any, text: str) -> list[Group]:
    """The groups that have a hit; one query each."""
    words = fold(text).split()
    if not words:
        return []
    groups = [
        _places(user, words, text),
        _hazards(user, words, text),
        _clues(user, words, text),
        _clauses(user, text),
        _people(user, words, text),
    ]
    return [group for group in groups if group.hits]


def _places(user: Any, words: list[str], text: str) -> Group:
    rows = Place.objects.allowed(user, "enterprises.view").filter(_each(words, _place_word))
    found = list(
        rows.select_related("grid", "kind")
        .defer("grid__boundary")
        .order_by("area_code", "name")[: SHOWN + 1]
    )
    hits = [Hit(place.name, f"{place.address}　{place.number}", f"/places/{place.pk}/")
            for place in found]  # fmt: skip
    return _group("场所", "place", hits, link("/places/", q=text))


def _place_word(word: str) -> Q:
    said = _has("name", word) | _has("address", word) | _has("principal", word)
    if word.isascii():
        said |= Q(number__icontains=word) | Q(enterprise__credit_code=word.upper())
    if word.isdigit() and len(word) >= PHONE_DIGITS:
        said |= Q(phone__startswith=word) | Q(safety_phone__startswith=word)
    return said


def _hazards(user: Any, words: list[str], text: str) -> Group:
    hits = _cases(counts.hazard_rows(user), words, "/hazards/")
    return _group("隐患", "hazard", hits, link("/hazards/", q=text))


def _clues(user: Any, words: list[str], text: str) -> Group:
    return _group("线索", "eye", _cases(counts.clue_rows(user), words, "/clues/"),
                  link("/clues/", q=text))  # fmt: skip


def _cases(rows: Any, words: list[str], path: str) -> list[Hit]:
    found = rows.filter(_each(words, _case_word)).select_related("place").order_by("-found_at")
    return [
        Hit(case.title, f"{case.place.name}　{case.get_state_display()}　{case.number}",
            f"{path}{case.pk}/")
        for case in found[: SHOWN + 1]
    ]  # fmt: skip


def _has(field: str, word: str) -> Q:
    """The field contains the word; only Latin letters have two cases, and folding them costs."""
    return Q(**{f"{field}__{'icontains' if word.isascii() else 'contains'}": word})


def _case_word(word: str) -> Q:
    """By its item, its place or its own words; each part can use an index of its own."""
    said = Q(item__in=Item.objects.filter(_has("hazard", word)).values("pk"))
    said |= Q(place__in=Place.objects.filter(_has("name", word)).values("pk"))
    said |= Q(item__isnull=True) & _has("title", word)
    return said | Q(number__icontains=word) if word.isascii() else said


def _clauses(user: Any, text: str) -> Group:
    if not user.may("library.view"):
        return _group("条款", "book", [], "/library/")
    hits = [
        Hit(f"{clause.document.title}　{clause.place}", clause.summary, clause.get_absolute_url())
        for clause in library.search(text, SHOWN + 1)
    ]
    return _group("条款", "book", hits, link("/library/", q=text))


def _people(user: Any, words: list[str], text: str) -> Group:
    """Holders of posts, only for those who may see posts; by name, post or body."""
    if not user.may("people.view"):
        return _group("人员岗位", "people", [], "/people/")
    posts = Post.objects.allowed(user, "people.view").order_by()
    held = Tenure.objects.on(clock.today()).filter(post__in=posts).filter(_each(words, _post_word))
    found = held.select_related("user", "post__organisation").order_by("post__area_code", "id")
    hits = [
        Hit(tenure.user.name, str(tenure.post), link("/people/", q=tenure.user.name))
        for tenure in found[: SHOWN + 1]
    ]
    return _group("人员岗位", "people", hits, link("/people/", q=text))


def _post_word(word: str) -> Q:
    return (
        Q(user__name__icontains=word)
        | Q(post__name__icontains=word)
        | Q(post__organisation__name__icontains=word)
    )


def _each(words: list[str], said: Any) -> Q:
    """Every word must occur somewhere."""
    found = Q()
    for word in words:
        found &= said(word)
    return found


def _group(title: str, icon: str, hits: list[Hit], url: str) -> Group:
    return Group(title, icon, hits[:SHOWN], len(hits) > SHOWN, url)
