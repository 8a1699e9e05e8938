"""Requests that cover every pair of parameter classes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from usagetwin_checker.asking.classes import given_views, project, window, window_classes
from usagetwin_checker.exchanges import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Step:
    """One request of the plan, and in a few words what it is for."""

    about: str
    ask: Ask


def pairs(today: int, keys: "Sequence[str]") -> "Iterator[Step]":
    """Give requests that cover every pair of parameter classes.

    Granularity and aggregation type are one class, of the pairs that may go together: a covering that
    leaves pairs out by a filter is not complete.
    """
    from allpairspy import AllPairs

    windows = {about: window(from_s, to_s) for about, from_s, to_s in window_classes(today)}
    filters = {"all": (), **{key: project(key) for key in keys[:2]}}
    if len(keys) > 1:
        filters["two"] = project(*keys[:2])
        filters["twice"] = project(keys[1], keys[0], keys[1])
    options: list[list[Any]] = [
        list(windows.items()),
        list(filters.items()),
        given_views(),
        ["as documented", "reversed"],
    ]
    for when, which, view, order in AllPairs(options):
        parameters = view + when[1] + which[1]
        about = ", ".join(part for part in (when[0], which[0], *dict(view).values()) if part)
        yield Step(f"pairs: {about}", Ask(parameters if order == "as documented" else parameters[::-1]))
