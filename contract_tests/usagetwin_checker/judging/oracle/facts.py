"""Break answers into facts: one equation about the unknown ledger for each value that a target gave.

Rule: this alone knows how an answer's layout (labels, key fields, metadata) says which filter and
bucket a value belongs to. What it can't tell it leaves out.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from usagetwin.contract.operation import MONTH_TO_DATE, MONTHLY
from usagetwin.days import SECONDS_PER_DAY, first_of_month, iso
from usagetwin_checker.knowing.reading import last_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.account.query import Query
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.knowing.reading import Reading


NEVER_CLOSED: Final = -1_000_000  # before any bucket
EXACT_FLOATS: Final = 1 << 53  # a float beyond it may not be the number that the target wrote
LABELS: Final = {str(index): index for index in range(10_000)}


class Fact(NamedTuple):  # a tuple is made in a third of a dataclass's time, and there are very many
    """One value: the sum of a filter's counts from day `start` up to, without, day `end`.

    `keys` is the filter, empty for all projects. A fact is `closed` when none of its days may still
    grow, and `whole` when the window does not cut its bucket.
    """

    keys: frozenset[str]
    view: str
    bucket: int
    start: int
    end: int
    value: int
    exchange: "Exchange"
    closed: bool
    whole: bool

    @property
    def span(self) -> tuple[int, int]:
        """Give the days that the value sums, the end excluded."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Answer:
    """A 200 to a valid query: its buckets in the order sent, and the facts in them.

    Where the days are `local`, so is the window of `query`.
    """

    exchange: "Exchange"
    query: "Query"
    keys: frozenset[str]
    view: str
    buckets: tuple[int, ...]
    facts: tuple[Fact, ...]
    local: bool = False

    @property
    def monthly(self) -> bool:
        """Tell whether the buckets are months."""
        return self.view == MONTHLY

    def said(self, instant_s: int) -> str:
        """Write an instant in the time of the window."""
        return f"{iso(instant_s)[:-1]} local time" if self.local else iso(instant_s)


def view_of(query: "Query") -> str:
    """Name the view: an aggregation type, or `monthly`."""
    return MONTHLY if query.granularity == MONTHLY else query.aggregation_type


def span_of(view: str, bucket: int) -> tuple[int, int]:
    """Give the days that a bucket of a view sums, the end excluded."""
    if view == "incremental":
        return bucket, bucket + 1
    if view == MONTH_TO_DATE:
        return first_of_month(bucket), bucket + 1
    if view == MONTHLY:
        return bucket, last_day(bucket, monthly=True) + 1
    return bucket - 29, bucket + 1


def read(exchange: "Exchange", query: "Query", reading: "Reading", knowledge: "Knowledge") -> Answer | None:
    """Read a 200 as facts; None when it is no series that can be read."""
    if not exchange.well_formed:
        return None
    local = reading.days is not None
    if local:
        knowledge = knowledge.in_local_time()
        query = replace(query, from_s=reading.local_s(query.from_s), to_s=reading.local_s(query.to_s))
    view, keys = view_of(query), frozenset(query.project_keys)
    bucket_of = reading.bucket(monthly=view == MONTHLY)
    document = exchange.document
    fields = _fields(document, keys)
    open_day = NEVER_CLOSED if knowledge.first_open_day is None else knowledge.first_open_day
    buckets = []
    facts: list[Fact] = []
    for point in document["series"]:
        bucket = bucket_of(int(point["time"]))
        buckets.append(bucket)
        start, end = span_of(view, bucket)
        whole = query.from_s <= bucket * SECONDS_PER_DAY and end * SECONDS_PER_DAY <= query.to_s
        for name, value in point.items():
            if name in fields and not _rounded(value):
                which, count = fields[name], int(value)
                facts.append(Fact(which, view, bucket, start, end, count, exchange, end <= open_day, whole))
    facts.extend(list(_totals(facts, keys, len(fields))))
    return Answer(exchange, query, keys, view, tuple(buckets), tuple(facts), local)


def _rounded(value: float) -> bool:
    return isinstance(value, float) and value > EXACT_FLOATS


def _fields(document: dict[str, Any], keys: frozenset[str]) -> dict[str, frozenset[str]]:
    """Give the filter that each key field counts, as far as the answer says so."""
    names = {name for point in document["series"] for name in point if name != "time"}
    if len(names) == 1:
        return {names.pop(): keys}
    metadata = document["metadata"]
    fields = {}
    for name in names:
        index = LABELS.get(name, len(metadata))
        described = (
            set(metadata[index].values()) if index < len(metadata) and _plain(metadata[index]) else set()
        )
        named = described & keys if keys else described
        if len(named) == 1:
            fields[name] = frozenset(named)
    return fields if len(fields) == len(names) == len(set(fields.values())) else {}


def _plain(description: dict[str, Any]) -> bool:
    return all(isinstance(value, str) for value in description.values())


def _totals(facts: list[Fact], keys: frozenset[str], fields: int) -> "Iterator[Fact]":
    """Give the total of each bucket whose key fields are all the keys of the filter."""
    if fields == 1 or fields != len(keys):
        return
    by_bucket: dict[int, list[Fact]] = {}
    for fact in facts:
        by_bucket.setdefault(fact.bucket, []).append(fact)
    for parts in by_bucket.values():
        if len(parts) == fields:
            first = parts[0]
            total = sum(part.value for part in parts)
            yield Fact(
                keys,
                first.view,
                *(first.bucket, *first.span),
                total,
                first.exchange,
                first.closed,
                first.whole,
            )
