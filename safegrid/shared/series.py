"""Short numbers that people can say on the phone: YH-1125-0018."""

from django.db import transaction

from safegrid.shared import clock
from safegrid.shared.models import Numbered


@transaction.atomic
def next_number(prefix: str, count: int = 1) -> list[str]:
    """The next `count` numbers of today's series, in order."""
    day = clock.today()
    row, _ = Numbered.objects.select_for_update().get_or_create(series=f"{prefix}-{day:%Y%m%d}")
    first, row.last = row.last + 1, row.last + count
    row.save()
    return [f"{prefix}-{day:%y%m%d}-{serial:04d}" for serial in range(first, row.last + 1)]
