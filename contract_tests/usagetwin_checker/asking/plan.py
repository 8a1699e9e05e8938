"""The plan: a fixed covering set of requests, made from the effective contract and the target's current time.

Rule: a request here carries no expectation (`expectation` gives those). The requests that find most come
first, so that a small budget is spent on them.
"""

from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.contract import rule
from usagetwin.days import (
    LAST_INSTANT_S,
    SECONDS_PER_DAY,
    day_of,
    first_of_month,
    start_of,
)
from usagetwin_checker.asking.classes import (
    FINE_WINDOWS,
    HISTORY_DAYS,
    INCREMENTAL,
    LEAP_MONTHS,
    NO_PROJECT,
    between,
    invalid_queries,
    project,
    views,
    window,
    window_classes,
)
from usagetwin_checker.asking.pairs import Step, pairs
from usagetwin_checker.exchanges import Ask, Credential
from usagetwin_checker.findings import BINDING
from usagetwin_checker.judging.expectation import broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from usagetwin_checker.asking.classes import Pairs
    from usagetwin_checker.knowing.knowledge import Now

MOST_KEYS: Final = 4  # whose history is asked for one by one; more are drawn by the fuzz phase
DEEP_YEARS: Final = 4
RECENT_DAYS: Final = 40
IN_A_ROW: Final = 5  # one answer in so many may come from somewhere else, such as a replica


def probe() -> tuple[Step, Step]:
    """Give the two requests that the current time is learned from: the default window, and the far future."""
    far = (("to", str(LAST_INSTANT_S)), ("aggregationType", "incremental"))
    return Step("learn the current time: the default window", Ask()), Step(
        "learn the current time: the far future", Ask(far)
    )


def recent(today: int) -> Step:
    """Give the request that the newest bucket is learned from where the default window shows none."""
    days = (("from", str(start_of(today - RECENT_DAYS))), *INCREMENTAL)
    return Step("learn the current time: the last weeks", Ask(days))


