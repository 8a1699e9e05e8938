"""How a refusal is written: codes and messages, an id, further fields."""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.days import day_of
from usagetwin_checker.asking.parameters import between
from usagetwin_checker.choices.choice import TWIN, Choice, only, without
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.expectation import broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.choices.choice import Ways
    from usagetwin_checker.choices.seen import Seen
    from usagetwin_checker.exchanges import Exchange

CODES: Final = {400: "invalid_request", 404: "not_found"}
OF_ALL: Final = {  # rules whose 400 is of no variation's own making
    "granularity-is-documented",
    "aggregation-type-is-documented",
    "monthly-needs-month-to-date",
}
POLICY, CONSTANT = "error_id=on", "errors-with-id"
PROBLEM: Final = {"type", "title", "status", "detail", "errors"}


def _errors(seen: "Seen") -> "Iterator[tuple[Exchange, dict[str, Any]]]":
    for each in seen.answered_as(*CODES):
        if each.keeps_schema:
            yield each, each.document


def _words(seen: "Seen", ways: "Ways") -> "Ways":
    for each, error in _errors(seen):
        if error["code"] == CODES[each.status]:
            ways = only(ways, TWIN)
        elif error["code"] == f"E-{each.status}":
            ways = only(ways, "errors-in-other-words")
        elif error["code"] == error["message"] == "":
            ways = only(ways, "errors-without-words")
        else:
            return frozenset()
    return ways


def _id(seen: "Seen", ways: "Ways") -> "Ways":
    ids = {each.ask: error.get("id") for each, error in _errors(seen) if OF_ALL & {*broken_rules(each.ask)}}
    if not ids:
        return ways
    if None in ids.values():
        if set(ids.values()) != {None}:
            return frozenset()
        return only(ways, TWIN) if seen.shows("words of errors") else only(ways, TWIN, POLICY)
    if len(ids) == 1:
        return without(ways, TWIN)
    return only(ways, CONSTANT if len(set(ids.values())) == 1 else POLICY)


def _problems(seen: "Seen", ways: "Ways") -> "Ways":
    for _, error in _errors(seen):
        more = set(error) - {"code", "message", "id"}
        ways = only(ways, TWIN if not more else "errors-as-problems" if more == PROBLEM else "unlike any")
    return ways


def _refused(seen: "Seen") -> "Iterator[Ask]":
    today = day_of(seen.newest_s)
    for word in ("hourly", "weekly"):
        yield Ask((*between(today - 3, today - 1), ("granularity", word)))


NEEDS: Final = "a query that is refused"
CHOICES: Final = (
    Choice("words of errors", ("errors-in-other-words", "errors-without-words"), _words, _refused, NEEDS),
    Choice(
        "id of errors", (POLICY, CONSTANT), _id, _refused, "two queries that are refused, in the usual words"
    ),
    Choice("fields of errors", ("errors-as-problems",), _problems, _refused, NEEDS),
)
