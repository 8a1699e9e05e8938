"""Learn a target's current time from what it answers, and whether anything moved meanwhile.

Source: `SEMANTICS` 6.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from contract_tests.checks import well_formed
from contract_tests.knowledge import Now
from contract_tests.reading import STANDARD
from mockserver.days import LAST_INSTANT_S, day_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.exchanges import Exchange
    from contract_tests.knowledge import Knowledge

FIRST_PLAUSIBLE_DAY: Final = 20 * 365  # before it, milliseconds can't be told from seconds
LAST_PLAUSIBLE_DAY: Final = day_of(LAST_INSTANT_S) - 1  # after it, `from` and `to` have too many digits


def learn(knowledge: "Knowledge", before: "Iterable[Exchange]", after: "Iterable[Exchange]") -> "Knowledge":
    """Add what the probes before and after a run show: the current time, and whether it all stood still."""
    first, last = list(before), list(after)
    newest = [label for exchange in (*first, *last) if (label := _newest_s(exchange)) is not None]
    still = bool(last) and all(_same_counts(one, other) for one, other in zip(first, last, strict=False))
    knowledge = replace(knowledge, still=still)
    if knowledge.now is not None or not newest:
        return knowledge
    return replace(knowledge, newest_s=tuple(newest)).read_as(STANDARD.shift_s)


def today(instant_s: float) -> Now:
    """Give the day of an instant as a current time: where to ask, when the target does not show its own."""
    day = day_of(int(instant_s))
    return Now.within(day, day)


def is_json_object(exchange: "Exchange") -> bool:
    """Tell whether an exchange is a 200 with a JSON object: not yet a series, but no other server's page."""
    try:
        return exchange.status == HTTPStatus.OK and isinstance(exchange.document, dict)
    except ValueError:
        return False


def _same_counts(one: "Exchange", other: "Exchange") -> bool:
    """Tell whether two answers show the same buckets with the same values, however they are written."""
    whole = well_formed(one) and well_formed(other)
    return whole and bool(one.document["series"] == other.document["series"])


def _newest_s(exchange: "Exchange") -> int | None:
    """Give the newest label in seconds, its unit taken from its magnitude; None where it can't be one."""
    if not well_formed(exchange):
        return None
    labels = [int(point["time"]) for point in exchange.document["series"]]
    if not labels:
        return None
    newest = max(labels)
    in_milliseconds = newest // STANDARD.per_second
    label_s = in_milliseconds if day_of(in_milliseconds) >= FIRST_PLAUSIBLE_DAY else newest
    return label_s if FIRST_PLAUSIBLE_DAY <= day_of(label_s) <= LAST_PLAUSIBLE_DAY else None
