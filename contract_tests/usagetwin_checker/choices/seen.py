"""What answers show of a target, arranged for those who read choices out of it.

Rule: nothing is judged here, and no choice is read. A series is there as days and sums where it is certain
which bucket each label names, and not at all where it is not.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import DAILY, MONTH_TO_DATE, MONTHLY, PARAMETERS, REPEATABLE
from usagetwin.days import SECONDS_PER_DAY, day_of, start_of
from usagetwin_checker.choices.choice import TWIN
from usagetwin_checker.exchanges import Credential
from usagetwin_checker.judging.expectation import broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from usagetwin_checker.choices.choice import Choice, Ways
    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge

DAY_365: Final = 365 * SECONDS_PER_DAY


@dataclass(frozen=True, slots=True)
class Series:
    """A 200 to a valid query: labels as they came, and its window; None stands for a default."""

    exchange: "Exchange"
    view: str
    keys: frozenset[str]
    from_s: int | None
    to_s: int | None
    labels: tuple[int, ...]
    totals: tuple[int, ...]
    buckets: tuple[int, ...] = ()

    @property
    def monthly(self) -> bool:
        """Tell whether the buckets are months."""
        return self.view == MONTHLY

    def has(self, start_s: int, end_s: int) -> bool:
        """Tell whether all of a span of time lies in the window."""
        return (
            self.from_s is not None
            and self.to_s is not None
            and self.from_s <= start_s
            and end_s <= self.to_s
        )

    def has_day(self, day: int) -> bool:
        """Tell whether all of a day lies in the window."""
        return self.has(start_of(day), start_of(day + 1))

    @property
    def of_days(self) -> "dict[int, int]":
        """Give the sum of each bucket."""
        return dict(zip(self.buckets, self.totals, strict=True))


class Seen:
    """The exchanges of a run, and what is known of the target."""

    def __init__(
        self,
        exchanges: "Iterable[Exchange]",
        knowledge: "Knowledge",
        choices: "Mapping[str, Choice]",
        *,
        only_get: bool = False,
    ) -> None:
        """Take whatever was asked, in any order; `only_get` says that nothing else is sent to this target."""
        self.exchanges: Final = tuple(
            sorted((each for each in exchanges if each.failure is None), key=lambda each: each.number)
        )
        self.knowledge: Final = knowledge
        self.only_get: Final = only_get
        self._choices: Final = choices
        self._possible: dict[str, Ways] = {}

    # --- what other choices are ---------------------------------------------------------------------------

    def possible(self, choice: str) -> "Ways":
        """Give the ways of a choice that are possible."""
        if choice not in self._possible:
            self._possible[choice] = self._choices[choice].possible(self)
        return self._possible[choice]

    def shows(self, choice: str, way: str = TWIN) -> bool:
        """Tell whether a choice is known to be decided so."""
        return self.possible(choice) == {way}

    # --- requests and refusals ----------------------------------------------------------------------------

    def plain(self) -> "Iterator[Exchange]":
        """Give what was asked with the usual token and headers, as GET, on the path itself."""
        for each in self.exchanges:
            ask = each.ask
            usual = (
                ask.credential is Credential.TOKEN and ask.beta and not (ask.role or ask.suffix or ask.body)
            )
            if usual and ask.method == "GET":
                yield each

    def answered_as(self, *statuses: int) -> "Iterator[Exchange]":
        """Give the plain ones that have one of some statuses."""
        return (each for each in self.plain() if each.status in statuses)

    def is_plain_query(self, ask: "Ask") -> bool:
        """Tell whether a query is one that the document promises an answer to: see `SEMANTICS` 3."""
        from_s, to_s = ask.instant("from"), ask.instant("to")
        return (
            not broken_rules(ask)
            and all(name in PARAMETERS for name, _ in ask.parameters)
            and self.knowledge.keys.issuperset(ask.values(REPEATABLE))
            and from_s is not None
            and to_s is not None
            and from_s < to_s < from_s + DAY_365
            and to_s <= self.newest_s
        )

    @cached_property
    def newest_s(self) -> int:
        """Give the first second of the newest day that is certain to have begun; 0 where none is."""
        now = self.knowledge.now
        return 0 if now is None else start_of(day_of(now.earliest_s))

    # --- series -------------------------------------------------------------------------------------------

    @cached_property
    def raw(self) -> "tuple[Series, ...]":
        """Give every series, its labels not yet read."""
        return tuple(filter(None, map(_series, self.plain())))

    @cached_property
    def series(self) -> "tuple[Series, ...]":
        """Give every series by the days of its buckets; nothing where it is not certain which they are."""
        from usagetwin_checker.choices.labels import days_of

        ways = self.possible("labels") - {"month-at-last-day"} or self.possible("labels")
        if len(ways) != 1 or self.knowledge.reading.days is not None:
            return ()
        (way,) = ways
        return tuple(replace(each, buckets=days_of(way, each)) for each in self.raw)

    def of_view(self, *views: str) -> "Iterator[Series]":
        """Give the series of some views."""
        return (each for each in self.series if each.view in views)

    @cached_property
    def sums(self) -> "Mapping[tuple[str, frozenset[str]], dict[int, int]]":
        """Give what the closed buckets of each view and filter count, where answers agree."""
        found: dict[tuple[str, frozenset[str]], dict[int, int]] = defaultdict(dict)
        for each in self.series:
            if not self._is_cut(each):
                shown = found[each.view, each.keys]
                shown.update({day: value for day, value in each.of_days.items() if day < self.first_open})
        return found

    def _is_cut(self, each: "Series") -> bool:
        """Tell whether a window may cut a month that it shows."""
        return each.monthly and (
            each.from_s is None
            or each.to_s is None
            or any(not _whole_month(each, day) for day in each.buckets)
        )

    @cached_property
    def first_open(self) -> int:
        """Give the first day whose count may still grow."""
        first = self.knowledge.first_open_day
        return 0 if first is None else first

    def sum_of(self, view: str, keys: frozenset[str], day: int) -> int | None:
        """Give a closed bucket's sum; None where no answer shows it."""
        return self.sums.get((view, keys), {}).get(day)

    @cached_property
    def filters(self) -> "Sequence[frozenset[str]]":
        """Give the filters that were asked for."""
        return tuple({each.keys: None for each in self.series})

    @cached_property
    def today(self) -> int | None:
        """Give the target's current day, where it is certain.

        It is given, or no answer that ends by default shows a later one, and a `from` at the next midnight is
        refused as later than the current time.
        """
        now = self.knowledge.now
        if now is not None and not self.knowledge.newest_s and now.one_day:
            return day_of(now.earliest_s)
        newest = max((day for each in self.series if each.to_s is None for day in _days(each)), default=None)
        early, late = self.lone_from
        if newest is not None and early is not None and newest < day_of(early):
            newest = day_of(early)
        if newest is None or late is None or late > start_of(newest + 1):
            return None
        return newest

    @cached_property
    def lone_from(self) -> tuple[int | None, int | None]:
        """Give the latest instant that is over, and the earliest that is ahead, as a `from` alone shows them.

        A target that takes inverted windows shows no such thing by a 200.
        """
        early: list[int] = []
        late: list[int] = []
        for each in self.plain():
            from_s = each.ask.instant("from")
            if from_s is None or [name for name, _ in each.ask.parameters] != ["from"]:
                continue
            if each.status == 400:
                late.append(from_s)
            elif each.status == 200 and self.shows("inverted window"):
                early.append(from_s)
        ahead = min((each for each in late if each > max(early, default=0)), default=None)
        return max(early, default=None), ahead


def _days(each: "Series") -> "tuple[int, ...]":
    return () if each.monthly else each.buckets


def _whole_month(each: "Series", day: int) -> bool:
    from usagetwin.days import next_month

    return each.has(start_of(day), start_of(next_month(day)))


def _series(exchange: "Exchange") -> "Series | None":
    ask = exchange.ask
    if exchange.cut or not exchange.well_formed or broken_rules(ask):
        return None
    points = exchange.document["series"]
    granularity, view = (
        (*ask.values("granularity"), DAILY)[0],
        (*ask.values("aggregationType"), MONTH_TO_DATE)[0],
    )
    return Series(
        exchange,
        MONTHLY if granularity == MONTHLY else view,
        frozenset(ask.values(REPEATABLE)),
        ask.instant("from"),
        ask.instant("to"),
        tuple(int(point["time"]) for point in points),
        tuple(sum(int(value) for name, value in point.items() if name != "time") for point in points),
    )
