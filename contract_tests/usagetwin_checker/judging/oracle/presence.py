"""Which buckets an answer has: inside its window, and none missing that must be there.

Rule: about buckets, never about their values, except that a bucket known to be above zero must be shown.
Source: `SEMANTICS` 3, Buckets.
"""

from typing import TYPE_CHECKING

from usagetwin.days import first_of_month, start_of
from usagetwin_checker.findings import Finding
from usagetwin_checker.judging.oracle.facts import span_of
from usagetwin_checker.judging.oracle.words import bucket_name, filter_name, points_of, values_of
from usagetwin_checker.knowing.reading import last_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from usagetwin_checker.judging.oracle.facts import Answer, Fact
    from usagetwin_checker.judging.oracle.seen_buckets import Shown
    from usagetwin_checker.judging.tally import Tally
    from usagetwin_checker.knowing.knowledge import Knowledge


def window(answers: "Sequence[Answer]", knowledge: "Knowledge", tally: "Tally") -> "Iterator[Finding]":
    """Give the buckets that lie outside their answer's window, one for each rule."""
    seen = set()
    for answer in answers:
        tally.add("series-starts-at-from", answer.exchange)
        tally.add("series-ends-at-to", answer.exchange)
        for bucket in _suspects(answer, knowledge):
            found = _outside(answer, bucket, knowledge)
            if found is not None and found[0] not in seen:
                seen.add(found[0])
                text = f"the bucket {bucket_name(answer.view, bucket)} {found[1]}"
                said = text if found[2] is None else f"{text}, {answer.said(found[2])}"
                yield Finding(found[0], said, (answer.exchange,))


def _suspects(answer: "Answer", knowledge: "Knowledge") -> "Sequence[int]":
    """Give the buckets that may lie outside the window: none when the first and the last one do not."""
    ends = (min(answer.buckets), max(answer.buckets)) if answer.buckets else ()
    return answer.buckets if any(_outside(answer, bucket, knowledge) for bucket in ends) else ()


def _outside(answer: "Answer", bucket: int, knowledge: "Knowledge") -> tuple[str, str, int | None] | None:
    """Give the rule that a bucket breaks, what it does, and beside which instant."""
    query, given = answer.query, answer.exchange.ask.values
    start_s = start_of(bucket)
    end_s = start_of(last_day(bucket, monthly=answer.monthly) + 1)
    if query.from_s == query.to_s:
        return "empty-window-is-empty", "is in the answer to an empty window", None
    if end_s <= query.from_s:
        rule_id = "series-starts-at-from" if given("from") else "from-defaults-to-month-start"
        return rule_id, "ends before from", query.from_s
    if start_s > query.to_s:
        rule_id = "series-ends-at-to" if given("to") else "to-defaults-to-now"
        return rule_id, "starts after to", query.to_s
    if start_s == query.to_s and given("to"):
        return "bucket-starting-at-to-is-absent", "starts exactly at to", query.to_s
    if knowledge.now is not None and start_s > knowledge.now.latest_s:
        return "no-bucket-after-now", "starts after the current time", knowledge.now.latest_s
    return None


def missing(
    answers: "Sequence[Answer]", shown: "Shown", knowledge: "Knowledge", tally: "Tally"
) -> "Iterator[Finding]":
    """Give the buckets that an answer lacks, one for each rule."""
    seen: set[str] = set()
    for answer in answers:
        tally.add("known-bucket-is-present", answer.exchange)
        if shown.reaches_before_first(answer):
            tally.add("buckets-start-at-creation", answer.exchange)
        for bucket, rule_id in _missing_from(answer, shown, knowledge):
            if rule_id not in seen:
                seen.add(rule_id)
                yield _lack(rule_id, answer, bucket, shown)


def _missing_from(answer: "Answer", shown: "Shown", knowledge: "Knowledge") -> "Iterator[tuple[int, str]]":
    """Give the buckets that an answer lacks, each with the rule that it breaks."""
    overlapping = shown.overlapping(answer)
    have = set(answer.buckets) if overlapping else ()
    for bucket in overlapping:
        rule_id = _lacking_rule(answer, bucket, shown, knowledge) if bucket not in have else None
        if rule_id is not None:
            yield bucket, rule_id
    for bucket in shown.gaps(answer, knowledge.now) if knowledge.now is not None else ():
        yield bucket, _gap_rule(answer, bucket, shown)


