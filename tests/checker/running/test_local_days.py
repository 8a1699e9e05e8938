"""Whole checks of servers whose days are a zone's: one finding, that says so, and real bugs beside it."""

from dataclasses import replace
from itertools import cycle, product
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.local_days import LocalDays, checked, zone
from tests.sampling import sampled
from usagetwin_checker.findings import BINDING, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.checker.local_days import Asked, Points

pytestmark = pytest.mark.no_cover  # whole checks: traced, they take twice as long
DAYS_ARE_UTC: Final = "days-are-utc"
SMALL: Final = 60
NOW: Final = "2026-03-17T15:20:00Z"
ZONES: Final = {  # what the finding says of each
    "America/New_York": "labels lie at 05:00 and 04:00 UTC: days of a zone at UTC-5/-4",
    "America/St_Johns": "labels lie at 03:30 and 02:30 UTC: days of a zone at UTC-3:30/-2:30",
    "Europe/Berlin": "labels lie at 23:00 and 22:00 UTC: days of a zone at UTC+1/+2",
    "Asia/Kolkata": "labels lie at 18:30 UTC: days of a zone at UTC+5:30",
    "Pacific/Auckland": "labels lie at 12:00 and 11:00 UTC: days of a zone at UTC+12/+13",
    "Pacific/Kiritimati": "labels lie at 10:00 UTC: days of a zone at UTC+14",
    "Pacific/Honolulu": "labels lie at 10:00 UTC: days of a zone at UTC-10",
    "Australia/Lord_Howe": "labels lie at 13:30 and 13:00 UTC: days of a zone at UTC+10:30/+11",
    "Pacific/Chatham": "labels lie at 11:15 and 10:15 UTC: days of a zone at UTC+12:45/+13:45",
}
EDGES: Final = (  # around changes of the clock, the turn of a month, and of a year
    "2026-03-08T06:59:59Z",
    "2026-03-08T12:00:00Z",
    "2025-11-02T06:30:00Z",
    "2025-10-26T00:30:00Z",
    "2026-04-01T02:00:00Z",
    "2026-02-28T23:30:00Z",
    "2026-01-01T00:00:00Z",
    "2025-10-05T15:00:00Z",
)


@pytest.mark.parametrize(
    ("name", "overlapping"),
    sampled(
        zip(ZONES, cycle([True, False]), strict=False),
        [("America/New_York", True), ("Australia/Lord_Howe", False)],
    ),
)
def test_an_honest_server_of_local_days_gives_one_finding(name: str, *, overlapping: bool) -> None:
    """It passes, unconfirmed, whichever buckets a window takes; the finding names the offsets and a zone."""
    server = LocalDays(zone(name), NOW, overlapping=overlapping, local_defaults=overlapping)

    report = checked(server, budget=SMALL, knowing=overlapping)

    assert [finding.rule_id for finding in report.findings] == [DAYS_ARE_UTC]
    assert report.verdict is Verdict.PASS
    assert report.findings[0].message.startswith(f"{ZONES[name]}, such as ")
    assert "time-is-bucket-start" in report.findings[0].also


@pytest.mark.parametrize(
    ("name", "now"),
    sampled(
        zip([*ZONES][:8], EDGES, strict=True),
        [("Europe/Berlin", "2025-11-02T06:30:00Z")],
    ),
)
def test_it_does_so_around_a_change_of_the_clock_and_of_the_month(name: str, now: str) -> None:
    """A day of 23 or 25 hours, and a month that has begun here and not there."""
    report = checked(LocalDays(zone(name), now), budget=SMALL)

    assert [finding.rule_id for finding in report.findings] == [DAYS_ARE_UTC]


def test_strict_mode_fails_it() -> None:
    """Days are UTC's for the twin."""
    report = checked(LocalDays(zone("Asia/Kolkata"), NOW), budget=SMALL, strict=True)

    assert report.verdict is Verdict.FAIL


@pytest.mark.proof
@pytest.mark.parametrize("budget", [SMALL, None])
@pytest.mark.parametrize("name", ZONES)
def test_every_honest_server_of_local_days_gives_one_finding(name: str, budget: int | None) -> None:
    """With either budget, at every edge, however windows and defaults are read, and the time known or not."""
    for now, overlapping, own, knowing in product((NOW, *EDGES), (True, False), (True, False), (True, False)):
        server = LocalDays(zone(name), now, overlapping=overlapping, local_defaults=own)
        report = checked(server, budget=budget, knowing=knowing)
        assert [finding.rule_id for finding in report.findings] == [DAYS_ARE_UTC], (now, overlapping, own)


def _too_many_in_30_days(asked: "Asked", points: "Points") -> "Points":
    more = asked.view == "rolling_30d"
    return [{**point, "0": point["0"] + more} for point in points]


def _no_last_day_of_a_month(asked: "Asked", points: "Points") -> "Points":
    return [{**point, "0": point["0"] - asked.monthly} for point in points]


def _without_the_fortieth(_asked: "Asked", points: "Points") -> "Points":
    return points[:40] + points[41:]


def _two_count_twice(asked: "Asked", points: "Points") -> "Points":
    return [{**point, "0": point["0"] * (2 if len(asked.keys) == 2 else 1)} for point in points]


BUGS: Final["dict[str, tuple[Callable[[Asked, Points], Points], set[str]]]"] = {
    "wrong rolling sums": (_too_many_in_30_days, {"rolling-30d-sums"}),
    "wrong months": (_no_last_day_of_a_month, {"monthly-sums"}),
    "a bucket is lost": (_without_the_fortieth, {"known-bucket-is-present"}),
    "two projects count twice": (_two_count_twice, {"filter-additive", "filter-monotone"}),
}


@pytest.mark.parametrize(
    ("bug", "name"),
    sampled(
        product(BUGS, ["America/New_York", "Pacific/Auckland"]),
        [("wrong months", "America/New_York")],
    ),
)
def test_a_bug_fails_a_server_of_local_days_by_its_own_rule(bug: str, name: str) -> None:
    """What fails is the bug; that the days are local stays unconfirmed beside it."""
    wrong, rules = BUGS[bug]

    report = checked(LocalDays(zone(name), NOW, bug=wrong), budget=SMALL)

    failures = {finding.rule_id for finding in report.findings if finding.rule.tier in BINDING}
    assert failures == rules
    assert DAYS_ARE_UTC in {finding.rule_id for finding in report.findings}


@pytest.mark.parametrize(
    ("name", "earlier_s", "later_s", "rule_id"),
    sampled(
        [
            ("America/St_Johns", 172_800, 0, "series-starts-at-from"),
            ("America/St_Johns", 0, 172_800, "series-ends-at-to"),
            ("Asia/Kolkata", 172_800, 0, "series-starts-at-from"),
            ("Asia/Kolkata", 0, 172_800, "series-ends-at-to"),
        ],
        [("America/St_Johns", 172_800, 0, "series-starts-at-from")],
    ),
)
def test_a_bucket_beyond_its_window_fails_a_server_of_local_days(
    name: str, earlier_s: int, later_s: int, rule_id: str
) -> None:
    """Two local days more than the window meets."""
    server = LocalDays(zone(name), NOW)
    honest = LocalDays(zone(name), NOW)

    def wider(asked: "Asked", _points: "Points") -> "Points":
        return honest.points(replace(asked, from_s=asked.from_s - earlier_s, to_s=asked.to_s + later_s))

    server.bug = wider

    report = checked(server, budget=SMALL)

    assert rule_id in {finding.rule_id for finding in report.findings}
    assert report.verdict is Verdict.FAIL
