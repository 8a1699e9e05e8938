"""What the answers of all shards show together: one ledger is behind them all.

Rule: shards run at the same time, or long after one another, and the order of their numbers is none of time.
So where anything was counted meanwhile, only what nothing can change any more is held against each other.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from usagetwin.days import start_of
from usagetwin_checker.judging.expectation import expect
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.learning import PROBES, same_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.judging.judge import Judgement
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.knowing.reading import Reading
    from usagetwin_checker.running.shards.part import Part


def still_together(parts: "Sequence[Part]") -> bool:
    """Tell whether nothing was counted from the first probe of any shard to the last one of any other."""
    if not all(part.report.knowledge.still for part in parts):
        return False
    probes = [[each.sent.exchange for each in part.told[:PROBES]] for part in parts]
    return all(
        same_counts(one, other) for own in probes[1:] for one, other in zip(probes[0], own, strict=False)
    )


def told_together(exchanges: "Sequence[Exchange]", knowledge: "Knowledge", reading: "Reading") -> "Judgement":
    """Judge what all shards were answered, as far as their order says nothing."""
    if knowledge.still:
        return judge(exchanges, knowledge, reading)
    final = [exchange for exchange in exchanges if _is_final(exchange, knowledge.read_as(reading))]
    return judge(final, replace(knowledge, still=False), reading)


def _is_final(exchange: "Exchange", knowledge: "Knowledge") -> bool:
    """Tell whether a request gives both ends of a window whose counts nothing changes any more."""
    query, open_day = expect(exchange.ask, knowledge).query, knowledge.first_open_day
    given = exchange.ask.values("from") and exchange.ask.values("to")
    return bool(given) and query is not None and open_day is not None and query.to_s <= start_of(open_day)
