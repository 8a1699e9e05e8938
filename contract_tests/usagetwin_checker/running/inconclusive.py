"""Why a run can't come to a verdict, in words that say what would help."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY
from usagetwin_checker.asking.parameters import HISTORY_DAYS
from usagetwin_checker.running.between import is_a_series, is_strange, who

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge

NOT_FOUND: Final = 404


def why_not(  # noqa: PLR0913 -- what a run knows of its end, each by its name
    exchanges: "Sequence[Exchange]",
    knowledge: "Knowledge",
    dead_keys: "Iterable[str]",
    *,
    halted: str | None,
    route: str | None = None,
    target: str = "",
) -> list[str]:
    """Give the reasons; `dead_keys` never got a 200, `halted` says why a target is asked no more.

    `route` is what lies between, as far as that is known, and `target` the base URL.
    """
    reasons = []
    failures = [exchange.failure for exchange in exchanges if exchange.failure is not None]
    statuses = {exchange.status for exchange in exchanges if exchange.failure is None}
    if failures:
        asked = _requests(len(exchanges))
        reasons.append(f"{len(failures)} of {asked} got no whole answer: {failures[0]}")
    if halted is not None:
        reasons.append(halted)
    strange = [exchange for exchange in exchanges if is_strange(exchange)]
    by_others = route is not None and strange and not any(map(is_a_series, exchanges))
    if by_others:
        reasons.append(f"something else than the API may have answered ({who(strange[0])}), through {route}")
    if 200 not in statuses and statuses:
        reasons.append(_no_series(statuses, exchanges[0].ask.path, target))
    elif knowledge.now is None and not (failures or by_others or _without_data(exchanges)):
        reasons.append(
            "the default window is empty, or its labels name no instant, so that the current time "
            "is not known; give it with --now"
        )
    reasons.extend(map(never_answered, sorted(dead_keys)))
    return reasons


def never_answered(key: str) -> str:
    """Say of a project key that it may be none."""
    return f"the project {key!r} is never answered with 200; is it a key of this account?"


def interrupted(signal: str, requests: int) -> str:
    """Say that a run was ended before its end, and that the findings are not all that there may be."""
    return f"interrupted after {_requests(requests)} ({signal}): this is what was found until then"


def _without_data(exchanges: "Iterable[Exchange]") -> bool:
    """Tell whether a year was asked for and no answer shows any bucket: then nothing hangs on the time."""
    shown = [exchange for exchange in exchanges if exchange.well_formed]
    return any(map(_asks_for_a_year, shown)) and not any(exchange.document["series"] for exchange in shown)


def _asks_for_a_year(exchange: "Exchange") -> bool:
    from_s, to_s = exchange.ask.instant("from"), exchange.ask.instant("to")
    return from_s is not None and to_s is not None and to_s - from_s >= HISTORY_DAYS * SECONDS_PER_DAY


def _no_series(statuses: set[int], path: str, target: str) -> str:
    shown = ", ".join(map(str, sorted(statuses)))
    if 401 in statuses:
        return (
            f"no query was answered with 200 (answers: {shown}); give a valid access token in USAGETWIN_TOKEN"
        )
    if statuses == {NOT_FOUND} and "://" in target:
        return (
            f"no query was answered with 200 (answers: {shown}): nothing is at {target}{path}; "
            f"give the URL that stands before {path} as the target"
        )
    return f"no query was answered with 200 (answers: {shown})"


def _requests(count: int) -> str:
    return f"{count} request{'s' * (count != 1)}"
