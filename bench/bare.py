"""The same inserts by bare SQL: the statements of one action, recorded and played again.

What one action writes is recorded statement by statement; each replay runs them in one committed
transaction with fresh ids, by the database's own driver.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

Statement = tuple[str, Any]
WRITES = ("INSERT", "UPDATE", "DELETE")
ENTRY, ABOUT, TEXT = '"shared_entry"', '"shared_entryabout"', '"shared_entrytext"'


def record(action: Callable[[], object]) -> list[Statement]:
    """The writing statements that an action executes, with their parameters."""
    found: list[Statement] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            found.append((sql, params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        action()
    return found


class Replay:
    """Plays recorded statements with fresh ids, so that nothing collides."""

    def __init__(self, statements: list[Statement], fresh: set[str]) -> None:
        self.statements, self.fresh = statements, fresh
        self.link: Any = _connect()
        self.mark = "?" if connection.vendor == "sqlite" else "%s"

    def play(self, names: dict[str, str] | None = None) -> None:
        """One transaction, committed; `names` carries fresh ids from one to the next."""
        names = {} if names is None else names
        seats: dict[int, int] = {}
        new: list[int] = []
        cursor = self.link.cursor()
        if connection.vendor == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        for sql, params in self.statements:
            if ABOUT in sql:
                seats |= zip(sorted(set(_whole(params))), new, strict=False)
            about_entry = ABOUT in sql or TEXT in sql
            given = [self._fresh(value, names, seats if about_entry else {}) for value in params]
            cursor.execute(sql.replace("%s", self.mark), given)
            if "RETURNING" in sql:
                ids = [row[0] for row in cursor.fetchall()]
                new += ids if ENTRY in sql else []
        self.link.commit()

    def rate(self, count: int) -> float:
        started = time.perf_counter()
        for _ in range(count):
            self.play()
        return count / (time.perf_counter() - started)

    def close(self) -> None:
        self.link.close()

    def _fresh(self, value: Any, names: dict[str, str], seats: dict[int, int]) -> Any:
        if isinstance(value, list):
            return [self._fresh(one, names, seats) for one in value]
        if type(value) is int:
            return seats.get(value, value)
        text = str(value)
        key = text.replace("-", "") if isinstance(value, UUID) else text
        if key not in self.fresh and text not in self.fresh:
            return value
        if key not in names:
            names[key] = uuid4().hex if len(key) == 32 else f"{key[:3]}{uuid4().hex[:18]}"
        new = names[key]
        return UUID(new) if isinstance(value, UUID) else new


def _whole(params: Any) -> list[int]:
    """The whole numbers among parameters, those in lists too."""
    found: list[int] = []
    for value in params:
        found += _whole(value) if isinstance(value, list) else []
        found += [value] if type(value) is int else []
    return found


def _connect() -> Any:
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        link = sqlite3.connect(facts["NAME"], isolation_level=None, timeout=20)
        for pragma in facts["OPTIONS"]["init_command"].split(";"):
            if pragma:
                with closing(link.execute(pragma)) as done:
                    done.fetchall()
        link.execute("PRAGMA foreign_keys=ON")
        return link
    import psycopg

    return psycopg.connect(**connection.get_connection_params())
