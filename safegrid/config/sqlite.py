"""Which journal mode is safe for the linked SQLite.

SQLite 3.7.0–3.51.2 can lose committed rows in WAL mode when two connections race at a
checkpoint; fixed in 3.51.3 and the back-ports 3.50.7 and 3.44.6 (sqlite.org, "WAL-reset bug").
"""

import sqlite3

Version = tuple[int, ...]


def journal_mode(version: Version = sqlite3.sqlite_version_info) -> str:
    """`WAL` where that is safe, otherwise the rollback journal `TRUNCATE`."""
    backports: dict[Version, Version] = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}
    fixed = backports.get(version[:2], (3, 51, 3))
    return "WAL" if version >= fixed else "TRUNCATE"


def options() -> dict[str, object]:
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={journal_mode()};"
            "PRAGMA synchronous=FULL;"
            "PRAGMA cache_size=-65536;"
            "PRAGMA mmap_size=268435456;"
            "PRAGMA temp_store=MEMORY;"
        ),
    }
