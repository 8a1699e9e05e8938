"""The forms in which a test writes an instant."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from usagetwin.errors import SettingError
from usagetwin.stage.instants import instant_s, moment, wire_instant

AFTERNOON = 1_773_760_800  # 2026-03-17T15:20:00Z


@pytest.mark.parametrize(
    "written",
    [
        AFTERNOON,
        "1773760800",
        "2026-03-17T15:20:00Z",
        "2026-03-17T16:20:00+01:00",
        "2026-03-17 15:20",
        datetime(2026, 3, 17, 15, 20, tzinfo=UTC),
        datetime(2026, 3, 17, 15, 20),  # noqa: DTZ001 -- that it means UTC is what is tested
        datetime(2026, 3, 17, 10, 20, 0, 999_999, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_one_instant_has_many_forms(written: str | int | datetime) -> None:
    """Unix seconds, ISO 8601, a datetime: in any zone, in UTC without one, and rounded down to the second."""
    assert instant_s(written) == AFTERNOON
    assert wire_instant(written) == "1773760800"


@pytest.mark.parametrize("written", [date(2026, 3, 17), "2026-03-17"])
def test_a_date_is_its_first_instant(written: str | date) -> None:
    """Midnight, in UTC: 20 529 days after 1970 began."""
    assert instant_s(written) == 20_529 * 86_400


def test_a_moment_is_the_same_instant_as_a_datetime() -> None:
    """In UTC, whatever the machine's zone is."""
    assert moment(AFTERNOON) == datetime(2026, 3, 17, 15, 20, tzinfo=UTC)
    assert moment(AFTERNOON).utcoffset() == timedelta()


@pytest.mark.parametrize("written", [True, 1.5, None, b"2026-03-17", timedelta(1)])
def test_what_is_no_instant_is_refused_by_its_type(written: object) -> None:
    """A bool is no number of seconds, and a float has no exact one."""
    with pytest.raises(
        SettingError, match=f"{type(written).__name__}, which is no instant\n  try   Unix seconds"
    ):
        instant_s(written)  # type: ignore[arg-type]  # -- that is what is tested


@pytest.mark.parametrize("written", [1_773_760_800_000, "1773760800000"])
def test_milliseconds_are_named_with_the_seconds_to_give(written: str | int) -> None:
    """The likeliest mistake (FACTS 3) has a message of its own."""
    with pytest.raises(SettingError, match=r"looks like milliseconds.*\n  try   1773760800$"):
        instant_s(written)


@pytest.mark.parametrize("written", [-1, 10**16, "1969-12-31T23:59:59Z", datetime(1969, 1, 1, tzinfo=UTC)])
def test_an_instant_has_ten_digits_at_most(written: str | int | datetime) -> None:
    """From 1970 to 2286, which is what the parameters can say."""
    with pytest.raises(SettingError, match="out of range"):
        instant_s(written)


def test_digits_go_to_the_wire_as_they_are() -> None:
    """What they may be is the contract's to say, so that its own message tells of a mistake."""
    assert wire_instant(1_773_760_800_000) == "1773760800000"
    assert wire_instant("0017") == "0017"
    assert wire_instant(-5) == "-5"
