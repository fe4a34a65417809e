"""Put the SQLite load into PostgreSQL as it stands, so that both are measured on the same rows.

`DATABASE_URL=… python -m bench.move var/bench-20000/safegrid.sqlite3`
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CHUNK = 5000
Convert = Callable[[Any], Any]


def main(path: Path) -> int:
    os.environ["SAFEGRID_HOME"] = str(path.parent)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0, interactive=False)
    source = sqlite3.connect(path)
    models = apps.get_models(include_auto_created=True)
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models:
            cursor.execute(f'TRUNCATE "{model._meta.db_table}" CASCADE')
        for model in models:
            print(model._meta.db_table, _copy(source, cursor, model), flush=True)
    _reset_sequences(models)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return 0


def _copy(source: sqlite3.Connection, cursor: Any, model: Any) -> int:
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    converts = [_convert(field) for field in fields]
    count = 0
    with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for row in _rows(source, f'SELECT {columns} FROM "{table}"'):
            copy.write_row([to(value) for to, value in zip(converts, row, strict=True)])
            count += 1
    return count


def _rows(source: sqlite3.Connection, sql: str) -> Iterator[tuple[Any, ...]]:
    found = source.execute(sql)
    while rows := found.fetchmany(CHUNK):
        yield from rows


def _convert(field: Any) -> Convert:
    kind = (field.target_field if field.is_relation else field).get_internal_type()
    return {"BooleanField": _bool, "DateTimeField": _moment}.get(kind, _same)


def _bool(value: Any) -> Any:
    return None if value is None else bool(value)


def _moment(value: Any) -> Any:
    """SQLite keeps UTC without saying so."""
    return None if value is None else f"{value}+00"


def _same(value: Any) -> Any:
    return value


def _reset_sequences(models: Any) -> None:
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
