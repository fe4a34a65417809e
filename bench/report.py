"""The measurements of one run as a table, beside what they are measured against."""

import argparse
import sqlite3
from typing import Any

from django.db import connection

from bench import pages, site, writes
from safegrid.enterprises.models import Place
from safegrid.hazards.models import Hazard
from safegrid.visits.models import Visit

PAGE_LIMIT = 150


def table(options: argparse.Namespace) -> str:
    with site.running() as address:
        by_page = pages.measure(address)
        bare, scan = pages.bare(address), pages.scan(address)
        submission = writes.submit_by_http(address)
    statements, fresh = writes.submit_statements()
    bare_submission = writes.bare_rate(statements, fresh, writes.SUBMISSIONS)
    loops, bare_loops = writes.loop_rate(), writes.bare_loop_rate()
    lines = [
        _title(),
        "",
        "| page | median ms | p95 ms | worst ms | p95 ≤ 150 |",
        "|---|---|---|---|---|",
        *(_page(name, one) for name, one in by_page.items()),
        "",
        "| what | ours /s | beside it /s | ratio | asked |",
        "|---|---|---|---|---|",
        _ratio("code page : bare view", scan.rate, bare.rate, 0.5),
        _ratio(
            f"submission over HTTP : its {len(statements)} writes by bare SQL",
            submission.rate,
            bare_submission,
            1 / 3,
        ),
        _ratio("loop found→closed : its four bare commits", loops, bare_loops, 1 / 3),
    ]
    return "\n".join(lines)


def _title() -> str:
    engine = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    version = sqlite3.sqlite_version if engine == "SQLite" else connection.pg_version
    counts = (Place.objects.count(), Visit.objects.count(), Hazard.objects.count())
    return "{} {}: {:,} places, {:,} visits, {:,} hazards".format(engine, version, *counts)


def _page(name: str, one: Any) -> str:
    mark = "yes" if one.p95 <= PAGE_LIMIT else "**no**"
    return f"| {name} | {one.median:.0f} | {one.p95:.0f} | {one.worst:.0f} | {mark} |"


def _ratio(name: str, ours: float, other: float, asked: float) -> str:
    ratio = ours / other
    mark = f"≥ {asked:.2f}" + ("" if ratio >= asked else ", **missed**")
    return f"| {name} | {ours:.0f} | {other:.0f} | {ratio:.2f} | {mark} |"
