"""Which buckets an answer has: inside its window, and none missing that must be there.

Rule: about buckets, never about their values, except that a bucket known to be above zero must be shown.
Source: `SEMANTICS` 3, Buckets.
"""

from collections import defaultdict
from typing import TYPE_CHECKING

from contract_tests.findings import Finding
from contract_tests.oracle.differences import differences
from contract_tests.oracle.facts import span_of
from contract_tests.oracle.words import bucket_name, filter_name, points_of
from contract_tests.reading import last_day
from mockserver.days import SECONDS_PER_DAY, day_of, first_of_month, iso, months_between, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contract_tests.knowledge import Knowledge, Now
    from contract_tests.oracle.facts import Answer, Fact
    from contract_tests.oracle.filters import Filters
    from contract_tests.tally import Tally


def window(answers: "Sequence[Answer]", knowledge: "Knowledge", tally: "Tally") -> "Iterator[Finding]":
    """Give the buckets that lie outside their answer's window, one for each rule."""
    seen = set()
    for answer in answers:
        tally.add("series-starts-at-from", answer.exchange)
        tally.add("series-ends-at-to", answer.exchange)
        for bucket in answer.buckets:
            found = _outside(answer, bucket, knowledge)
            if found is not None and found[0] not in seen:
                seen.add(found[0])
                name = bucket_name(answer.view, bucket)
                yield Finding(found[0], f"the bucket {name} {found[1]}", (answer.exchange,))


def _outside(answer: "Answer", bucket: int, knowledge: "Knowledge") -> tuple[str, str] | None:
    query, ask = answer.query, answer.exchange.ask
    start_s = start_of(bucket)
    end_s = start_of(last_day(bucket, monthly=answer.monthly) + 1)
    if query.from_s == query.to_s:
        return "empty-window-is-empty", "is in the answer to an empty window"
    if end_s <= query.from_s:
        rule_id = "series-starts-at-from" if ask.values("from") else "from-defaults-to-month-start"
        return rule_id, f"ends before from, {iso(query.from_s)}"
    if start_s > query.to_s:
        rule_id = "series-ends-at-to" if ask.values("to") else "to-defaults-to-now"
        return rule_id, f"starts after to, {iso(query.to_s)}"
    if start_s == query.to_s and ask.values("to"):
        return "bucket-starting-at-to-is-absent", f"starts exactly at to, {iso(query.to_s)}"
    if knowledge.now is not None and start_s > knowledge.now.latest_s:
        return "no-bucket-after-now", f"starts after the current time, {iso(knowledge.now.latest_s)}"
    return None


class Shown:
    """Every bucket that some answer has shown, by filter and view, and what each filter counts."""

    def __init__(self, answers: "Sequence[Answer]", facts: "Sequence[Fact]", filters: "Filters") -> None:
        """Take all answers and their facts, and what is consistently known of each filter."""
        self.filters = filters
        self.answers: dict[tuple[frozenset[str], str], dict[int, Answer]] = defaultdict(dict)
        self.first: dict[frozenset[str], int] = {}
        for answer in answers:
            for bucket in answer.buckets:
                self.answers[answer.keys, answer.view].setdefault(bucket, answer)
            if answer.buckets and not answer.monthly:
                first = min(answer.buckets)
                self.first[answer.keys] = min(first, self.first.get(answer.keys, first))
        self.values: dict[tuple[frozenset[str], str, int], Fact] = {}
        for fact in facts:
            self.values.setdefault((fact.keys, fact.view, fact.bucket), fact)
        self._by_first_second = _by_first_second(answers)
        self._by_default = {
            (answer.keys, answer.view, bucket)
            for answer in answers
            if not answer.exchange.ask.values("to")
            for bucket in answer.buckets
        }

    def begun_before(self, answer: "Answer", bucket: int) -> bool:
        """Tell whether a day that no default of `to` ever shows had begun, and counted, before an answer."""
        which = (answer.keys, answer.view, bucket)
        shown = self._by_first_second.get(which, answer.exchange.number)
        return which not in self._by_default and shown < answer.exchange.number


def _by_first_second(answers: "Sequence[Answer]") -> "dict[tuple[frozenset[str], str, int], int]":
    """Give the days above zero that a window up to their first second shows, each with its first exchange."""
    first: dict[tuple[frozenset[str], str, int], int] = {}
    for answer in answers:
        for fact in answer.facts:
            if fact.value > 0 and answer.query.to_s == start_of(fact.bucket) + 1:
                first.setdefault((fact.keys, fact.view, fact.bucket), answer.exchange.number)
    return first


