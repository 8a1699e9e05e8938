"""Which exchanges of a shard say something that no other does: those that other shards are held against.

Rule: what is left out says nothing that what is kept does not. An account has so many days, filters and
views, so that what is kept is bounded, however many were sent.
"""

from typing import TYPE_CHECKING, NamedTuple

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, months_between, start_of
from usagetwin_checker.judging.many_answers import undocumented
from usagetwin_checker.judging.oracle.seen_buckets import certain_to_s
from usagetwin_checker.knowing.reading import last_day
from usagetwin_checker.running.report import Phase

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from usagetwin_checker.judging.one_exchange import Alone
    from usagetwin_checker.judging.oracle.facts import Answer
    from usagetwin_checker.knowing.knowledge import Now
    from usagetwin_checker.running.report import Sent


class Telling(NamedTuple):
    """An exchange, and what it is the first to say; nothing where it is kept for its phase."""

    sent: "Sent"
    says: "frozenset[Hashable]"


def telling(
    looked_at: "Iterable[tuple[Sent, Alone]]", now: "Now | None", *, plans: bool
) -> "Iterator[Telling]":
    """Give the probes, the plan where the shard `plans`, and each exchange that says something new."""
    phases = (Phase.PROBE, Phase.PLAN) if plans else (Phase.PROBE,)
    said: set[Hashable] = set()
    for sent, alone in looked_at:
        says = frozenset(_sayings(alone, now)) - said
        said |= says
        if sent.phase in phases:
            yield Telling(sent, frozenset())
        elif says:
            yield Telling(sent, says)


def _sayings(alone: "Alone", now: "Now | None") -> "Iterator[Hashable]":
    """Give what an exchange says of the account: of its keys, and of each bucket in its window."""
    exchange = alone.exchange
    aside = undocumented(exchange)
    yield from (
        ("key", aside, exchange.status, key)
        for key in exchange.ask.values("projectKey")
        if exchange.status in (200, 404)
    )
    if alone.answer is None:
        return
    answer = alone.answer
    by_default = not exchange.ask.values("from"), not exchange.ask.values("to")
    for fact in answer.facts:
        yield "value", aside, fact.keys, fact.view, fact.bucket, fact.value, fact.closed, fact.whole
    for bucket in _buckets_of(answer, now):
        if bucket not in answer.buckets:
            yield "absent", aside, answer.keys, answer.view, bucket, _lies_inside(answer, bucket), by_default


def _lies_inside(answer: "Answer", bucket: int) -> bool:
    """Tell whether a window has all of a bucket."""
    after = last_day(bucket, monthly=answer.monthly) + 1
    return answer.query.from_s <= start_of(bucket) and start_of(after) <= answer.query.to_s


def _buckets_of(answer: "Answer", now: "Now | None") -> "Iterable[int]":
    """Give the buckets that lie in a window, as far as they have begun."""
    if now is None:
        return ()
    to_s = min(certain_to_s(answer, now), now.earliest_s)
    first, last = day_of(answer.query.from_s), -(-to_s // SECONDS_PER_DAY)
    if first >= last:
        return ()
    return months_between(first_of_month(first), last - 1) if answer.monthly else range(first, last)
