"""The table of factors: every class of value that a request is made of, ordinary and unusual.

Rule: a row of it is a class of values, never one for the sake of one fault. All requests of the plan, and
what is unusual in drawn ones, come from this table.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import LISTED
from usagetwin.days import LAST_INSTANT_S, day_of, first_of_month, start_of
from usagetwin_checker.asking.levels import (
    AGGREGATION,
    AS_DOCUMENTED,
    GRANULARITY,
    KEYS_FIRST,
    LEFT_OUT,
    ORDER,
    PROJECTS,
    REVERSED,
    WINDOW,
    Level,
    Unusual,
    Way,
)
from usagetwin_checker.asking.parameters import HISTORY_DAYS, between, project, window
from usagetwin_checker.asking.spoilt import (
    ANY_STATUS,
    NO_PROJECT,
    spoilt_keys,
    spoilt_times,
    spoilt_words,
    words_apart,
)
from usagetwin_checker.asking.windows import NOON_S, windows
from usagetwin_checker.exchanges import Credential

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin_checker.knowing.knowledge import Now

ONE_PROJECT: Final = "one project"
MORE_PROJECTS: Final = "more than one project"
FIRST: Final = "a project"
LAST: Final = "another project"
MIDDLE: Final = ("a second project", "a third project")
MOST_KEYS: Final = 4  # projects that are asked for; more are drawn by the fuzz phase


@dataclass(frozen=True, slots=True)
class Factors:
    """The ordinary levels of each factor, in the order of a query's parts, and everything unusual.

    `projects` are filters by one project each, of which the ordinary levels have the first and the last.
    """

    ordinary: "Mapping[str, tuple[Level, ...]]"
    unusual: "tuple[Unusual, ...]"
    projects: "tuple[Level, ...]" = ()


def factors(now: "Now", keys: "Sequence[str]") -> Factors:
    """Give the table for a target's current time and some of its project keys."""
    some = tuple(sorted(keys))[:MOST_KEYS]
    ordinary = {
        WINDOW: tuple(windows(now)),
        PROJECTS: tuple(_filters(some)),
        GRANULARITY: tuple(_words(GRANULARITY, "granularity-defaults-to-daily")),
        AGGREGATION: tuple(_words(AGGREGATION, "aggregation-type-defaults-to-month-to-date")),
        ORDER: tuple(
            Level(name, name, tests=None if name == AS_DOCUMENTED else "parameter-order-is-irrelevant")
            for name in (AS_DOCUMENTED, REVERSED, KEYS_FIRST)
        ),
    }
    return Factors(ordinary, tuple(_unusual(now, some, frozenset(keys))), tuple(_single(some)))


def _single(keys: "Sequence[str]") -> "Iterator[Level]":
    """Give a filter by each project, the first and the last one named as in the table."""
    names = {**dict(zip(keys[1:], MIDDLE, strict=False)), **dict.fromkeys(keys[-1:], LAST)}
    for key in keys:
        yield Level(FIRST if key == keys[0] else names[key], ONE_PROJECT, project(key))


def _filters(keys: "Sequence[str]") -> "Iterator[Level]":
    yield Level(LEFT_OUT, LEFT_OUT)
    if not keys:
        return
    first, last = keys[0], keys[-1]
    filters = {
        (first,): (FIRST, "all-projects-at-least-the-named"),
        (last,): (LAST, "all-projects-at-least-the-named"),
        tuple(keys): ("several projects", "filter-additive"),
        (last, first, last): ("one of two twice", "repeated-project-key-is-irrelevant"),
        (first, last): ("the same two, the other way round", "project-key-order-is-irrelevant"),
        (last, first): ("two projects", "project-key-repeats"),
    }
    filters[first,] = (FIRST, "all-projects-at-least-the-named")  # where it is the only one, too
    for filter_, (name, tests) in filters.items():
        yield Level(name, ONE_PROJECT if len(filter_) == 1 else MORE_PROJECTS, project(*filter_), tests)


def _words(name: str, by_default: str) -> "Iterator[Level]":
    yield Level(LEFT_OUT, LEFT_OUT, tests=by_default)
    for word in LISTED[name]:
        yield Level(word, word, ((name, word),))


def _unusual(now: "Now", keys: "Sequence[str]", known: frozenset[str]) -> "Iterator[Unusual]":
    today = day_of(now.earliest_s)
    yield from _strangers()
    yield from words_apart()
    yield from spoilt_keys(keys, known)
    yield from spoilt_times(between(today - HISTORY_DAYS, today))
    yield from spoilt_words()
    yield from _no_windows(today)
    yield from _other_requests()
    yield from _beside()


def _strangers() -> "Iterator[Unusual]":
    """Give requests without a credential that counts; some are refused for that whatever their query is."""
    for name, credential in (
        ("none", Credential.NONE),
        ("blank", Credential.BLANK),
        ("Bearer", Credential.BEARER),
    ):
        yield Unusual("credential", name, (Way(fields=(("credential", credential),)),))
    others = tuple(Way(fields=(("credential", other),)) for other in (Credential.BASIC, Credential.UNKNOWN))
    yield Unusual("credential", "another one", others, ANY_STATUS)
    refused = ((GRANULARITY, ("weekly",)),), ((PROJECTS, (NO_PROJECT,)),)
    without = tuple(Way(values, (("credential", Credential.NONE),)) for values in refused)
    yield Unusual("credential", "none, of a query that is refused too", without)


def _other_requests() -> "Iterator[Unusual]":
    for factor, name, field, values in (
        ("method", "HEAD", "method", ("HEAD",)),
        ("method", "another one", "method", ("POST", "PUT", "PATCH", "DELETE")),
        ("path", "another one", "suffix", ("/", "/unknown", "s", "/%00")),
        ("body", "of a GET", "body", ("null", "{}", '{"granularity":"monthly"}')),
    ):
        yield Unusual(factor, name, tuple(Way(fields=((field, value),)) for value in values))


def _no_windows(today: int) -> "Iterator[Unusual]":
    """Give windows whose ends are valid each, and not together."""
    day_s, month_s = start_of(today - 20), start_of(first_of_month(today))
    for name, ends in (
        ("inverted", window(start_of(today), start_of(max(today - HISTORY_DAYS, 0)))),
        ("inverted within a day", window(day_s + NOON_S, day_s + NOON_S // 2)),
        ("inverted by a second", window(day_s + 1, day_s)),
    ):
        yield Unusual(WINDOW, name, (Way(tuple((end, (value,)) for end, value in ends)),))
    for name, start, end in (
        ("from alone, in the future", (str(LAST_INSTANT_S),), ()),
        ("to alone, before this month", (), (str(max(month_s - 1, 0)),)),
    ):
        yield Unusual(WINDOW, name, (Way((("from", start), ("to", end))),))


def _beside() -> "Iterator[Unusual]":
    """Give parameters that the document does not name."""
    for name, pairs in (
        (
            "that the document does not name",
            (("environment", "production"), ("limit", ""), ("limit", "1"), ("", "")),
        ),
        ("named nearly like one", (("From", "0"), ("projectkey", "x"), ("project_key", "x"), ("to[]", "0"))),
        ("of text that crashes", (("q", "\x00"), ("日本", "%"), ("'", '"'), ("x" * 99, "9" * 99))),
    ):
        yield Unusual("another parameter", name, tuple(Way(((key, (value,)),)) for key, value in pairs))
