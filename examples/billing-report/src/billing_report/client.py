"""Session counts from LaunchDarkly's usage API; nothing else in this project asks it.

The API takes seconds and gives milliseconds, and its days are UTC. It promises neither the order of its
points nor those of days without sessions, and may give several projects added up or each in its own field.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Self

import httpx

from billing_report.months import DAY, midnight, month_windows
from billing_report.retry import is_passing, wait_s

API = "https://app.launchdarkly.com"
PATH = "/api/v2/usage/observability/sessions"
LOG = logging.getLogger(__name__)

Counts = dict[date, int]  # by the first day of each bucket, in the order of time
Parameters = Mapping[str, str | Sequence[str]]


class UsageError(Exception):
    """The API gave no usable answer."""


class RefusedError(UsageError):
    """The API refused what we asked, and would again."""


class UnavailableError(UsageError):
    """The API failed as often as we tried."""


class UnreadableError(UsageError):
    """The API's answer is not what its documentation says."""


class UsageClient:
    """Asks with a token, `tries` times at most, and waits as the API asks or longer each time."""

    def __init__(
        self,
        token: str,
        *,
        api: str = API,
        timeout_s: float = 10.0,
        tries: int = 4,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        headers = {"Authorization": token, "LD-API-Version": "beta"}
        self._http = httpx.Client(base_url=api, headers=headers, timeout=timeout_s)
        self._tries = tries
        self._sleep = sleep

    def __enter__(self) -> Self:
        """Use the client in a `with` block, which closes its connections."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._http.close()

    def by_day(self, start: datetime, end: datetime, projects: Sequence[str] = ()) -> Counts:
        """Give the sessions of each day, asked for a month at a time."""
        counts: Counts = {}
        for window in month_windows(start, end):
            counts |= self._series(*window, granularity="daily", view="incremental", projects=projects)
        return counts

    def by_month(self, start: datetime, end: datetime, projects: Sequence[str] = ()) -> Counts:
        """Give the sessions of each month."""
        return self._series(start, end, granularity="monthly", view="month_to_date", projects=projects)

    def month_so_far(self, now: datetime, projects: Sequence[str] = ()) -> int:
        """Give the sessions of a month from its first instant to `now`."""
        start = midnight(now.date().replace(day=1))
        counts = self._series(start, now, granularity="daily", view="month_to_date", projects=projects)
        return list(counts.values())[-1] if counts else 0

    def thirty_days(self, last: date, projects: Sequence[str] = ()) -> int:
        """Give the sessions of the thirty days that end with `last`."""
        start = midnight(last)
        counts = self._series(start, start + DAY, granularity="daily", view="rolling_30d", projects=projects)
        return counts.get(last, 0)

    def _series(
        self, start: datetime, end: datetime, *, granularity: str, view: str, projects: Sequence[str]
    ) -> Counts:
        parameters = {
            "from": _seconds(start),
            "to": _seconds(end),
            "granularity": granularity,
            "aggregationType": view,
            "projectKey": list(projects),
        }
        counts = dict(_points(self._answer(parameters)))
        return {day: counts[day] for day in sorted(counts) if start <= midnight(day) < end}

    def _answer(self, parameters: Parameters) -> httpx.Response:
        for failures in range(1, self._tries + 1):
            outcome = self._ask(parameters)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return outcome
            if not is_passing(outcome):
                raise RefusedError(_told(outcome))
            if failures < self._tries:
                wait = wait_s(outcome, failures)
                LOG.warning("%s; trying again in %g s", _told(outcome), wait)
                self._sleep(wait)
        message = f"gave up after {self._tries} tries: {_told(outcome)}"
        raise UnavailableError(message)

    def _ask(self, parameters: Parameters) -> httpx.Response | httpx.TransportError:
        try:
            return self._http.get(PATH, params=parameters)
        except httpx.TransportError as failure:
            return failure


def _seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _points(answer: httpx.Response) -> Iterator[tuple[date, int]]:
    """Read the series: each point's day, and the sum of its counts."""
    try:
        for point in answer.json()["series"]:
            counts = [_count(value) for name, value in point.items() if name != "time"]
            yield datetime.fromtimestamp(_count(point["time"]) / 1000, UTC).date(), sum(counts)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        message = f"the API's answer can't be read: {error!r}"
        raise UnreadableError(message) from error


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        message = f"{value!r} is no count"
        raise ValueError(message)
    return value


def _told(outcome: httpx.Response | httpx.TransportError) -> str:
    """Say what happened, in one line and without our token."""
    if isinstance(outcome, httpx.TransportError):
        return f"{type(outcome).__name__} ({outcome})"
    try:
        message = outcome.json()["message"]
    except (ValueError, TypeError, KeyError):
        message = outcome.reason_phrase
    return f"{outcome.status_code} {message}"
