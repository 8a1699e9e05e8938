"""The causes that are thought of: which other request a target may have answered than the one it was sent.

Rule: a table, which judges nothing. Only a 200 can be the answer to another request; every other answer stays
as it is. What comes first is preferred where two causes explain as much.
"""

from dataclasses import dataclass
from functools import partial
from itertools import permutations, product
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import LISTED, MONTH_TO_DATE, MONTHLY, PARAMETERS, REPEATABLE
from usagetwin.days import (
    LAST_INSTANT_S,
    SECONDS_PER_DAY,
    day_of,
    first_of_month,
    next_month,
    start_of,
    weekday,
)
from usagetwin_checker.exchanges import OK, Credential, Exchange
from usagetwin_checker.judging.causes import Cause
from usagetwin_checker.judging.changes import (
    WIDTHS,
    by_case,
    by_part,
    given,
    having,
    split,
    stands_before,
    trimmed,
    where,
    with_default,
    with_keys,
    with_value,
    without,
)
from usagetwin_checker.judging.expectation import broken_rules, expect
from usagetwin_checker.judging.window_ends import (
    EARLIER,
    LATER,
    SHORTER,
    WEEK,
    first_of_year,
    start_of_month,
)
from usagetwin_checker.judging.wrong_answers import wrong_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from usagetwin_checker.exchanges import Ask
    from usagetwin_checker.knowing.knowledge import Knowledge, Now

    Change = Callable[[Ask], Ask]
    Instant = Callable[[int], int]
    Concerns = Callable[[Ask], bool]

GRANULARITY: Final = "granularity"
AGGREGATION: Final = "aggregationType"
STARTS: Final = "series-starts-at-from"
ENDS: Final = "series-ends-at-to"
LACKS: Final = "known-bucket-is-present"
TOTALS: Final = "filter-additive"
MOST_HOURS: Final = 14  # that a zone may be away from UTC
SECONDS_PER_HOUR: Final = 3600


