"""How the parts of a query are written: views, windows, filters.

Rule: what is valid comes from the effective contract; nothing here says what an answer should be.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import LISTED
from usagetwin.days import start_of
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.expectation import broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

Pairs = tuple[tuple[str, str], ...]

HISTORY_DAYS: Final = 364  # the longest window that the prose promises an answer to
INCREMENTAL: Final[Pairs] = (("aggregationType", "incremental"),)


@cache
def views() -> tuple[tuple[str, Pairs], ...]:
    """Give every valid pair of aggregation type and granularity that the contract has, by name."""
    return tuple(_views())


def _views() -> "Iterator[tuple[str, Pairs]]":
    for aggregation in LISTED["aggregationType"]:
        for granularity in LISTED["granularity"]:
            pair = (("aggregationType", aggregation), ("granularity", granularity))
            if not broken_rules(Ask(pair)):
                yield (aggregation if granularity == "daily" else f"{aggregation} {granularity}"), pair


def project(*keys: str) -> Pairs:
    """Give the parameters of a filter."""
    return tuple(("projectKey", key) for key in keys)


def window(from_s: int, to_s: int) -> Pairs:
    """Give the parameters of a window, in Unix seconds."""
    return (("from", str(from_s)), ("to", str(to_s)))


def between(first: int, end: int) -> Pairs:
    """Give the parameters of the window from one day up to, without, another."""
    return window(start_of(max(first, 0)), start_of(end))
