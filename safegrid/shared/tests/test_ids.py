from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safegrid.shared.ids import is_token, token, uuid7

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


def test_a_uuid7_has_the_version_and_variant_of_rfc_9562() -> None:
    made = uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)


def test_a_uuid7_begins_with_its_milliseconds() -> None:
    assert uuid7(NOON).int >> 80 == int(NOON.timestamp() * 1000)


def test_the_example_of_rfc_9562_has_the_same_time() -> None:
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    assert str(uuid7(at)).startswith("017f22e2-79b0-7")


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1)),
    st.integers(min_value=1, max_value=10**12),
)
def test_a_later_microsecond_sorts_later(at: datetime, later: int) -> None:
    first = at.replace(tzinfo=UTC)
    assert uuid7(first) < uuid7(first + timedelta(microseconds=later))


def test_uuids_of_one_moment_differ() -> None:
    assert len({uuid7(NOON) for _ in range(1000)}) == 1000


def test_a_moment_before_1970_is_refused() -> None:
    with pytest.raises(ValueError, match="放不下"):
        uuid7(datetime(1969, 12, 31, tzinfo=UTC))


def test_a_token_has_26_characters_and_never_repeats() -> None:
    made = {token() for _ in range(1000)}
    assert len(made) == 1000
    assert all(is_token(one) for one in made)


@pytest.mark.parametrize("text", ["", "A" * 25, "A" * 27, "a" * 26, "1" * 26, "A" * 26 + "\n"])
def test_other_texts_are_no_tokens(text: str) -> None:
    assert not is_token(text)
