"""`safegrid check`: is this installation safe to use? One line a finding, in plain words."""

import sqlite3

from django.conf import settings
from django.core.checks import ERROR, CheckMessage, run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from safegrid.config import sqlite


def report() -> int:
    """Print the findings; return 1 when something must be put right first."""
    print(f"模式：{'演示' if settings.IS_DEMO else '正式'}；数据目录：{settings.HOME}")
    print(_database())
    found = [*run_checks(databases=["default"])]
    if not settings.IS_DEMO:
        found += _production()
    for finding in found:
        print(f"{'必须改' if finding.level >= ERROR else '注意'}：{finding.msg}")
    if _is_behind():
        print("必须改：数据库还没更新，先运行 safegrid serve 或 safegrid manage migrate")
        return 1
    serious = any(finding.level >= ERROR for finding in found)
    print("还有必须改的，见上。" if serious else "可以使用。")
    return int(serious)


def _database() -> str:
    if connection.vendor != "sqlite":
        return f"数据库：PostgreSQL，{connection.settings_dict['NAME']}"
    return f"数据库：SQLite {sqlite3.sqlite_version}，日志方式 {_mode()}，每次提交都落盘"


def _mode() -> str:
    kept = sqlite.journal_mode()
    if kept == "WAL":
        return "WAL（这个版本已修复WAL缺陷）"
    return "TRUNCATE（这个版本的WAL有丢数据的缺陷，所以不用）"


def _production() -> list[CheckMessage]:
    from django.core.checks.security.base import check_secret_key

    return list(check_secret_key(app_configs=None))


def _is_behind() -> bool:
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except (SystemExit, CommandError):
        return True
    return False
