"""What must be true of accounts before a real city uses this installation."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from safegrid.people.models import User


@register(Tags.database)
def demo_accounts(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Demo accounts let anybody in, so production mode refuses to start with one."""
    if settings.IS_DEMO or not databases:
        return []
    if User._meta.db_table not in connections["default"].introspection.table_names():
        return []
    count = User.objects.filter(is_demo=True).count()
    if not count:
        return []
    text = f"库里有{count}个演示账号，正式模式不能有。换一个空库，或在演示模式下停用并删除它们"
    return [Error(text, id="people.E001")]
