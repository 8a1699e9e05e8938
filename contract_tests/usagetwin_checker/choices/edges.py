"""Where a series begins and ends: before the creation, after the current day, after a time that is not kept.

Rule: what is about the current day is read only where it is certain which day that is.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTH_TO_DATE
from usagetwin.days import day_of, first_of_month, next_month, start_of, weekday
from usagetwin_checker.asking.parameters import INCREMENTAL, between
from usagetwin_checker.choices.buckets import BOTH, DAILY_VIEWS, MTD, SUNDAY, TO
from usagetwin_checker.choices.choice import TWIN, Choice, only, without
from usagetwin_checker.exchanges import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.choices.choice import Ways
    from usagetwin_checker.choices.seen import Seen, Series

KEPT_DAYS: Final = 400
BACK_DAYS: Final = 300  # of one look back for the creation
GAP_DAYS: Final = 4
AHEAD_DAYS: Final = 5


def today_asks(seen: "Seen") -> "Iterator[Ask]":
    """Give a `from` alone at the next midnights, which is refused where it is ahead."""
    yield Ask()
    newest = day_of(seen.newest_s)
    for day in (newest + 1, newest + 2):
        yield Ask((("from", str(start_of(day))),))


def _open_bucket(seen: "Seen", ways: "Ways") -> "Ways":
    today = seen.today
    if today is None:
        return ways
    for each in seen.of_view(*DAILY_VIEWS):
        if today in each.buckets:
            return only(ways, TWIN)
    if not seen.shows("zero buckets") or (weekday(today) == SUNDAY and not seen.shows("Sundays")):
        return ways
    for each in seen.of_view(MONTH_TO_DATE):
        if today - 1 in each.buckets and _reaches(seen, each, today):
            return only(ways, "open-bucket-absent")
    return ways


def _reaches(seen: "Seen", each: "Series", today: int) -> bool:
    """Tell whether a window has the current day, also where buckets that `to` cuts are left out."""
    if each.to_s is None:
        return not seen.possible("cut buckets") & {TO, BOTH}
    return each.to_s >= start_of(today + 1)


def _month_end(seen: "Seen", ways: "Ways") -> "Ways":
    today = seen.today
    if today is None:
        return ways
    for each in seen.of_view(*DAILY_VIEWS):
        if each.to_s is None or each.to_s < start_of(today + GAP_DAYS) or not each.buckets:
            continue
        if max(each.buckets) > today:
            return only(ways, "zeros-to-month-end")
        near = max(each.buckets) >= today - 3
        if near and today + 2 < next_month(today) and seen.shows("zero buckets"):
            ways = without(ways, "zeros-to-month-end")
    return ways


def _retention(seen: "Seen", ways: "Ways") -> "Ways":
    today = seen.today
    if today is None:
        return ways
    oldest = today - KEPT_DAYS
    for each in seen.of_view(*DAILY_VIEWS):
        if each.buckets and min(each.buckets) < oldest - 31:
            ways = without(ways, "retention")
            if each.view == MONTH_TO_DATE:
                ways = without(ways, "month-to-date-retention")
    return only(ways, *_cut_off(seen, oldest)) or ways


def _cut_off(seen: "Seen", oldest: int) -> "Iterator[str]":
    """Name the ways that show where a series begins with the first day kept, and older days count."""
    for keys in seen.filters:
        by_day = seen.sums.get(("incremental", keys), {})
        by_month = seen.sums.get((MONTH_TO_DATE, keys), {})
        if not by_day or not by_month:
            continue
        begins = {
            view: [each for each in seen.of_view(view) if each.keys == keys and _begins_at(each, oldest)]
            for view in ("incremental", MONTH_TO_DATE)
        }
        older = any(value > 0 for day, value in by_day.items() if day < oldest)
        if begins[MONTH_TO_DATE] and older:
            yield "month-to-date-retention"
        earlier = by_month.get(oldest, 0) - by_day.get(oldest, 0) > 0
        if begins["incremental"] and begins[MONTH_TO_DATE] and earlier and first_of_month(oldest) != oldest:
            yield "retention"


def _begins_at(each: "Series", oldest: int) -> bool:
    asked_before = each.from_s is not None and each.from_s <= start_of(oldest - GAP_DAYS)
    return asked_before and bool(each.buckets) and min(each.buckets) == oldest


def _creation(seen: "Seen", ways: "Ways") -> "Ways":
    if not seen.shows("zero buckets"):
        return ways
    for each in seen.of_view(*DAILY_VIEWS):
        if not each.buckets or each.from_s is None:
            continue
        first = min(each.buckets)
        if _is_empty_elsewhere(seen, each):
            return only(ways, "zeros-before-creation")
        if first > day_of(each.from_s) + GAP_DAYS and _is_no_retention(seen, first):
            ways = without(ways, "zeros-before-creation")
    return ways


def _is_empty_elsewhere(seen: "Seen", each: "Series") -> bool:
    """Tell whether a day that is shown as zero is in the window of an answer that shows no bucket at all."""
    zeros = [day for day, value in each.of_days.items() if value == 0 and day < seen.first_open]
    return any(
        other.has_day(day)
        for other in seen.of_view(each.view)
        if other.keys == each.keys and not other.buckets
        for day in zeros
    )


def _is_no_retention(seen: "Seen", first: int) -> bool:
    kept = seen.shows("retention") or (seen.today is not None and first > seen.today - KEPT_DAYS + 31)
    return kept and first < seen.first_open


# --- what would tell -------------------------------------------------------------------------------------


def _ahead(seen: "Seen") -> "Iterator[Ask]":
    newest = day_of(seen.newest_s)
    yield Ask((*between(newest - 3, newest + AHEAD_DAYS), *MTD))
    yield from today_asks(seen)


def _old(seen: "Seen") -> "Iterator[Ask]":
    oldest = day_of(seen.newest_s) - KEPT_DAYS
    for view in (MTD, INCREMENTAL):
        yield Ask((*between(oldest - 60, oldest + 20), *view))
    yield from today_asks(seen)


def _before(seen: "Seen") -> "Iterator[Ask]":
    """Look back until a window begins before the first bucket, then ask for what lies before that alone."""
    shown = [min(each.buckets) for each in seen.of_view("incremental") if each.buckets and not each.keys]
    first = min(shown, default=day_of(seen.newest_s))
    if not seen.possible("widest window") & {"cap-of-365-days", "cap-below-365-days"}:
        yield Ask((*between(0, first + 10), *INCREMENTAL))
        yield Ask((*between(0, 40), *INCREMENTAL))
        return
    yield Ask((*between(first - BACK_DAYS, first + 10), *INCREMENTAL))
    yield Ask((*between(first - BACK_DAYS, first - 1), *INCREMENTAL))


CHOICES: Final = (
    Choice(
        "open bucket",
        ("open-bucket-absent",),
        _open_bucket,
        _ahead,
        needs="to know the current day, which is no first of a month, and that zero buckets are shown",
    ),
    Choice(
        "days ahead",
        ("zeros-to-month-end",),
        _month_end,
        _ahead,
        needs="a window that reaches past today, some days before the end of a month",
    ),
    Choice(
        "retention",
        ("retention", "month-to-date-retention"),
        _retention,
        _old,
        needs=f"an account with sessions more than {KEPT_DAYS} days ago",
    ),
    Choice(
        "before the creation",
        ("zeros-before-creation",),
        _creation,
        _before,
        needs="a window that begins before the first project was created",
    ),
)
