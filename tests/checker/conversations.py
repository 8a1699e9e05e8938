"""Hand-made conversations: exchanges written as a query and the points of its answer, with dates for days.

The ledger behind them, where it is consistent: each day of February 2026 has 10 sessions, and each day of
March has as many as its number. The current time is noon of 2026-03-17.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from usagetwin_checker.exchanges import Ask, Credential, Exchange
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.knowledge import Knowledge, Now

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DAY_S: Final = 86_400
NOON_S: Final = 1_773_748_800
NOON: Final = Now(NOON_S, NOON_S)
KNOWN: Final = Knowledge(frozenset({"web", "app"}), now=NOON)
COMPLETE: Final = replace(KNOWN, complete=True)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(\+\d+)?")

Points = dict[str, int | dict[str, int]]


def seconds(text: str) -> int:
    """Give the first instant of a date in Unix seconds; `2026-03-01+5` is five seconds later."""
    day, _, later = text.partition("+")
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) + int(later or 0)


def get(query: str = "", *, credential: Credential = Credential.TOKEN, method: str = "GET") -> Ask:
    """Make a request from a query string, in which a date stands for its first instant."""
    pairs = parse_qsl(query.replace("+", "%2B"), keep_blank_values=True)
    timed = [
        (name, str(seconds(value)) if name in {"from", "to"} and _DATE.fullmatch(value) else value)
        for name, value in pairs
    ]
    return Ask(tuple(timed), credential, method)


def answered(
    query: str | Ask,
    points: "Mapping[str, int | dict[str, int]]",
    *,
    metadata: list[dict[str, Any]] | None = None,
) -> Exchange:
    """Make a 200 whose buckets are labelled as the twin does; a date of a month without a day is a month."""
    ask = get(query) if isinstance(query, str) else query
    series = [
        {"time": seconds(day if len(day) > 7 else f"{day}-01") * 1000}
        | (value if isinstance(value, dict) else {"0": value})
        for day, value in points.items()
    ]
    return labelled(ask, series, metadata=metadata)


def labelled(
    ask: Ask, series: list[dict[str, int]], *, metadata: list[dict[str, Any]] | None = None
) -> Exchange:
    """Make a 200 with points as they are."""
    document = {
        "_links": {"self": {"href": ask.target, "type": "application/json"}},
        "metadata": [{}] if metadata is None else metadata,
        "series": series,
    }
    return sent(ask, 200, json.dumps(document).encode())


def refused(
    query: str | Ask, status: int, code: str = "not_found", message: str = "There is none."
) -> Exchange:
    """Make an error of the documented shape."""
    ask = get(query) if isinstance(query, str) else query
    return sent(ask, status, json.dumps({"code": code, "message": message}).encode())


def sent(ask: Ask, status: int, body: bytes, media_type: str = "application/json") -> Exchange:
    """Make any exchange."""
    return Exchange(ask, 0, 0.0, 0.0, status, {"content-type": media_type}, body)


def numbered(*exchanges: Exchange) -> list[Exchange]:
    """Give the exchanges, numbered in their order."""
    return [replace(exchange, number=index) for index, exchange in enumerate(exchanges, 1)]


def broken(*exchanges: Exchange, knowledge: Knowledge = KNOWN) -> set[str]:
    """Give the ids of the rules that a conversation breaks."""
    return {finding.rule_id for finding in judge(numbered(*exchanges), knowledge).findings}


def dates(first: str, last: str) -> "Iterator[date]":
    """Give each date from one to another."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        yield day
        day += timedelta(days=1)


def sessions(day: date) -> int:
    """Give what the ledger counts on a day: 10 in February, the day's number in March, else nothing."""
    return {2: 10, 3: day.day}.get(day.month, 0)


def incremental(first: str, last: str, times: int = 1) -> dict[str, int]:
    """Give the incremental points of the ledger, `times` as much."""
    return {day.isoformat(): sessions(day) * times for day in dates(first, last)}


def month_to_date(first: str, last: str) -> dict[str, int]:
    """Give the daily month_to_date points of the ledger."""
    return {
        day.isoformat(): sum(map(sessions, dates(day.replace(day=1).isoformat(), day.isoformat())))
        for day in dates(first, last)
    }


def rolling(first: str, last: str) -> dict[str, int]:
    """Give the rolling_30d points of the ledger."""
    return {
        day.isoformat(): sum(map(sessions, dates((day - timedelta(days=29)).isoformat(), day.isoformat())))
        for day in dates(first, last)
    }
