"""A target's current time, as a recording shows it: by a check's probes, by the ends of answers, by dates.

Rule: a date is the time of the machine that wrote it. It counts where the answers' own ends bear it out, or
say nothing; where they contradict it, the clock of the target is another one, as that of a twin is.
Source: `SEMANTICS` 6.
"""

from dataclasses import replace
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTHLY
from usagetwin.days import LAST_INSTANT_S, SECONDS_PER_DAY, day_of
from usagetwin_checker.asking.plan import probe, recent
from usagetwin_checker.knowing.knowledge import FARTHEST_APART, Now
from usagetwin_checker.knowing.learning import PROBES, contradiction, learn, newest_s
from usagetwin_checker.knowing.reading import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge

SKEW_S: Final = 600  # by as much two clocks may differ, or a date be late
DEFAULT, FAR = (step.ask for step in probe())


def learned(known: "Knowledge", exchanges: "Sequence[Exchange]") -> "Knowledge":
    """Add to what is known what a recording shows of the current time, and whether it all stood still."""
    before, after = probes(exchanges)
    if before:
        return learn(known, before, after, before[0].at_s)
    if known.now is not None:
        return known
    ends = [(label_s, _date_s(each)) for each in exchanges if (label_s := _end_s(each)) is not None]
    apart = [day_of(date_s) - day_of(label_s) for label_s, date_s in ends if date_s]
    if apart and not all(-1 <= days <= FARTHEST_APART for days in apart):
        return replace(known, newest_s=tuple(label_s for label_s, _ in ends)).read_as(STANDARD)
    return replace(known, now=_by_dates(exchanges, believed=bool(apart) or not known.loopback))


def contradicted(given: Now, exchanges: "Sequence[Exchange]") -> str | None:
    """Say how the probes of a recording contradict a current time that was given; None where they don't."""
    before, _ = probes(exchanges)
    return contradiction(given, *before[:PROBES]) if before else None


def probes(exchanges: "Sequence[Exchange]") -> "tuple[list[Exchange], list[Exchange]]":
    """Give the probes that a check sent before anything else, and those at its end; none where none did."""
    found = _probed(exchanges)
    if not found:
        return [], []
    before = list(exchanges[:PROBES])
    if len(exchanges) > PROBES and exchanges[PROBES].ask == recent(day_of(int(exchanges[PROBES].at_s))).ask:
        before.append(exchanges[PROBES])
    return before, list(exchanges[found[1] :][:PROBES]) if len(found) > 1 else []


def asked_again(exchanges: "Sequence[Exchange]") -> "Sequence[Exchange]":
    """Give what a check sent after its last probes: it asked again what it had found by then."""
    found = _probed(exchanges)
    return exchanges[found[1] + PROBES :] if len(found) > 1 else ()


def _probed(exchanges: "Sequence[Exchange]") -> list[int]:
    """Give where probes begin; nowhere, unless a check sent them before anything else.

    The second ones are those at its end: the plan has no such two requests in a row, and a finding that is
    asked again may.
    """
    asks = [exchange.ask for exchange in exchanges]
    found = [at for at, two in enumerate(pairwise(asks)) if two == (DEFAULT, FAR)]
    return found if found[:1] == [0] else []


def _end_s(exchange: "Exchange") -> int | None:
    """Give the newest label of an answer that ends where the target's time does; None where it may not."""
    ask = exchange.ask
    if ask.method != "GET" or MONTHLY in ask.values("granularity"):
        return None
    to_s = ask.instant("to")
    at_s = _date_s(exchange)
    if to_s is not None and (at_s is None or to_s <= at_s + SECONDS_PER_DAY):
        return None
    return newest_s(exchange)


def _by_dates(exchanges: "Sequence[Exchange]", *, believed: bool) -> Now | None:
    """Give the days of the answers' dates; where they are not believed, any time since the newest bucket."""
    dates = [date_s for exchange in exchanges if (date_s := _date_s(exchange)) is not None]
    newest = max(_labels(exchanges), default=None)
    if not dates or (newest is not None and newest > max(dates) + SECONDS_PER_DAY):
        return None
    first, last = day_of(max(min(dates) - SKEW_S, 0)), day_of(min(max(dates) + SKEW_S, LAST_INSTANT_S))
    return Now.within(first if believed or newest is None else min(first, day_of(newest)), last)


def _labels(exchanges: "Sequence[Exchange]") -> "Iterator[int]":
    for exchange in exchanges:
        label_s = newest_s(exchange)
        if label_s is not None:
            yield label_s


def _date_s(exchange: "Exchange") -> int | None:
    """Give when an answer was given: by its server, else by whoever recorded it."""
    try:
        return int(parsedate_to_datetime(exchange.headers.get("date", "")).timestamp())
    except (ValueError, TypeError, OverflowError, IndexError):  # what `email` raises on what is no date
        return int(exchange.at_s) or None
