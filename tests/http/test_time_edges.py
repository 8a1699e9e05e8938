"""Edges of days, months and years, to the second.

The account has one session every second, so that a month to date is the seconds since the month began.
"""

from typing import TYPE_CHECKING, Final

import pytest

from tests.inprocess import ask

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeApp

DAY: Final = 86_400
ONE_EACH_SECOND: Final = """\
name: seconds
about: One session every second.
seed: 1
projects:
  - key: default
    created: 2024-01-01
    traffic: {level: 86400, noise: 0}
"""
MONTHS: Final = [  # first instant, first instant of the next month, days
    ("2027-02-01", "2027-02-28T23:59:59Z", 28),
    ("2028-02-01", "2028-02-29T23:59:59Z", 29),
    ("2026-04-01", "2026-04-30T23:59:59Z", 30),
    ("2026-12-01", "2026-12-31T23:59:59Z", 31),
    ("2038-01-01", "2038-01-31T23:59:59Z", 31),
    ("2100-02-01", "2100-02-28T23:59:59Z", 28),
]


@pytest.fixture
def seconds_file(tmp_path: "Path") -> str:
    """Give the file of the account with one session every second."""
    file = tmp_path / "seconds.yaml"
    file.write_text(ONE_EACH_SECOND, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(("_first", "last_second", "days"), MONTHS)
def test_in_the_last_second_of_a_month_all_its_days_are_there(
    make_app: "MakeApp", seconds_file: str, _first: str, last_second: str, days: int
) -> None:
    """28, 29, 30 and 31 days, each day's total one day more; the last lacks one second."""
    answer = ask(make_app(world=seconds_file, now=last_second))

    assert answer.values == [*(day * DAY for day in range(1, days)), days * DAY - 1]


@pytest.mark.parametrize(("first", "_last_second", "_days"), MONTHS)
def test_a_month_starts_again_from_zero(
    make_app: "MakeApp", seconds_file: str, first: str, _last_second: str, _days: int
) -> None:
    """In its first instant the default window is empty; one second later it has one session."""
    at_first = ask(make_app(world=seconds_file, now=first))
    a_second_later = ask(make_app(world=seconds_file, now=f"{first}T00:00:01Z"))

    assert (at_first.status, at_first.values) == (200, [])
    assert a_second_later.values == [1]


@pytest.mark.parametrize(
    ("now", "incremental"),
    [
        ("2026-12-31T23:59:58Z", [DAY, DAY - 2]),
        ("2026-12-31T23:59:59Z", [DAY, DAY - 1]),
        ("2027-01-01T00:00:00Z", [DAY, DAY, 0]),
        ("2027-01-01T00:00:01Z", [DAY, DAY, 1]),
    ],
)
def test_a_day_closes_with_the_first_instant_of_the_next(
    make_app: "MakeApp", seconds_file: str, now: str, incremental: list[int]
) -> None:
    """Across the end of a year, second by second; 1798588800 is 2026-12-30."""
    answer = ask(
        make_app(world=seconds_file, now=now), "from=1798588800&to=9999999999&aggregationType=incremental"
    )

    assert answer.values == incremental


@pytest.mark.parametrize(
    ("window", "days"),
    [  # 1835395200 is 2028-02-29T00:00:00Z
        ("from=1835395200&to=1835395200", []),
        ("from=1835395200&to=1835395201", [29]),
        ("from=1835395199&to=1835395200", [28]),
        ("from=1835395199&to=1835395201", [28, 29]),
        ("from=1835481599&to=1835481600", [29]),
        ("from=1835481599&to=1835481601", [29, 1]),
        ("from=1835481600&to=1835481601", [1]),
    ],
)
def test_a_window_has_the_days_that_it_touches(
    make_app: "MakeApp", seconds_file: str, window: str, days: list[int]
) -> None:
    """Around the leap day, to the second: `from` belongs to the window, `to` does not."""
    answer = ask(make_app(world=seconds_file, now="2028-03-17"), window)

    assert answer.values == [day * DAY for day in days]


@pytest.mark.parametrize("now_s", [2_147_483_647, 2_147_483_648])
def test_time_goes_on_after_the_last_second_of_32_bits(
    make_app: "MakeApp", seconds_file: str, now_s: int
) -> None:
    """2038-01-19T03:14:07Z and the second after it: 2145916800 is the first of that month."""
    answer = ask(make_app(world=seconds_file, now=str(now_s)))

    assert len(answer.values) == 19
    assert answer.values[-1] == now_s - 2_145_916_800
    assert answer.json()["series"][-1]["time"] == 2_147_472_000_000


@pytest.mark.parametrize("now", ["1970-01-01", "2023-12-31T23:59:59Z"])
def test_before_the_account_began_there_is_nothing(make_app: "MakeApp", seconds_file: str, now: str) -> None:
    """A project whose creation lies ahead is known and has no buckets."""
    answer = ask(make_app(world=seconds_file, now=now), "projectKey=default&from=0&to=9999999999")

    assert (answer.status, answer.values) == (200, [])


def test_the_last_instant_of_ten_digits_is_answered(make_app: "MakeApp", seconds_file: str) -> None:
    """2286-11-20T17:46:39Z: twenty days of its month, the last one open."""
    answer = ask(make_app(world=seconds_file, now="9999999999"), "granularity=monthly")

    assert answer.values == [19 * DAY + 17 * 3600 + 46 * 60 + 39]
