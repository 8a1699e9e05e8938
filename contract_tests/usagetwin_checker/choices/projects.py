"""What a target makes of project keys: unknown ones, other spellings, and several at once."""

from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTH_TO_DATE, REPEATABLE
from usagetwin.days import first_of_month
from usagetwin_checker.asking.parameters import between, project
from usagetwin_checker.asking.spoilt import NO_PROJECT
from usagetwin_checker.choices.buckets import MTD, weeks
from usagetwin_checker.choices.choice import TWIN, Choice, only
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.expectation import broken_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from usagetwin_checker.choices.choice import Ways
    from usagetwin_checker.choices.seen import Seen, Series

EMPTY, IS_EMPTY, IS_ZERO = "unknown_project=empty", "unknown-project-is-empty", "unknown-project-is-zero"
BY_STATUS: Final = {404: TWIN, 400: "unknown-project-is-invalid", 403: "unknown-project-is-forbidden"}
SEPARATE: Final = "projects=separate"
BY_METADATA: Final = {
    "projectName": "separate-with-project-name",
    "name": "separate-by-name",
    "project": "separate-in-key-order",
    "projectKey": SEPARATE,
}


def _unknown(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.answered_as(200, 400, 403, 404):
        keys = each.ask.values(REPEATABLE)
        if len(keys) != 1 or keys[0] != NO_PROJECT or broken_rules(each.ask):
            continue
        if each.status in BY_STATUS and seen.is_plain_query(_without_keys(each.ask)):
            ways = only(ways, BY_STATUS[each.status])
        elif each.status == 200:
            ways = only(ways, *_counted(seen, each.number))
    if SEPARATE in seen.possible("several projects") or not ways <= {EMPTY, IS_EMPTY}:
        return ways
    return only(ways, EMPTY)  # what a total can't tell apart is written as the policy


def _without_keys(ask: Ask) -> Ask:
    return Ask(tuple(pair for pair in ask.parameters if pair[0] != REPEATABLE))


def _counted(seen: "Seen", number: int) -> "Iterator[str]":
    """Name the ways in which an unknown key gets a series."""
    series = next((each for each in seen.raw if each.exchange.number == number), None)
    if series is None or any(series.totals):
        return
    if series.labels:
        yield IS_ZERO
        return
    yield from (EMPTY, IS_EMPTY)
    shown = any(_covers(series, other) for other in seen.raw)
    if not (shown and seen.shows("zero buckets")):
        yield IS_ZERO


def _covers(series: "Series", other: "Series") -> bool:
    """Tell whether the same query for all projects shows a bucket."""
    same = (other.view, other.from_s, other.to_s) == (series.view, series.from_s, series.to_s)
    return same and not other.keys and bool(other.labels)


def _spelled(seen: "Seen", ways: "Ways", way: str, respelled: "Callable[[str], tuple[str, ...]]") -> "Ways":
    for each in seen.answered_as(200, 400, 403, 404):
        keys = each.ask.values(REPEATABLE)
        if len(keys) != 1 or keys[0] in seen.knowledge.keys or broken_rules(each.ask):
            continue
        meant = frozenset(respelled(keys[0]))
        if (
            not meant
            or not seen.knowledge.keys.issuperset(meant)
            or not seen.is_plain_query(_without_keys(each.ask))
        ):
            continue
        if each.status != 200:
            ways = only(ways, TWIN)
            continue
        one = next((series for series in seen.raw if series.exchange.number == each.number), None)
        if one is not None:
            ways = only(ways, *_same(seen, one, meant, way))
    return ways


def _same(seen: "Seen", one: "Series", meant: frozenset[str], way: str) -> "Iterator[str]":
    """Name the ways that fit, where the same query in the usual spelling counts something."""
    totals = [
        other.totals
        for other in seen.raw
        if (other.view, other.from_s, other.to_s, other.keys) == (one.view, one.from_s, one.to_s, meant)
    ]
    if not totals or not any(totals[0]):
        yield from (way, TWIN)
    elif one.totals in totals:
        yield way
    elif not any(one.totals):
        yield TWIN


def _in_lower_case(key: str) -> tuple[str, ...]:
    return (key.strip().lower(),) if "," not in key else ()


def _split(key: str) -> tuple[str, ...]:
    return tuple(key.split(",")) if "," in key else ()


def _several(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.raw:
        if not each.keys or not seen.knowledge.keys.issuperset(each.keys):
            continue
        metadata = each.exchange.document["metadata"]
        found = [way for name, way in BY_METADATA.items() if metadata and name in metadata[0]][:1]
        if found:
            ways = only(ways, *found)
        elif len(metadata) <= 1:
            ways = only(ways, TWIN)
        else:
            return frozenset()
    return ways


# --- what would tell -------------------------------------------------------------------------------------


def _for(seen: "Seen", *filters: tuple[str, ...]) -> "Iterator[Ask]":
    first, end = weeks(seen)
    for keys in filters:
        yield Ask((*between(first, end), *MTD, *project(*keys)))


def _unknown_asks(seen: "Seen") -> "Iterator[Ask]":
    yield from _for(seen, (NO_PROJECT,), ())


def _case_asks(seen: "Seen") -> "Iterator[Ask]":
    for key in _counting(seen):
        if key == key.lower() != key.upper():
            yield from _for(seen, (key.upper(),), (key,))
            return


def _comma_asks(seen: "Seen") -> "Iterator[Ask]":
    keys = _counting(seen)[:2]
    if keys:
        yield from _for(seen, (",".join(keys),), tuple(keys))


def _several_asks(seen: "Seen") -> "Iterator[Ask]":
    keys = _counting(seen)[:2]
    if keys:
        yield from _for(seen, tuple(keys))


def _counting(seen: "Seen") -> list[str]:
    """Give the known keys, those first that are known to count something."""
    first = first_of_month(weeks(seen)[1])
    counting = {
        key
        for key in seen.knowledge.keys
        if any(seen.sums.get((MONTH_TO_DATE, frozenset({key})), {}).get(first + day) for day in range(28))
    }
    return sorted(seen.knowledge.keys, key=lambda key: (key not in counting, key))


CHOICES: Final = (
    Choice(
        "unknown project",
        (EMPTY, IS_EMPTY, IS_ZERO, *(way for way in BY_STATUS.values() if way)),
        _unknown,
        _unknown_asks,
        needs="weeks in which the account has sessions, and that zero buckets are shown",
    ),
    Choice(
        "case of keys",
        ("keys-in-any-case",),
        lambda seen, ways: _spelled(seen, ways, "keys-in-any-case", _in_lower_case),
        _case_asks,
        needs="a project key in lower case, with sessions (--project)",
    ),
    Choice(
        "several keys in one",
        ("keys-joined-by-commas",),
        lambda seen, ways: _spelled(seen, ways, "keys-joined-by-commas", _split),
        _comma_asks,
        needs="two project keys, with sessions (--project)",
    ),
    Choice(
        "several projects",
        (SEPARATE, "separate-by-name", "separate-with-project-name", "separate-in-key-order"),
        _several,
        _several_asks,
        needs="project keys of the account (--project)",
    ),
)
