"""Stand-in servers whose days are those of a zone: an honest ledger of local dates, cut at local midnight.

What is invalid they refuse just as the twin does, which they ask; all that they count is their own.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from usagetwin.clock import parse_instant
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.judging.expectation import broken_rules
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options, Report
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from usagetwin_checker.talking.targets import AppTarget

CREATED: Final = {  # each key is a project of the twin that refuses
    "checkout": date(2021, 5, 20),
    "default": date(2022, 2, 1),
    "internal-tools": date(2023, 9, 30),
    "mobile": date(2022, 11, 3),
}
BAD_REQUEST: Final = 400
DAY: Final = timedelta(days=1)
MS: Final = 1000
OK: Final = 200

Points = list[dict[str, int]]
Bug = Callable[["Asked", Points], Points]  # changes the points of an answer


@dataclass(frozen=True)
class Asked:
    """A valid query, defaults filled in."""

    from_s: int
    to_s: int
    keys: tuple[str, ...]
    view: str
    monthly: bool


@dataclass
class LocalDays:
    """A server in a zone. Windows take the buckets that are `overlapping`, else those that start inside."""

    zone: tzinfo
    now: str
    overlapping: bool = True
    local_defaults: bool = True
    bug: Bug | None = None
    name: str = "http://local.example"
    loopback: bool = True
    route: str | None = "no proxy"
    token: str | None = None

    @cached_property
    def now_s(self) -> int:
        """Give the current time, which stands still."""
        return parse_instant(self.now)

    @cached_property
    def _twin(self) -> "AppTarget":
        return twin(now=self.now, world="business-week")[0]

    def interrupt(self) -> None:
        """Have nothing to give up."""

    def close(self) -> None:
        """Let go of the twin."""
        self._twin.close()

    def send(self, ask: Ask) -> Exchange:
        """Answer a request."""
        if broken_rules(ask):
            return self._twin.send(ask)
        asked = self._asked(ask)
        inverted = asked.from_s > asked.to_s
        own = replace(self._twin.send(ask if inverted else _with_window(ask, asked)), ask=ask)
        if inverted and own.status in {OK, BAD_REQUEST}:
            return self._sent(own, ask, BAD_REQUEST, self._inverted(ask))
        if own.status != OK or ask.method != "GET":
            return own
        points = self.points(asked)
        document = {
            "_links": {"self": {"href": ask.target, "type": "application/json"}},
            "metadata": [{}],
            "series": self.bug(asked, points) if self.bug else points,
        }
        return self._sent(own, ask, OK, document)

    @staticmethod
    def _sent(own: Exchange, ask: Ask, status: int, document: object) -> Exchange:
        return Exchange(
            ask, own.number, own.at_s, own.seconds, status, dict(own.headers), json.dumps(document).encode()
        )

    @staticmethod
    def _inverted(ask: Ask) -> dict[str, str]:
        (name, value), *_ = [pair for pair in ask.parameters if pair[0] in {"from", "to"}]
        return {"code": "invalid_request", "message": f"{name}={value!r}: the default lies beyond it"}

    def _asked(self, ask: Ask) -> Asked:
        given = {name: (ask.values(name) or (None,))[0] for name in ("from", "to")}
        month = self.today.replace(day=1) if self.local_defaults else None
        utc = datetime.fromtimestamp(self.now_s, UTC).replace(day=1, hour=0, minute=0, second=0)
        default_s = self.start_s(month) if month else int(utc.timestamp())
        return Asked(
            default_s if given["from"] is None else int(given["from"]),
            self.now_s if given["to"] is None else int(given["to"]),
            tuple(sorted(set(ask.values("projectKey")))) or tuple(CREATED),
            (*ask.values("aggregationType"), "month_to_date")[0],
            ask.values("granularity") == ("monthly",),
        )

    @cached_property
    def today(self) -> date:
        """Give the local date."""
        return datetime.fromtimestamp(self.now_s, self.zone).date()

    def start_s(self, day: date) -> int:
        """Give the first instant of a local date."""
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())

    @cached_property
    def _starts(self) -> dict[date, int]:
        first, days = min(CREATED.values()), (self.today - min(CREATED.values())).days
        return {day: self.start_s(day) for day in (first + DAY * ahead for ahead in range(-40, days + 40))}

    @cached_property
    def _before(self) -> dict[str, dict[date, int]]:
        """Give what each project counts before each local date, of the open one what it has so far."""
        sums = {}
        for key, created in CREATED.items():
            total, of_key = 0, {}
            for day in self._starts:
                of_key[day] = total
                if created <= day < self.today:
                    total += sessions(key, day)
                elif day == self.today:
                    start_s, end_s = self._starts[day], self._starts[day + DAY]
                    total += sessions(key, day) * (self.now_s - start_s) // (end_s - start_s)
            sums[key] = of_key
        return sums

    def points(self, asked: Asked) -> Points:
        """Give the points of an answer."""
        first = min(CREATED[key] for key in asked.keys)
        day = first.replace(day=1) if asked.monthly else first
        points: Points = []
        while day <= self.today:
            after = next_month(day) if asked.monthly else day + DAY
            if self._in_window(self._starts[day], self._starts[after], asked):
                points.append({"time": self._starts[day] * MS, "0": self._value(asked, day, after)})
            day = after
        return points

    def _in_window(self, start_s: int, end_s: int, asked: Asked) -> bool:
        if asked.from_s >= asked.to_s or start_s > self.now_s:
            return False
        if self.overlapping:
            return start_s < asked.to_s and asked.from_s < end_s
        return asked.from_s <= start_s < asked.to_s

    def _value(self, asked: Asked, day: date, after: date) -> int:
        first = {"incremental": day, "rolling_30d": day - 29 * DAY}.get(asked.view, day.replace(day=1))
        return sum(self._before[key][after] - self._before[key][first] for key in asked.keys)


def _with_window(ask: Ask, asked: Asked) -> Ask:
    """Give the request with its window given, so that no default of the twin decides anything."""
    window = (("from", str(asked.from_s)), ("to", str(asked.to_s)))
    return replace(
        ask, parameters=(*(pair for pair in ask.parameters if pair[0] not in {"from", "to"}), *window)
    )


def next_month(day: date) -> date:
    """Give the first of the next month."""
    return (day.replace(day=1) + DAY * 32).replace(day=1)


@cache
def sessions(key: str, day: date) -> int:
    """Give a count that no other day and project shares by rule."""
    return (day.toordinal() * 7919 + len(key) * 104_729) % 997 + day.weekday()


def checked(server: LocalDays, *, budget: int | None, knowing: bool = False, strict: bool = False) -> Report:
    """Check a server as one who knows its project keys, and its current time or not."""
    now = Now(server.now_s, server.now_s) if knowing else None
    knowledge = Knowledge(frozenset(CREATED), complete=True, now=now)
    try:
        options = Options(knowledge, strict=strict, budget=budget)
        return Campaign(server, options, lambda _sent, _of: None, clock=lambda: server.now_s).run()
    finally:
        server.close()


def zone(name: str) -> ZoneInfo:
    """Give a zone of the tz database."""
    return ZoneInfo(name)
