"""The calendar that usage is billed by: days and months in UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    """Give a day's first instant."""
    return datetime.combine(day, time(), UTC)


def month_of(day: date) -> date:
    """Give the first of a day's month."""
    return day.replace(day=1)


def months_before(month: date, count: int) -> date:
    """Give the first of the month that lies `count` months earlier; a negative count looks ahead."""
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def month_windows(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut a window at the turns of its months."""
    while start < end:
        turn = midnight(months_before(month_of(start.date()), -1))
        yield start, min(turn, end)
        start = turn