@dataclass(frozen=True)
class Suspects:
    """The causes to think of, for a target of which this is known."""

    knowledge: "Knowledge"

    def __call__(self, exchanges: "Sequence[Exchange]") -> "Iterator[list[Cause]]":
        """Give the causes, those that concern everything before those that concern a part of it."""
        whole = list(self._otherwise())
        answers = list(wrong_answers(exchanges, self.knowledge))
        yield [*(Cause(rule_id, said, self._asked(change)) for rule_id, said, change in whole), *answers]
        some = [*self._beside_others(), *self._of_long_windows()]
        yield [Cause(rule_id, said, self._asked(change)) for rule_id, said, change in some]
        for about, concerns in SCOPES.items():
            yield [
                Cause(rule_id, f"{about}, {said}", self._asked(change, concerns))
                for rule_id, said, change in whole
            ]
        yield [Cause(rule_id, said, self._asked(change)) for rule_id, said, change in self._shifts()]

    def _asked(
        self, change: "Change", concerns: "Concerns | None" = None
    ) -> "Callable[[Exchange], Exchange]":
        """Make a cause of a change of requests, those that it `concerns` where it is not all.

        A request of which nothing is expected explains nothing.
        """

        def as_if(exchange: Exchange) -> Exchange:
            ask = exchange.ask
            if exchange.status != OK or ask.credential is not Credential.TOKEN or ask.suffix:
                return exchange
            if broken_rules(ask) or (concerns is not None and not concerns(ask)):
                return exchange
            changed = change(ask)
            if changed == ask or expect(changed, self.knowledge).query is None:
                return exchange
            return exchange.answering(changed)

        return as_if

    def _otherwise(self) -> "Iterator[tuple[str, str, Change]]":
        """Give what a target may answer instead, with the rule that names it and what it does, in words."""
        yield from self._projects()
        yield from self._defaults()
        for name, values in LISTED.items():
            rule_id = "monthly-sums" if name == GRANULARITY else "incremental-counts"
            for value in values:
                yield rule_id, f"`{name}` is ignored, and is always {value}", partial(with_value, name, value)
        yield from self._windows()

    def _windows(self) -> "Iterator[tuple[str, str, Change]]":
        yield STARTS, "`from` is ignored", without("from")
        yield ENDS, "`to` is ignored", without("to")
        yield STARTS, "`from` and `to` are ignored", without("from", "to")
        yield STARTS, "`from` is ignored", self._windowed(lambda _, to_s: (0, to_s))
        from_month = "`from` is ignored, and is the start of the month of `to`"
        yield STARTS, from_month, self._windowed(lambda _, to_s: (start_of_month(to_s), to_s))
        yield ENDS, "`to` is ignored", self._windowed(lambda from_s, _: (from_s, self._now_or_far_s(from_s)))
        for what, earlier in EARLIER.items():
            yield STARTS, f"the window starts {what}", self._windowed(_each(earlier, int))
        for what, later in LATER.items():
            yield ENDS, f"the window ends {what}", self._windowed(_each(int, later))
        for said, (start, end) in SHORTER.items():
            yield LACKS, said, self._windowed(_each(start, end))

    def _beside_others(self) -> "Iterator[tuple[str, str, Change]]":
        """Give what depends on the order of parameters, which should be irrelevant."""
        for name, other in permutations(PARAMETERS, 2):
            said = f"`{name}` is ignored where it stands before `{other}`"
            yield "parameter-order-is-irrelevant", said, where(stands_before(name, other), without(name))

    def _of_long_windows(self) -> "Iterator[tuple[str, str, Change]]":
        """Give the defaults that a target may have for long windows alone."""
        for days, (rule_id, said, change) in product(WIDTHS, [*self._default_views()]):
            yield (
                rule_id,
                f"in windows of more than {days} days, {said}",
                where(self._longer_than(days), change),
            )

    def _shifts(self) -> "Iterator[tuple[str, str, Change]]":
        for hours in range(1, MOST_HOURS + 1):
            earlier, later = (partial(int.__add__, sign * hours * SECONDS_PER_HOUR) for sign in (-1, 1))
            yield STARTS, f"the window lies {hours} h early", self._windowed(_each(earlier, earlier))
            yield ENDS, f"the window lies {hours} h late", self._windowed(_each(later, later))

    def _windowed(self, change: "Callable[[int, int], tuple[int, int]]") -> "Change":
        """Make a change of windows, defaults included where they are certain."""

        def changed(ask: "Ask") -> "Ask":
            before = self._window(ask)
            if before is None:
                return ask
            from_s, to_s = change(*before)
            found = ask if from_s == before[0] else having(ask, "from", [str(max(from_s, 0))])
            return found if to_s == before[1] else having(found, "to", [str(min(to_s, LAST_INSTANT_S))])

        return changed

    def _window(self, ask: "Ask") -> tuple[int, int] | None:
        """Give a request's window, defaults included, or None where one of them is not certain."""
        now, default_s = self.knowledge.now, self.knowledge.default_from_s
        starts, ends = ask.values("from"), ask.values("to")
        if not (starts or default_s is not None) or not (ends or now is not None):
            return None
        return (
            ask.instant("from") or 0 if starts else default_s or 0,
            ask.instant("to") or 0 if ends else _latest_s(now),
        )

    def _longer_than(self, days: int) -> "Concerns":
        def concerns(ask: "Ask") -> bool:
            window = self._window(ask)
            return window is not None and window[1] - window[0] > days * SECONDS_PER_DAY

        return concerns

    def _now_or_far_s(self, from_s: int) -> int:
        now = self.knowledge.now
        return LAST_INSTANT_S if now is None else max(from_s, now.latest_s)

    def _default_views(self) -> "Iterator[tuple[str, str, Change]]":
        other_views = [value for value in LISTED[AGGREGATION] if value != MONTH_TO_DATE]
        for name, rule_id, others in (
            (GRANULARITY, "granularity-defaults-to-daily", [MONTHLY]),
            (AGGREGATION, "aggregation-type-defaults-to-month-to-date", other_views),
        ):
            for value in others:
                yield rule_id, f"`{name}` defaults to {value}", partial(with_default, name, value)

    def _defaults(self) -> "Iterator[tuple[str, str, Change]]":
        yield from self._default_views()
        for value in (value for value in LISTED[AGGREGATION] if value != MONTH_TO_DATE):
            said = f"with `{GRANULARITY}` given, `{AGGREGATION}` defaults to {value}"
            change = partial(with_default, AGGREGATION, value)
            yield "explicit-default-changes-nothing", said, where(given(GRANULARITY), change)
        said = f"with `{AGGREGATION}` given, `{GRANULARITY}` defaults to {MONTHLY}"
        change = partial(with_default, GRANULARITY, MONTHLY)
        yield "granularity-defaults-to-daily", said, where(given(AGGREGATION), change)
        now = self.knowledge.now
        if now is None:
            return
        today = day_of(now.earliest_s)
        for what, day in {
            "today": today,
            "yesterday": today - 1,
            "the start of the week": today - weekday(today),
            "a week ago": today - WEEK,
            "30 days ago": today - 30,
            "29 days ago": today - 29,
            "the start of the last month": first_of_month(first_of_month(today) - 1),
            "the start of the year": first_of_year(today),
            "a year ago": today - 365,
            "the beginning of time": 0,
        }.items():
            change = partial(with_default, "from", str(start_of(day)))
            yield "from-defaults-to-month-start", f"`from` defaults to {what}", change
        for what, instant_s in {
            "the start of today": start_of(today),
            "the start of yesterday": start_of(today - 1),
            "the end of today": start_of(today + 1),
            "the end of the month": start_of(next_month(today)),
            "the start of the month": start_of(first_of_month(today)),
        }.items():
            yield (
                "to-defaults-to-now",
                f"`to` defaults to {what}",
                partial(with_default, "to", str(instant_s)),
            )

    def _projects(self) -> "Iterator[tuple[str, str, Change]]":
        known = sorted(self.knowledge.keys)
        yield TOTALS, f"`{REPEATABLE}` is ignored", without(REPEATABLE)
        repeats = "project-key-repeats"
        yield repeats, f"only the first `{REPEATABLE}` counts", partial(with_keys, lambda keys: keys[:1])
        yield repeats, f"only the last `{REPEATABLE}` counts", partial(with_keys, lambda keys: keys[-1:])
        yield repeats, f"only two values of `{REPEATABLE}` count", partial(with_keys, lambda keys: keys[:2])
        exact = "project-key-is-exact"
        yield exact, "project keys match in any case", partial(with_keys, partial(by_case, known))
        yield (
            exact,
            "project keys are trimmed",
            partial(with_keys, trimmed),
        )
        yield exact, "project keys are split at commas", partial(with_keys, split)
        part = "a project key that only contains a known one is taken for that"
        yield "unknown-project-never-widens", part, partial(with_keys, partial(by_part, known))
        widens = "unknown project keys are ignored"
        yield (
            "unknown-project-never-widens",
            widens,
            partial(with_keys, lambda keys: [key for key in keys if key in known]),
        )
        for key in known:
            others = [other for other in known if other != key]
            if self.knowledge.complete and others:
                said = f"without `{REPEATABLE}`, {key} is left out"
                yield (
                    "all-projects-at-least-the-named",
                    said,
                    where(_of_all, partial(having, name=REPEATABLE, values=others)),
                )


def _latest_s(now: "Now | None") -> int:
    return LAST_INSTANT_S if now is None else now.latest_s


def _each(start: "Instant", end: "Instant") -> "Callable[[int, int], tuple[int, int]]":
    return lambda from_s, to_s: (start(from_s), end(to_s))


def _of_all(ask: "Ask") -> bool:
    return not ask.values(REPEATABLE)


def _daily(ask: "Ask") -> bool:
    return MONTHLY not in ask.values(GRANULARITY)


def _shows(view: str, ask: "Ask") -> bool:
    return _daily(ask) and (*ask.values(AGGREGATION), MONTH_TO_DATE)[0] == view


SCOPES: Final[dict[str, "Concerns"]] = {
    "in daily series": _daily,
    "in monthly series": lambda ask: not _daily(ask),
    **{f"in {view} series": partial(_shows, view) for view in LISTED[AGGREGATION]},
    "of one project": lambda ask: len(set(ask.values(REPEATABLE))) == 1,
    "of several projects": lambda ask: len(set(ask.values(REPEATABLE))) > 1,
}