def missing(
    answers: "Sequence[Answer]", shown: Shown, knowledge: "Knowledge", tally: "Tally"
) -> "Iterator[Finding]":
    """Give the buckets that an answer lacks, one for each rule."""
    seen: set[str] = set()
    for answer in answers:
        have = set(answer.buckets)
        for bucket, other in shown.answers[answer.keys, answer.view].items():
            if bucket in have:
                continue
            finding = _lacking(answer, bucket, other, shown)
            if finding is not None and finding.rule_id not in seen:
                seen.add(finding.rule_id)
                yield finding
        tally.add("known-bucket-is-present", answer.exchange)
        yield from _gaps(answer, have, shown, knowledge, seen)


def _lacking(answer: "Answer", bucket: int, other: "Answer", shown: Shown) -> Finding | None:
    """Judge a bucket that another answer in the same view has shown."""
    start_s, end_s = start_of(bucket), start_of(last_day(bucket, monthly=answer.monthly) + 1)
    if not _overlaps(answer, start_s, end_s):
        return None
    fact = shown.values.get((answer.keys, answer.view, bucket))
    if start_s < answer.query.from_s:
        rule_id = "bucket-cut-by-from-is-present"
    elif not answer.exchange.ask.values("to") and bucket > max(answer.buckets, default=bucket - 1):
        if not (_counted(fact) or shown.begun_before(answer, bucket)):
            return None
        rule_id = "to-defaults-to-now"
    elif end_s > answer.query.to_s:
        rule_id = "bucket-cut-by-to-is-present"
    else:
        rule_id = _inside_rule(answer, bucket, other, fact)
    name = f"{answer.view} bucket {bucket_name(answer.view, bucket)} of {filter_name(answer.keys)}"
    return Finding(
        rule_id,
        f"the {name} is missing, which another answer shows",
        (answer.exchange, (fact.exchange if fact else other.exchange)),
        points_of([fact]) if fact else (),
        (bucket, last_day(bucket, monthly=answer.monthly)),
    )


def _inside_rule(answer: "Answer", bucket: int, other: "Answer", fact: "Fact | None") -> str:
    """Name the rule by which a bucket that lies wholly inside the window must be there."""
    if fact is None or not fact.closed:
        return "every-bucket-is-kept"
    if fact.value == 0:
        return "zero-buckets-are-present"
    given = answer.exchange.ask.values
    if not given("granularity") and all(have == first_of_month(have) for have in answer.buckets):
        return "granularity-defaults-to-daily"
    if not given("from") and bucket < min(answer.buckets, default=bucket + 1):
        return "from-defaults-to-month-start"
    different = differences(answer, other)
    about_window = len(different) != 1 or "bucket-independent-of-window" in different
    return "known-bucket-is-present" if about_window else different[0]


def _counted(fact: "Fact | None") -> bool:
    return fact is not None and fact.closed and fact.value > 0


def _overlaps(answer: "Answer", start_s: int, end_s: int) -> bool:
    query = answer.query
    return query.from_s < query.to_s and start_s < query.to_s and end_s > query.from_s


def _gaps(
    answer: "Answer", have: set[int], shown: Shown, knowledge: "Knowledge", seen: set[str]
) -> "Iterator[Finding]":
    """Find a bucket that no answer shows, between the filter's earliest one and the current time."""
    first, now = shown.first.get(answer.keys), knowledge.now
    if first is None or now is None:
        return
    known = shown.answers[answer.keys, answer.view]
    for bucket in _expected(answer, first, now):
        if bucket in have or bucket in known:
            continue
        rule_id = _gap_rule(answer, bucket, shown.filters)
        if rule_id not in seen:
            seen.add(rule_id)
            name = f"{answer.view} bucket {bucket_name(answer.view, bucket)}"
            days = (bucket, last_day(bucket, monthly=answer.monthly))
            yield Finding(rule_id, f"the {name} is missing", (answer.exchange,), days=days)


def _gap_rule(answer: "Answer", bucket: int, filters: "Filters") -> str:
    """Name the rule by which a bucket that no answer shows must be there."""
    if start_of(bucket) < answer.query.from_s:
        return "bucket-cut-by-from-is-present"
    if start_of(last_day(bucket, monthly=answer.monthly) + 1) > answer.query.to_s:
        return "bucket-cut-by-to-is-present"
    counted = filters.between(answer.keys, span_of(answer.view, bucket))
    return "zero-buckets-are-present" if counted == 0 else "every-bucket-is-kept"


def _expected(answer: "Answer", first: int, now: "Now") -> "Sequence[int]":
    query, today = answer.query, day_of(now.earliest_s)
    if query.from_s >= query.to_s:
        return ()
    begin = max(first, query.from_s // SECONDS_PER_DAY)
    end = min(today, (_certain_to_s(answer, now) - 1) // SECONDS_PER_DAY)
    return months_between(begin, end) if answer.monthly else range(begin, end + 1)


def _certain_to_s(answer: "Answer", now: "Now") -> int:
    """Give the certain end of the window: the default of `to` is at least the earliest current time."""
    return answer.query.to_s if answer.exchange.ask.values("to") else now.earliest_s
