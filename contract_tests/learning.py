"""Learn a target's current time from what it answers, and whether anything moved meanwhile.

Source: `SEMANTICS` 6.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.checks import well_formed
from contract_tests.knowledge import Knowledge, Now
from contract_tests.reading import READINGS
from mockserver.days import SECONDS_PER_DAY, start_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.exchanges import Exchange

FARTHEST_APART: Final = 2  # days between the newest buckets of both probes; more means buckets in the future


def learn(knowledge: Knowledge, before: "Iterable[Exchange]", after: "Iterable[Exchange]") -> Knowledge:
    """Add what the probes before and after a run show: the current time, and whether it all stood still."""
    first, last = list(before), list(after)
    newest = [day for exchange in (*first, *last) if (day := _newest_day(exchange)) is not None]
    still = bool(last) and all(
        one.status == other.status == 200 and one.body == other.body
        for one, other in zip(first, last, strict=False)
    )
    knowledge = replace(knowledge, still=still)
    if knowledge.now is not None or not newest:
        return knowledge
    near = [day for day in newest if day - min(newest) <= FARTHEST_APART]
    now = Now(start_of(min(near)), start_of(max(near)) + SECONDS_PER_DAY - 1)
    return replace(knowledge, now=now)


def _newest_day(exchange: "Exchange") -> int | None:
    """Give the newest bucket's day; its unit is taken from its magnitude."""
    if not well_formed(exchange):
        return None
    labels = [int(point["time"]) for point in exchange.document["series"]]
    if not labels:
        return None
    newest = max(labels)
    milliseconds, seconds = READINGS[0].daily(newest), READINGS[1].daily(newest)
    plausible = (1990 - 1970) * 365
    return milliseconds if milliseconds >= plausible else seconds
