"""The first page of each role: what there is to do, in the order of the work.

Every number is counted from the rows that its link shows; four of the twelve queries a page may
make belong to the frame.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import F

from safegrid.desk.queries import areas, counts, today
from safegrid.desk.queries.parts import Count, Home, Section, link
from safegrid.hazards.models import (
    OPEN_STATES,
    Answer,
    ClueState,
    Extension,
    Hazard,
    Severity,
    State,
    Transfer,
)
from safegrid.people.models import Post
from safegrid.people.roles import Role

SHOWN = 6


def of_post(user: Any, post: Post) -> Home:
    """The first page for a post; roles without a desk of their own get their doors."""
    build = HOMES.get(post.role, _plain)
    return build(user, post)


def community_head(user: Any, post: Post) -> Home:
    clue_rows, hazard_rows = counts.clue_rows(user), counts.hazard_rows(user)
    clues, hazards = counts.clues(clue_rows), counts.hazards(hazard_rows)
    in_hand, open_ones = f"办理中线索{clues.open:,}条", f"未销号{hazards.open:,}条"
    workers = today.workers(user)
    visits = sum(worker.visits for worker in workers)
    return Home(
        "今日网格",
        "先受理线索，再看谁还没出门，最后催超期",
        (
            Count("待受理", clues.collected, in_hand, _clues("collected")),
            Count("今日走访", visits, f"{len(workers)}人在走", TODAY),
            Count("已超期", hazards.overdue, open_ones, _hazards("overdue"), "red"),
        ),
        (
            _clue_section(clue_rows, ClueState.COLLECTED, "待受理", "没有待受理的线索"),
            _late_section(hazard_rows),
            _worker_section(workers),
        ),
    )


def township_officer(user: Any, post: Post) -> Home:
    clue_rows, hazard_rows = counts.clue_rows(user), counts.hazard_rows(user)
    clues, hazards = counts.clues(clue_rows), counts.hazards(hazard_rows)
    in_hand, open_ones = f"办理中线索{clues.open:,}条", f"未销号{hazards.open:,}条"
    places, workers = counts.places(counts.place_rows(user)), today.workers(user)
    all_places = f"场所{places.total:,}处"
    visits = sum(worker.visits for worker in workers)
    return Home(
        "今日分拨",
        "先分派，再催办，后核查",
        (
            Count("待分派", clues.accepted, in_hand, _clues("accepted")),
            Count("已超期", hazards.overdue, open_ones, _hazards("overdue"), "red"),
            Count("待核查", hazards.repaired, open_ones, _hazards("repaired")),
            Count("今日走访", visits, f"{len(workers)}人在走", TODAY),
            Count("责任空白", places.gaps, all_places, "#gaps", "orange"),
        ),
        (
            _clue_section(clue_rows, ClueState.ACCEPTED, "待分派", "没有待分派的线索"),
            _late_section(hazard_rows),
            _verify_section(hazard_rows),
            _worker_section(workers),
            _gap_section(places),
        ),
    )


def department_officer(user: Any, post: Post) -> Home:
    ours = {"department_id": post.organisation_id}
    clue_rows = counts.clue_rows(user).filter(**ours)
    hazard_rows = counts.hazard_rows(user).filter(**ours)
    clues, hazards = counts.clues(clue_rows), counts.hazards(hazard_rows)
    in_hand, open_ones = f"办理中线索{clues.open:,}条", f"未销号{hazards.open:,}条"
    return Home(
        f"{post.organisation.short_name}今日",
        "先处置交来的线索，再下达整改，后核查",
        (
            Count("交来的线索", clues.assigned, in_hand, _ours(post, "assigned")),
            Count("待处理隐患", hazards.found, open_ones, _owned(post, "found")),
            Count("待核查", hazards.repaired, open_ones, _owned(post, "repaired")),
            Count("已超期", hazards.overdue, open_ones, _owned(post, "overdue"), "red"),
        ),
        (
            _clue_section(
                clue_rows,
                ClueState.ASSIGNED,
                "交来的线索",
                "没有交来的线索",
                _ours(post, "assigned"),
            ),
            _hazard_section(
                "order",
                "待处理隐患",
                hazard_rows.filter(state=State.FOUND),
                "没有待处理的隐患",
                _owned(post, "found"),
            ),
            _verify_section(hazard_rows, _owned(post, "repaired")),
            _late_section(hazard_rows, _owned(post, "overdue")),
        ),
    )


def department_head(user: Any, post: Post) -> Home:
    suspected = _open(Hazard.objects.allowed(user, "hazards.judge_major")).filter(
        severity=Severity.SUSPECTED
    )
    confirm = Hazard.objects.allowed(user, "hazards.confirm_close").filter(state=State.VERIFIED)
    hazards = counts.hazards(counts.hazard_rows(user))
    open_ones = f"未销号{hazards.open:,}条"
    extensions = _extensions(user)
    transfers = _transfers(post)
    return Home(
        f"{post.organisation.short_name}待定",
        "先判定疑似重大，再复核销号，后批延期",
        (
            Count("疑似重大", hazards.suspected, open_ones, _severe("suspected"), "red"),
            Count("待复核销号", hazards.verified, open_ones, _hazards("verified")),
            Count("待批延期", len(extensions), open_ones, "#extensions"),
            Count("待答移交", len(transfers), open_ones, "#transfers"),
            Count("已超期", hazards.overdue, open_ones, _hazards("overdue"), "red"),
        ),
        (
            _hazard_section("judge", "待判定", suspected, "没有待判定的", _severe("suspected")),
            _hazard_section("confirm", "待复核销号", confirm, "没有待复核的", _hazards("verified")),
            Section("extensions", "待批延期", "desk/_extensions.html", extensions, "没有待批的"),
            Section("transfers", "移交来的", "desk/_transfers.html", transfers, "没有等答复的"),
        ),
    )


def office(user: Any, post: Post) -> Home:
    hazard_rows = counts.hazard_rows(user)
    hazards, places = counts.hazards(hazard_rows), counts.places(counts.place_rows(user))
    open_ones, all_places = f"未销号{hazards.open:,}条", f"场所{places.total:,}处"
    rows = areas.by_area(user, post.area_code)
    majors = _open(hazard_rows).filter(severity=Severity.MAJOR)
    return Home(
        f"{post.area.name}今日",
        "重大在前，哪里超期、哪里没人管一眼看到",
        (
            Count("重大隐患", hazards.major, open_ones, _severe("major"), "red"),
            Count("疑似重大", hazards.suspected, open_ones, _severe("suspected"), "red"),
            Count("已超期", hazards.overdue, open_ones, _hazards("overdue"), "red"),
            Count("没有牵头部门", places.unled, all_places, GAPS["unled"], "orange"),
            Count("没有进网格", places.ungridded, all_places, GAPS["ungridded"], "orange"),
        ),
        (
            Section("areas", "各地对照", "desk/_areas.html", rows, "这里还没有下级区划"),
            _hazard_section("majors", "重大隐患", majors, "没有未销号的重大隐患", _severe("major")),
            _late_section(hazard_rows),
        ),
    )


def _plain(user: Any, post: Post) -> Home:
    """Roles whose work lies behind a few doors: the three administrators, content, experts."""
    return Home(str(post), "从这里进", doors=DOORS.get(post.role, ()))


def _clue_section(rows: Any, state: ClueState, title: str, empty: str, url: str = "") -> Section:
    waiting = rows.filter(state=state).select_related(
        "place__grid", "place__lead_department", "department", "found_by"
    )
    # Suspected major sorts last by name and comes first here; then those that wait longest.
    shown = list(waiting.order_by("-severity", "found_at")[:SHOWN])
    return Section(
        "clues",
        title,
        "desk/_clues.html",
        shown,
        empty,
        "重大与久等的在前",
        url or _clues(state),
        "全部",
    )


def _late_section(rows: Any, url: str = "") -> Section:
    late = rows.filter(counts.late()).select_related("place", "department")
    shown = list(late.order_by("due_on", "found_at")[:SHOWN])
    return Section(
        "overdue", "已超期", "desk/_late.html", shown, "没有超期的", "超得最久的在前",
        url or _hazards("overdue"), "全部",
    )  # fmt: skip


def _verify_section(rows: Any, url: str = "") -> Section:
    repaired = rows.filter(state=State.REPAIRED).select_related("place", "repaired_by")
    shown = list(repaired.order_by("repaired_at")[:SHOWN])
    return Section(
        "verify", "待核查", "desk/_verify.html", shown, "没有待核查的", "谁改的谁不核",
        url or _hazards("repaired"), "全部",
    )  # fmt: skip


def _hazard_section(slug: str, title: str, rows: Any, empty: str, url: str) -> Section:
    shown = rows.select_related("place", "department")
    ordered = list(shown.order_by(F("due_on").asc(nulls_last=True), "found_at")[:SHOWN])
    return Section(slug, title, "desk/_hazards.html", ordered, empty, "", url, "全部")


def _worker_section(workers: list[today.Worker]) -> Section:
    return Section(
        "visits", "今日走访", "desk/_workers.html", workers, "今天还没有人走访",
        url=TODAY, more="全部", is_aside=True,
    )  # fmt: skip


def _gap_section(places: counts.PlaceCounts) -> Section:
    gaps = [
        (places.unled, "没有牵头部门", "责任规则里没有一条管到它", GAPS["unled"]),
        (places.ungridded, "没有进网格", "没有坐标，或坐标不在任何网格里", GAPS["ungridded"]),
    ]
    return Section(
        "gaps", "责任空白", "desk/_gaps.html", [gap for gap in gaps if gap[0]],
        "每一处都有部门管、有网格", is_aside=True,
    )  # fmt: skip


def _extensions(user: Any) -> list[Extension]:
    rows = Hazard.objects.allowed(user, "hazards.decide_extension").order_by()
    waiting = Extension.objects.filter(hazard__in=rows, answer=Answer.WAITING)
    return list(waiting.select_related("hazard__place", "asked_by").order_by("asked_at")[:20])


def _transfers(post: Post) -> list[Transfer]:
    rows = Transfer.objects.filter(receiver=post.organisation_id, answer=Answer.WAITING)
    return list(rows.select_related("hazard__place", "giver", "by").order_by("at")[:20])


def _open(rows: Any) -> Any:
    return rows.filter(state__in=OPEN_STATES)


def _clues(state: str) -> str:
    return link("/clues/", state=str(state))


def _ours(post: Post, state: str) -> str:
    return link("/clues/", state=state, department=post.organisation_id)


def _hazards(state: str) -> str:
    return link("/hazards/", state=state)


def _owned(post: Post, state: str) -> str:
    return link("/hazards/", state=state, department=post.organisation_id)


def _severe(severity: str) -> str:
    return link("/hazards/", severity=severity)


TODAY = link("/visits/", kind="patrol", today=1)
GAPS = {
    "unled": link("/places/", gap="lead", state="open"),
    "ungridded": link("/places/", gap="grid", state="open"),
}

HOMES: dict[str, Callable[[Any, Post], Home]] = {
    Role.COMMUNITY_HEAD: community_head,
    Role.TOWNSHIP_OFFICER: township_officer,
    Role.DEPARTMENT_OFFICER: department_officer,
    Role.DEPARTMENT_HEAD: department_head,
    Role.COUNTY_OFFICE: office,
    Role.CITY_OFFICE: office,
    Role.LEADER: office,
}

# Title, what it is for, address, icon.
DOORS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    Role.SYSTEM_ADMIN: (
        ("账号", "开户、停用、重置密码", "/people/accounts/", "user"),
        ("区划网格", "看代码和边界", "/areas/", "grid"),
    ),
    Role.SECURITY_ADMIN: (
        ("岗位权限", "设岗、到岗、离岗", "/people/", "key"),
        ("区划网格", "岗位的范围从这里来", "/areas/", "grid"),
    ),
    Role.AUDITOR: (("审计流水", "谁在什么时候办了什么，逐条相连，可以校验", "/audit/", "history"),),
    "expert": (
        ("场所档案", "看企业情况", "/places/", "place"),
        ("检查清单", "看什么、怎么看", "/checklists/", "rule"),
        ("政策法规", "条款要点", "/library/", "book"),
    ),
    "editor": (("检查清单", "起草新版本", "/checklists/", "rule"),),
    "reviewer": (("检查清单", "审核与发布", "/checklists/", "rule"),),
    Role.INTEGRATION: (("场所档案", "接口账号只读", "/places/", "place"),),
}
