"""What all answers together have shown: each bucket by filter and view, and where nobody shows one.

Rule: an index, which judges nothing.
"""

from bisect import bisect_left
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, months_between
from usagetwin_checker.judging.oracle.differences import differences
from usagetwin_checker.knowing.reading import last_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin_checker.judging.oracle.facts import Answer, Fact
    from usagetwin_checker.judging.oracle.filters import Filters
    from usagetwin_checker.knowing.knowledge import Now

    Which = tuple[frozenset[str], str]  # a filter and a view


class Shown:
    """Every bucket that some answer has shown, by filter and view, and what each filter counts."""

    def __init__(self, answers: "Sequence[Answer]", facts: "Sequence[Fact]", filters: "Filters") -> None:
        """Take all answers and their facts, and what is consistently known of each filter."""
        self.filters = filters
        self.answers: dict[Which, dict[int, Answer]] = defaultdict(dict)
        self.first: dict[frozenset[str], tuple[int, Answer]] = {}  # the first day, and an answer that has it
        for answer in answers:
            shown = self.answers[answer.keys, answer.view]
            for bucket in answer.buckets:
                shown.setdefault(bucket, answer)
            if answer.buckets and not answer.monthly:
                first = min(answer.buckets)
                if answer.keys not in self.first or first < self.first[answer.keys][0]:
                    self.first[answer.keys] = first, answer
        self._ascending = {which: sorted(shown) for which, shown in self.answers.items()}
        self._gaps: dict[Which, list[int]] = {}
        self._apart: dict[tuple[int, int], list[str]] = {}
        self._answers = answers
        self._facts = facts
        self._by_first_second = _by_first_second(answers)
        self._by_default = {
            (answer.keys, answer.view, bucket)
            for answer in answers
            if not answer.exchange.ask.values("to")
            for bucket in answer.buckets
        }

    @cached_property
    def values(self) -> "Mapping[tuple[frozenset[str], str, int], Fact]":
        """Give the first value of each bucket."""
        return {(fact.keys, fact.view, fact.bucket): fact for fact in reversed(self._facts)}

    @cached_property
    def _counting_since(self) -> "Mapping[frozenset[str], int]":
        """Give the first day of each filter's first bucket above zero, in whatever view."""
        since: dict[frozenset[str], int] = {}
        for fact in self._facts:
            if fact.value > 0:
                since[fact.keys] = min(fact.bucket, since.get(fact.keys, fact.bucket))
        return since

    def before_any_count(self, answer: "Answer", bucket: int) -> bool:
        """Tell whether a bucket ends before its filter counts anything, and it does later."""
        since = self._counting_since.get(answer.keys)
        return since is not None and last_day(bucket, monthly=answer.monthly) < since

    def reaches_before_first(self, answer: "Answer") -> bool:
        """Tell whether a window begins before the first day that any answer shows of its filter."""
        return answer.keys in self.first and day_of(answer.query.from_s) < self.first[answer.keys][0]

    def by_window(self, answer: "Answer") -> "Iterator[Answer]":
        """Give the other answers about the same filter, view and window."""
        query = answer.query
        for other in self._answers:
            same = (other.keys, other.view) == (answer.keys, answer.view)
            if same and (other.query.from_s, other.query.to_s) == (query.from_s, query.to_s):
                yield other

    def apart(self, one: "Answer", other: "Answer") -> list[str]:
        """Name the rules by which two answers should agree, from what their requests differ in."""
        which = one.exchange.number, other.exchange.number
        if which not in self._apart:
            self._apart[which] = differences(one, other)
        return self._apart[which]

    def overlapping(self, answer: "Answer") -> "Sequence[int]":
        """Give the buckets of an answer's window that some answer in the same view has shown."""
        return _within(self._ascending[answer.keys, answer.view], answer, answer.query.to_s)

    def gaps(self, answer: "Answer", now: "Now") -> "Sequence[int]":
        """Give the buckets of an answer's window that nobody shows, from the filter's first day to today."""
        which = (answer.keys, answer.view)
        if answer.keys not in self.first:
            return ()
        if which not in self._gaps:
            first, today = self.first[answer.keys][0], day_of(now.earliest_s)
            days = months_between(first, today) if answer.monthly else range(first, today + 1)
            self._gaps[which] = [bucket for bucket in days if bucket not in self.answers[which]]
        return _within(self._gaps[which], answer, certain_to_s(answer, now))

    def begun_before(self, answer: "Answer", bucket: int) -> bool:
        """Tell whether a day that no default of `to` ever shows had begun, and counted, before an answer."""
        which = (answer.keys, answer.view, bucket)
        shown = self._by_first_second.get(which, answer.exchange.number)
        return which not in self._by_default and shown < answer.exchange.number


def _by_first_second(answers: "Sequence[Answer]") -> "dict[tuple[frozenset[str], str, int], int]":
    """Give the days above zero that a window up to their first second shows, each with its first exchange.

    A day by itself, that is: a sum over the days before it says nothing of whether it had begun.
    """
    first: dict[tuple[frozenset[str], str, int], int] = {}
    for answer in answers:
        last, seconds = divmod(answer.query.to_s, SECONDS_PER_DAY)
        for fact in answer.facts if seconds == 1 else ():
            if fact.value > 0 and fact.span == (last, last + 1):
                first.setdefault((fact.keys, fact.view, fact.bucket), answer.exchange.number)
    return first


def _within(buckets: "Sequence[int]", answer: "Answer", to_s: int) -> "Sequence[int]":
    """Give those of ascending buckets that overlap an answer's window, which ends at `to_s`."""
    from_s = answer.query.from_s
    if from_s >= to_s:
        return ()
    first = first_of_month(day_of(from_s)) if answer.monthly else day_of(from_s)
    return buckets[bisect_left(buckets, first) : bisect_left(buckets, day_of(to_s - 1) + 1)]


def certain_to_s(answer: "Answer", now: "Now") -> int:
    """Give the certain end of the window: the default of `to` is at least the earliest current time."""
    return answer.query.to_s if answer.exchange.ask.values("to") else now.earliest_s
