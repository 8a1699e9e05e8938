"""What an answer must hold, worked out the slow and obvious way: a dict of days, the calendar, plain loops.

Rule: nothing of `usagetwin` is imported here. It is written from the text of SEMANTICS 2 to 4, so that
an error in the ledger or in the answers cannot repeat itself in what the tests expect of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

SECONDS_OF_A_DAY = 86_400
EPOCH = date(1970, 1, 1)
SERIES = (
    ("daily", "month_to_date"),
    ("monthly", "month_to_date"),
    ("daily", "incremental"),
    ("daily", "rolling_30d"),
)
SCALARS = ("from", "to", "granularity", "aggregationType")

Project = tuple[int, dict[int, int]]  # creation day, counts by day
World = dict[str, Project]
Pairs = list[tuple[str, str]]  # the decoded parameters, in the order of the wire


@dataclass(frozen=True)
class Expected:
    """What a 200 holds: the labels of its buckets, one metadata object and one column for each key field."""

    times_ms: list[int]
    metadata: list[dict[str, str]]
    columns: list[list[int]]


@dataclass(frozen=True)
class Asked:
    """The five parameters after defaults."""

    from_s: int
    to_s: int
    keys: list[str]
    monthly: bool
    view: str


def expected(  # noqa: PLR0913 -- one argument for each policy that bears on the values
    world: World,
    pairs: Pairs,
    now_s: int,
    *,
    separate: bool = False,
    unknown_is_empty: bool = False,
    today_is_whole: bool = False,
) -> Expected | int:
    """Return what the answer holds, or the status that refuses the query."""
    asked = _asked(pairs, now_s)
    if asked is None:
        return 400
    for key in asked.keys:
        if key not in world and not unknown_is_empty:
            return 404
    buckets = _buckets(world, asked, now_s)
    groups = _groups(world, asked, separate=separate)
    seen_s = _first_second(_day(now_s) + 1) if today_is_whole else now_s  # all of today, nothing of tomorrow
    columns = [[_value(world, keys, asked, bucket, seen_s) for bucket in buckets] for keys in groups]
    labelled = separate and asked.keys
    metadata = [{"projectKey": keys[0]} if labelled else {} for keys in groups]
    return Expected([_first_second(days[0]) * 1000 for days in buckets], metadata, columns)


def _asked(pairs: Pairs, now_s: int) -> Asked | None:
    """Fill in the defaults; None for a query that SEMANTICS 3 refuses with 400."""
    given: dict[str, str] = {}
    keys: list[str] = []
    for name, value in pairs:
        if name == "projectKey":
            if value not in keys:
                keys.append(value)
        elif name in SCALARS:
            if name in given:
                return None
            given[name] = value
    if "" in keys or not all(_plain_digits(given[name]) for name in ("from", "to") if name in given):
        return None
    from_s = int(given["from"]) if "from" in given else _first_second(_first_of_month(_day(now_s)))
    to_s = int(given["to"]) if "to" in given else now_s
    series = (given.get("granularity", "daily"), given.get("aggregationType", "month_to_date"))
    if series not in SERIES or from_s > to_s:
        return None
    return Asked(from_s, to_s, keys, series[0] == "monthly", series[1])


def _plain_digits(value: str) -> bool:
    return 1 <= len(value) <= 10 and all(character in "0123456789" for character in value)


def _buckets(world: World, asked: Asked, now_s: int) -> list[list[int]]:
    """Return the buckets of the answer, ascending, each as the list of its days."""
    born = [world[key][0] for key in (asked.keys or world) if key in world]
    if not born or min(born) > _day(now_s) or asked.from_s == asked.to_s:
        return []
    chosen = []
    for bucket in _all_buckets(min(born), _day(now_s), monthly=asked.monthly):
        starts = _first_second(bucket[0])
        ends = _first_second(bucket[-1] + 1)
        if starts < asked.to_s and ends > asked.from_s and starts <= now_s:
            chosen.append(bucket)
    return chosen


def _all_buckets(first_day: int, last_day: int, *, monthly: bool) -> list[list[int]]:
    """Return each day, or each whole calendar month, that has anything of the two days and those between."""
    if not monthly:
        return [[day] for day in range(first_day, last_day + 1)]
    months: list[list[int]] = []
    day = _first_of_month(first_day)
    while day <= last_day:
        month = [day]
        while _date(month[-1] + 1).day != 1:
            month.append(month[-1] + 1)
        months.append(month)
        day = month[-1] + 1
    return months


def _groups(world: World, asked: Asked, *, separate: bool) -> list[list[str]]:
    """Return the projects of each key field."""
    if separate and asked.keys:
        return [[key] for key in asked.keys]
    return [asked.keys or list(world)]


def _value(world: World, keys: list[str], asked: Asked, bucket: list[int], now_s: int) -> int:
    """Add up, day by day and project by project, what the view sums in this bucket."""
    last = bucket[-1]
    if asked.monthly:
        days = bucket
    elif asked.view == "incremental":
        days = [last]
    elif asked.view == "rolling_30d":
        days = list(range(last - 29, last + 1))
    else:
        days = list(range(_first_of_month(last), last + 1))
    total = 0
    for key in keys:
        for day in days:
            total += _visible(world, key, day, now_s)
    return total


def _visible(world: World, key: str, day: int, now_s: int) -> int:
    """Return what is seen of a project's day: all of a past one, the elapsed share of today, none ahead."""
    if key not in world:
        return 0
    created, counts = world[key]
    if day < created or day > _day(now_s):
        return 0
    count = counts.get(day, 0)
    if day == _day(now_s):
        elapsed_s = now_s - _first_second(day)
        return count * elapsed_s // SECONDS_OF_A_DAY
    return count


def _day(instant_s: int) -> int:
    return (datetime.fromtimestamp(instant_s, tz=UTC).date() - EPOCH).days


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)


def _first_of_month(day: int) -> int:
    return (_date(day).replace(day=1) - EPOCH).days


def _first_second(day: int) -> int:
    return day * SECONDS_OF_A_DAY