class Plan:
    """The covering set for one target, of whose current time a range is known, and some project keys."""

    def __init__(self, now: "Now", keys: "Sequence[str]") -> None:
        """Take what was learned."""
        today = day_of(now.earliest_s)
        self._today = today
        self._now = now
        self._keys = tuple(sorted(keys))
        self._end_s = start_of(today)
        self._history = between(today - HISTORY_DAYS, today)

    def steps(self) -> "Iterator[Step]":
        """Give every request, the ones that find most first, none twice."""
        seen = set()
        for step in chain(
            self._views(),
            self._filters(),
            self._windows(),
            self._unknown(),
            self._credentials(),
            self._defaults(),
            self._wire(),
            self._invalid(binding=True),
            self._filters_otherwise(),
            self._windows_in_every_view(),
            self._invalid(binding=False),
            self._deep(),
            self._pairs(),
            self._unusual(),
            self._again(),
        ):
            if step.ask not in seen or step.about.startswith("again"):
                seen.add(step.ask)
                yield step

    def _views(self) -> "Iterator[Step]":
        for name, view in views():
            yield Step(f"a year of {name}", Ask(self._history + view))
        before = between(self._today - 2 * HISTORY_DAYS + 5, self._today - HISTORY_DAYS + 5)
        yield Step("the year before that year", Ask(before + INCREMENTAL))
        for key in self._keys[:MOST_KEYS]:
            yield Step(f"a year of {key}", Ask(self._history + INCREMENTAL + project(key)))

    def _filters(self) -> "Iterator[Step]":
        if not self._keys:
            return
        first, last, some = self._keys[0], self._keys[-1], self._keys[:MOST_KEYS]
        several = self._history + INCREMENTAL + project(*some)
        yield Step("several projects", Ask(several))
        yield Step("several projects, one twice", Ask(several + project(first)))
        for name, view in views():
            if last != first:
                yield Step(f"{name} of two projects", Ask(self._history + view + project(last, first)))
        for name, view in views():
            yield Step(f"{name} of one project", Ask(self._history + view + project(first)))

    def _windows(self) -> "Iterator[Step]":
        """Give each window in one view, another one each time; around a leap day, in all of them.

        What lies in the year that is known of some filters takes turns among these too.
        """
        named, filters = list(views()), self._known_filters()
        for turn, (about, from_s, to_s) in enumerate(window_classes(self._today)):
            everywhere, known = about == LEAP_MONTHS, from_s >= start_of(self._today - HISTORY_DAYS)
            which = filters[turn % len(filters)] if known else ()
            for name, view in named if everywhere else (named[turn % len(named)],):
                if about not in FINE_WINDOWS:
                    yield Step(f"{about}, {name}", Ask(window(from_s, to_s) + view + which))

    def _known_filters(self) -> "list[Pairs]":
        """Give the filters that a year of every view is asked for."""
        one, two = project(*self._keys[:1]), project(*self._keys[-1:], *self._keys[:1])
        return [(), *([one] if one else []), *([two] if len(self._keys) > 1 else [])]

    def _windows_in_every_view(self) -> "Iterator[Step]":
        for about, from_s, to_s in window_classes(self._today):
            for name, view in views():
                yield Step(f"{about}, {name}", Ask(window(from_s, to_s) + view))

    def _defaults(self) -> "Iterator[Step]":
        month = start_of(first_of_month(self._today))
        newest_s, filters = start_of(day_of(self._now.latest_s)), self._known_filters()
        one, two = filters[1 % len(filters)], filters[-1]
        if self._now.exact:
            given = (("from", str(month)), ("to", str(self._now.latest_s)))
            yield Step("the default window, given", Ask(given))
        for about, parameters in (
            ("the default of from", (("to", str(self._end_s)), *one)),
            ("the default of from, given", (("from", str(month)), ("to", str(self._end_s)), *one)),
            ("the default of to", (("from", str(self._end_s - 5 * SECONDS_PER_DAY)),)),
            (
                "the newest day, by its first second",
                window(newest_s - SECONDS_PER_DAY, newest_s + 1) + INCREMENTAL,
            ),
            ("the default window, incremental, after it", (*INCREMENTAL, ("granularity", "daily"))),
            ("both defaults of the view", self._history),
            ("the default of aggregationType", (*self._history, ("granularity", "daily"))),
            (
                "the default of aggregationType, of one project",
                (*self._history, ("granularity", "daily"), *one),
            ),
            ("the default of granularity", (*self._history, ("aggregationType", "month_to_date"), *two)),
        ):
            yield Step(about, Ask(tuple(parameters)))

    def _unknown(self) -> "Iterator[Step]":
        key = self._keys[0] if self._keys else ""
        unknown = f"{key}-{NO_PROJECT}" if key else NO_PROJECT
        yield Step("an unknown project", Ask(self._history + INCREMENTAL + project(unknown)))
        if key:
            beside = Ask(self._history + INCREMENTAL + project(key, unknown))
            yield Step("an unknown project beside a known one", beside)

    def _wire(self) -> "Iterator[Step]":
        parameters = self._history + INCREMENTAL + (("granularity", "daily"),)
        yield Step("the parameters in another order", Ask(tuple(reversed(parameters))))

    def _filters_otherwise(self) -> "Iterator[Step]":
        """Write filters in other ways, and ask for each project in a second view."""
        view = (*INCREMENTAL, ("granularity", "daily"))
        if len(self._keys) > 1:
            first, last = self._keys[0], self._keys[-1]
            yield Step("two projects, in the other order", Ask(self._history + view + project(first, last)))
            if len(self._keys) > 2:
                among = project(first, self._keys[1])
                yield Step("two projects, the same one first", Ask(self._history + view + among))
            yield Step("one project, before the rest", Ask(project(first) + self._history + view))
        for key in self._keys[:MOST_KEYS]:
            yield Step(f"both defaults of the view, of {key}", Ask(self._history + project(key)))

    def _unusual(self) -> "Iterator[Step]":
        parameters = self._history + INCREMENTAL
        month = start_of(first_of_month(self._today))
        yield Step("a lone to before this month", Ask((("to", str(month - 1)),)))
        yield Step("a lone from in the future", Ask((("from", str(LAST_INSTANT_S)),)))
        yield Step("no credential, a query that is new", Ask(self._history[:1], Credential.NONE))
        yield Step("a blank credential", Ask(parameters, Credential.BLANK))
        yield Step("a Bearer credential", Ask(parameters, Credential.BEARER))
        unnamed = ("environment", "production")
        for name, view in views():
            undocumented = Ask((*self._history, *view, unnamed))
            yield Step(f"a parameter that the document doesn't name, {name}", undocumented)
        for key in self._keys[:1]:
            undocumented = Ask((unnamed, *parameters, *project(key)))
            yield Step("a parameter that the document doesn't name, one project", undocumented)
        for key in self._keys[:1]:
            for other in (key.swapcase(), f" {key}", ",".join((self._keys * 2)[:2])):
                yield Step("another spelling of a key", Ask(parameters + project(other)))
        yield Step("an empty parameter that the document doesn't name", Ask((*parameters, ("limit", ""))))
        yield Step("HEAD", Ask(self._history, method="HEAD"))
        yield Step("a GET with a body", Ask(parameters, body="null"))
        yield Step("another method", Ask(self._history, method="POST"))
        yield Step("a trailing slash", Ask(self._history, suffix="/"))
        yield Step("an unknown path", Ask(suffix="/unknown"))
        two_years = between(self._today - 2 * HISTORY_DAYS - 9, self._today)
        for name, view in views():
            yield Step(f"more than a year of {name}", Ask(two_years + view))
        tomorrow = between(self._today - 3, self._today + 3)
        for name, view in views():
            yield Step(f"a window into the future, {name}", Ask(tomorrow + view))

    def _credentials(self) -> "Iterator[Step]":
        """Leave the credential out, of a query that was answered before, and of one that is invalid."""
        (_, view), *_ = views()
        asked = self._history + (INCREMENTAL + project(*self._keys[:1]) if self._keys else view)
        invalid = (("granularity", "weekly"),)
        yield Step("no credential, a query that was answered before", Ask(asked, Credential.NONE))
        yield Step("no credential, invalid query", Ask(invalid, Credential.NONE))

    def _invalid(self, *, binding: bool) -> "Iterator[Step]":
        """Give the invalid queries, those first that break a rule of schema or prose."""
        for parameters in invalid_queries(self._history):
            ask = Ask(parameters)
            rules = broken_rules(ask)
            if binding == any(rule(broken).tier in BINDING for broken in rules):
                yield Step(f"invalid: {', '.join(rules)}", ask)

    def _pairs(self) -> "Iterator[Step]":
        yield from pairs(self._today, self._keys)

    def _deep(self) -> "Iterator[Step]":
        for year in range(1, DEEP_YEARS + 1):
            end = self._today - HISTORY_DAYS * year
            if end - HISTORY_DAYS < 0:
                return
            window = between(end - HISTORY_DAYS, end)
            for name, view in views():
                yield Step(f"{name}, {year} years back", Ask(window + view))
            for key in self._keys[:MOST_KEYS]:
                yield Step(f"a year of {key}, {year} years back", Ask(window + INCREMENTAL + project(key)))

    def _again(self) -> "Iterator[Step]":
        """Repeat requests, after others with other keys: what was asked in between must not matter."""
        for name, view in views():
            for key in self._keys[-1:]:
                between_them = (*window(self._end_s - SECONDS_PER_DAY, self._end_s), *view, *project(key))
                yield Step("one day of a project, before the same again", Ask(between_them))
            yield Step(f"again, a year of {name}", Ask(self._history + view))
        for _ in range(IN_A_ROW):
            yield Step("again, in a row", Ask(self._history + views()[0][1]))


def table(steps: "Iterable[Step]") -> "Iterator[tuple[str, str, str]]":
    """Give the plan as rows: what a request is for, its method, its query."""
    for step in steps:
        yield step.about, step.ask.method, step.ask.query_string or "(no parameters)"
