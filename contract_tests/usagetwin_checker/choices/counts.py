"""What a bucket counts where nobody can know: the current day so far, and a month that the window cuts."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTH_TO_DATE, MONTHLY
from usagetwin.days import day_of, first_of_month, next_month, start_of
from usagetwin_checker.asking.parameters import between
from usagetwin_checker.choices.buckets import MTD
from usagetwin_checker.choices.choice import TWIN, Choice, only, without
from usagetwin_checker.choices.edges import today_asks
from usagetwin_checker.exchanges import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.choices.choice import Ways
    from usagetwin_checker.choices.seen import Seen, Series

WHOLE, NOTHING, ZERO = "open_day=whole", "today-counts-nothing", "open-bucket-is-zero"
GROWS, FALLS = "open-bucket-grows-with-each-request", "open-bucket-falls"
ENOUGH: Final = 200  # sessions of a day, of which so many requests would move some
TURNS: Final = 20
MONTHS: Final = (("granularity", "monthly"),)


def _open_day(seen: "Seen", ways: "Ways") -> "Ways":
    today = seen.today
    if today is None:
        return ways
    yesterday = today - 1
    for each in seen.of_view("incremental", MONTH_TO_DATE):
        value = each.of_days.get(today)
        if value is None:
            continue
        before = seen.sum_of(MONTH_TO_DATE, each.keys, yesterday) or 0
        same_month = first_of_month(today) == first_of_month(yesterday)
        if each.view == "incremental":
            ways = without(ways, NOTHING, ZERO) if value > 0 else ways
        elif value == 0 and before > 0 and same_month:
            ways = only(ways, ZERO)
        elif value > 0:
            ways = without(ways, ZERO)
            if value != before and same_month and before > 0:
                ways = without(ways, NOTHING)
    return _moved(seen, today, ways)


def _moved(seen: "Seen", today: int, ways: "Ways") -> "Ways":
    """Compare what the current day counted when it was asked for more than once."""
    frozen = seen.knowledge.now is not None and seen.knowledge.now.exact and not seen.knowledge.newest_s
    for view in ("incremental", MONTH_TO_DATE):
        for keys in seen.filters:
            values = [
                (each.exchange.number, each.of_days[today])
                for each in seen.of_view(view)
                if each.keys == keys and today in each.buckets
            ]
            for (first, value), (later, other) in pairwise(values):
                if other < value:
                    ways = only(ways, FALLS)
                elif other > value:
                    ways = only(ways, GROWS) if frozen else without(ways, NOTHING, ZERO, WHOLE, FALLS)
                elif value >= ENOUGH and view == "incremental" and later - first >= TURNS:
                    ways = without(ways, FALLS, *((GROWS,) if _has_room(seen) else ()))
    return ways


def _has_room(seen: "Seen") -> bool:
    """Tell whether the current day has a tenth of it before it, as far as that is known."""
    now = seen.knowledge.now
    return now is not None and now.exact and now.latest_s - start_of(day_of(now.latest_s)) <= 77_760


def _cut_months(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.of_view(MONTHLY):
        if each.from_s is None or each.to_s is None or each.from_s >= each.to_s:
            continue
        first, last = day_of(each.from_s), day_of(each.to_s - 1)
        for month, value in each.of_days.items():
            if last < next_month(month) - 1 and not seen.shows("bucket at to"):
                continue
            whole = seen.sum_of(MONTH_TO_DATE, each.keys, next_month(month) - 1)
            left = _left(seen, each, month, first, last)
            if whole is None or left is None or left == whole:
                continue
            if value == whole:
                ways = without(ways, "cut-months")
            elif value == left:
                ways = without(ways, TWIN)
            else:
                return frozenset()
    return ways


def _left(seen: "Seen", each: "Series", month: int, first: int, last: int) -> int | None:
    """Give what the days of a month within a window count, by its sums to date; None where unknown."""
    end = min(last, next_month(month) - 1)
    upto = seen.sum_of(MONTH_TO_DATE, each.keys, end)
    before = 0 if first <= month else seen.sum_of(MONTH_TO_DATE, each.keys, first - 1)
    return None if upto is None or before is None else upto - before


# --- what would tell -------------------------------------------------------------------------------------


def _open_asks(seen: "Seen") -> "Iterator[Ask]":
    newest = day_of(seen.newest_s)
    yield Ask((("from", str(start_of(newest - 2))), ("aggregationType", "incremental")))
    yield from today_asks(seen)


def _month_asks(seen: "Seen") -> "Iterator[Ask]":
    month = first_of_month(first_of_month(day_of(seen.newest_s)) - 3)
    end = next_month(month)
    yield Ask((*between(month, end), *MTD))
    yield Ask((*between(month + 10, end), *MONTHS))
    yield Ask((*between(month, month + 12), *MONTHS))


CHOICES: Final = (
    Choice(
        "open day",
        (WHOLE, NOTHING, ZERO, GROWS, FALLS),
        _open_day,
        _open_asks,
        needs="the current day asked for again later in that day, by a clock that moves",
    ),
    Choice(
        "cut months",
        ("cut-months",),
        _cut_months,
        _month_asks,
        needs="a month that the window cuts, whose sums to date are known and which is shown",
    ),
)