def _lack(rule_id: str, answer: "Answer", bucket: int, shown: "Shown") -> Finding:
    name = f"{answer.view} bucket {bucket_name(answer.view, bucket)} of {filter_name(answer.keys)}"
    days = (bucket, last_day(bucket, monthly=answer.monthly))
    if rule_id == "buckets-start-at-creation":
        first, earliest = shown.first[answer.keys]
        text = f"the {name} is missing, and another answer begins with {bucket_name('', first)}, at 0"
        return Finding(rule_id, text, (earliest.exchange, answer.exchange))
    other = shown.answers[answer.keys, answer.view].get(bucket)
    if other is None:
        return Finding(rule_id, f"the {name} is missing", (answer.exchange,), days=days)
    fact = shown.values.get((answer.keys, answer.view, bucket))
    conversation = (answer.exchange, (fact.exchange if fact else other.exchange))
    points = points_of([fact], conversation) if fact else ()
    values = values_of([fact]) if fact else ()
    text = f"the {name} is missing, which another answer shows"
    return Finding(rule_id, text, conversation, points, days, shown=values)


def _lacking_rule(answer: "Answer", bucket: int, shown: "Shown", knowledge: "Knowledge") -> str | None:
    """Name the rule about a bucket of the window that another answer has shown."""
    fact = shown.values.get((answer.keys, answer.view, bucket))
    if shown.before_any_count(answer, bucket) and answer.keys in shown.first:
        return "buckets-start-at-creation"
    if start_of(bucket) < answer.query.from_s:
        return "bucket-cut-by-from-is-present"
    if not answer.exchange.ask.values("to") and bucket > max(answer.buckets, default=bucket - 1):
        certain = _counted(fact) or shown.begun_before(answer, bucket)
        return "to-defaults-to-now" if certain else None
    if start_of(last_day(bucket, monthly=answer.monthly) + 1) > answer.query.to_s:
        by_default = _shown_by_default(answer, bucket, shown, knowledge)
        return "explicit-default-changes-nothing" if by_default else "bucket-cut-by-to-is-present"
    if knowledge.now is not None and start_of(bucket) > knowledge.now.earliest_s:
        return None  # a day may have turned meanwhile: the bucket had perhaps not begun
    return _inside_rule(answer, bucket, shown, fact)


def _shown_by_default(answer: "Answer", bucket: int, shown: "Shown", knowledge: "Knowledge") -> bool:
    """Tell whether the same query without its `to`, which is the current time to the second, has a bucket."""
    if knowledge.now is None or not (knowledge.now.exact and knowledge.still and knowledge.loopback):
        return False
    return answer.query.to_s == knowledge.now.latest_s and any(
        bucket in other.buckets and not other.exchange.ask.values("to") for other in shown.by_window(answer)
    )


def _inside_rule(answer: "Answer", bucket: int, shown: "Shown", fact: "Fact | None") -> str:
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
    different = shown.apart(answer, shown.answers[answer.keys, answer.view][bucket])
    about_window = len(different) != 1 or "bucket-independent-of-window" in different
    return "known-bucket-is-present" if about_window else different[0]


def _counted(fact: "Fact | None") -> bool:
    return fact is not None and fact.closed and fact.value > 0


def _gap_rule(answer: "Answer", bucket: int, shown: "Shown") -> str:
    """Name the rule about a bucket of the window that no answer shows."""
    if shown.before_any_count(answer, bucket):
        return "buckets-start-at-creation"
    if start_of(bucket) < answer.query.from_s:
        return "bucket-cut-by-from-is-present"
    if start_of(last_day(bucket, monthly=answer.monthly) + 1) > answer.query.to_s:
        return "bucket-cut-by-to-is-present"
    counted = shown.filters.between(answer.keys, span_of(answer.view, bucket))
    return "zero-buckets-are-present" if counted == 0 else "every-bucket-is-kept"
