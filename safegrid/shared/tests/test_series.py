"""Short numbers."""

from datetime import datetime
from zoneinfo import ZoneInfo

from safegrid.shared import clock, series

DAY = datetime(2026, 11, 25, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_numbers_run_through_the_day_and_start_again_on_the_next(db):
    with clock.moved(DAY):
        assert series.next_number("YH", 2) == ["YH-261125-0001", "YH-261125-0002"]
        assert series.next_number("YH") == ["YH-261125-0003"]
        assert series.next_number("XS") == ["XS-261125-0001"]
    with clock.moved(DAY.replace(day=26)):
        assert series.next_number("YH") == ["YH-261126-0001"]
