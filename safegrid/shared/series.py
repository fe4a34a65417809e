"""Short numbers that people can say on the phone: YH-261125-0018."""

from django.db import connection, transaction

from safegrid.shared import clock

# One statement, so that nobody holds the row of a series longer than their own transaction needs.
_TAKE = """
INSERT INTO shared_numbered (series, last) VALUES (%s, %s)
ON CONFLICT (series) DO UPDATE SET last = shared_numbered.last + excluded.last
RETURNING last
"""


@transaction.atomic(savepoint=False)
def next_number(prefix: str, count: int = 1) -> list[str]:
    """The next `count` numbers of today's series, in order."""
    day = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [f"{prefix}-{day:%Y%m%d}", count])
        [(last,)] = cursor.fetchall()
    return [f"{prefix}-{day:%y%m%d}-{serial:04d}" for serial in range(last - count + 1, last + 1)]
