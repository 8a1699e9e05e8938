"""Which queries a target refuses that the document leaves open, and which spellings it takes.

Rule: a status shows something where the same query, but for the one thing that is odd about it, is one that
the document promises an answer to.
"""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import LISTED, PARAMETERS, REPEATABLE
from usagetwin.days import day_of, start_of
from usagetwin_checker.asking.parameters import INCREMENTAL, between, window
from usagetwin_checker.choices.choice import TWIN, Choice, only, without
from usagetwin_checker.choices.seen import DAY_365
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.expectation import broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.choices.choice import Ways
    from usagetwin_checker.choices.seen import Seen

TIMES: Final = ("from", "to")
ODD_TIME: Final = re.compile(r" *\+?([0-9]{1,10}) *")
WIDE_DAYS: Final = 366
AHEAD_DAYS: Final = 5


def _strict_names(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.answered_as(200, 400):
        named = tuple(pair for pair in each.ask.parameters if pair[0] in PARAMETERS)
        if len(named) < len(each.ask.parameters) and seen.is_plain_query(replace(each.ask, parameters=named)):
            ways = only(ways, TWIN if each.status == 200 else "strict-about-names")
    return ways


def _widest(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.answered_as(200, 400):
        from_s, to_s = each.ask.instant("from"), each.ask.instant("to")
        if from_s is None or to_s is None or to_s > seen.newest_s or not _documented(seen, each.ask):
            continue
        if to_s - from_s < DAY_365:
            continue
        refused = ("cap-below-365-days", *(("cap-of-365-days",) if to_s - from_s > DAY_365 else ()))
        ways = only(ways, *refused) if each.status == 400 else without(ways, *refused)
    return ways


def _future(seen: "Seen", ways: "Ways") -> "Ways":
    now = seen.knowledge.now
    for each in seen.answered_as(200, 400):
        from_s, to_s = each.ask.instant("from"), each.ask.instant("to")
        if now is None or from_s is None or to_s is None or not _documented(seen, each.ask):
            continue
        ahead = to_s >= start_of(day_of(now.latest_s) + 4)
        if ahead and from_s <= seen.newest_s and to_s - from_s < DAY_365:
            ways = only(ways, TWIN if each.status == 200 else "future-refused")
    return ways


def _documented(seen: "Seen", ask: Ask) -> bool:
    """Tell whether a query is valid, with documented names and known keys, whatever its window."""
    known = seen.knowledge.keys.issuperset(ask.values(REPEATABLE))
    return known and not broken_rules(ask) and all(name in PARAMETERS for name, _ in ask.parameters)


def _empty(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.answered_as(200, 400):
        from_s, to_s = each.ask.instant("from"), each.ask.instant("to")
        if from_s is not None and from_s == to_s and from_s <= seen.newest_s and _documented(seen, each.ask):
            ways = only(ways, TWIN if each.status == 200 else "empty-window-refused")
    return ways


def _inverted(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.answered_as(200, 400):
        from_s, to_s = each.ask.instant("from"), each.ask.instant("to")
        if from_s is None or to_s is None or not to_s < from_s <= seen.newest_s:
            continue
        upright = {"from": str(to_s), "to": str(from_s)}
        other = tuple((name, upright.get(name, value)) for name, value in each.ask.parameters)
        if broken_rules(each.ask) == ("window-not-inverted",) and _documented(
            seen, replace(each.ask, parameters=other)
        ):
            ways = only(ways, TWIN if each.status == 400 else "inverted-window-is-empty")
    return ways


def _repeated(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.answered_as(200, 400):
        scalars = [name for name, _ in each.ask.parameters if name != REPEATABLE]
        if len(scalars) == len(set(scalars)) or broken_rules(each.ask) != ("scalar-parameters-once",):
            continue
        last = dict(each.ask.parameters)
        once = tuple(last[name] for name in dict.fromkeys(scalars))
        keyed = tuple(pair for pair in each.ask.parameters if pair[0] == REPEATABLE)
        if seen.is_plain_query(Ask((*zip(dict.fromkeys(scalars), once, strict=True), *keyed))):
            ways = only(ways, TWIN if each.status == 400 else "last-value-counts")
    return ways


def _word(name: str, value: str) -> str:
    words = LISTED.get(name)
    return value.strip(" ").lower() if words and value.strip(" ").lower() in words else value


def _time(name: str, value: str) -> str:
    found = ODD_TIME.fullmatch(value) if name in TIMES else None
    return found.group(1) if found else value


def _lenient(seen: "Seen", ways: "Ways", *, times: bool) -> "Ways":
    spelled, way = (_time, "lenient-times") if times else (_word, "lenient-words")
    for each in seen.answered_as(200, 400):
        plain = tuple((name, spelled(name, value)) for name, value in each.ask.parameters)
        if plain != each.ask.parameters and seen.is_plain_query(replace(each.ask, parameters=plain)):
            ways = only(ways, TWIN if each.status == 400 else way)
    return ways


# --- what would tell -------------------------------------------------------------------------------------


def _window(seen: "Seen", days: int = 3) -> tuple[tuple[str, str], ...]:
    today = day_of(seen.newest_s)
    return between(today - days - 1, today - 1)


def _with(seen: "Seen", *pairs: tuple[str, str]) -> "Iterator[Ask]":
    yield Ask((*_window(seen), *pairs))


def _spaced(seen: "Seen") -> "Iterator[Ask]":
    (start, end) = _window(seen)
    yield Ask(((start[0], f"+{start[1]}"), end))


def _wide(seen: "Seen") -> "Iterator[Ask]":
    yield Ask((*_window(seen, WIDE_DAYS), *INCREMENTAL))
    yield Ask((*_window(seen, 365), *INCREMENTAL))


def _ahead(seen: "Seen") -> "Iterator[Ask]":
    today = day_of(seen.newest_s)
    latest = today if seen.knowledge.now is None else day_of(seen.knowledge.now.latest_s)
    yield Ask(between(today - 3, latest + AHEAD_DAYS))


def _no_time(seen: "Seen") -> "Iterator[Ask]":
    from_s = int(_window(seen)[0][1])
    yield Ask(window(from_s, from_s))


def _backwards(seen: "Seen") -> "Iterator[Ask]":
    (start, end) = _window(seen)
    yield Ask(window(int(end[1]), int(start[1])))


CHOICES: Final = (
    Choice(
        "undocumented names",
        ("strict-about-names",),
        _strict_names,
        lambda seen: _with(seen, ("usagetwin", "1")),
    ),
    Choice("widest window", ("cap-of-365-days", "cap-below-365-days"), _widest, _wide),
    Choice("windows into the future", ("future-refused",), _future, _ahead, needs="to know the current day"),
    Choice("empty window", ("empty-window-refused",), _empty, _no_time),
    Choice("inverted window", ("inverted-window-is-empty",), _inverted, _backwards),
    Choice(
        "repeated parameters",
        ("last-value-counts",),
        _repeated,
        lambda seen: _with(seen, ("granularity", "daily"), ("granularity", "daily")),
    ),
    Choice(
        "spelling of words",
        ("lenient-words",),
        lambda seen, ways: _lenient(seen, ways, times=False),
        lambda seen: _with(seen, ("granularity", "DAILY")),
    ),
    Choice(
        "spelling of times",
        ("lenient-times",),
        lambda seen, ways: _lenient(seen, ways, times=True),
        _spaced,
    ),
)
