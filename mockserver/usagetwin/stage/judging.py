"""What the requests of one play broke, each held to the terms that were in force when it came.

Rule: a request is judged once, when somebody asks for findings or when it leaves the journal, whichever is
first. Of what has left, the first findings are kept, and the others are counted.
"""

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol

from usagetwin.stage.consumer import findings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from usagetwin.stage.consumer import RequestFinding, Terms
    from usagetwin.stage.journal import Journal, Recorded

    Found = tuple[RequestFinding, ...]

MOST_KEPT: Final = 1_000


class Judge(Protocol):
    """Whoever says what the requests of one play broke."""

    def follow(self, terms: "Terms") -> None:
        """Hold the requests to come to other terms."""
        ...

    @property
    def findings(self) -> "tuple[RequestFinding, ...]":
        """Give what is wrong with the requests so far, in their order."""
        ...

    def of(self, requests: "Iterable[Recorded]") -> "Mapping[int, tuple[RequestFinding, ...]]":
        """Give what is wrong with some of the requests, by their numbers."""
        ...

    @property
    def by_rule(self) -> "Mapping[str, int]":
        """Count the findings of each rule, the most frequent first."""
        ...

    def clear(self) -> None:
        """Forget what was found so far."""
        ...


class Judging:
    """The judge of one play's requests. Any thread may ask; the journal's lock is this one's, too."""

    def __init__(self, journal: "Journal", terms: "Terms") -> None:
        """Hold all requests to `terms`, until others follow."""
        self._journal: Final = journal
        self._terms: tuple[tuple[int, Terms], ...] = ((0, terms),)
        self._judged_to = 0  # the number of the last request that was judged
        self._found: dict[int, Found] = {}  # of requests that are in the journal, by number
        self._left: Found = ()
        self._counted: Counter[str] = Counter()  # of those that are not kept
        journal.before_leaving(self._keep)

    def follow(self, terms: "Terms") -> None:
        """Hold the requests to come to other terms."""
        with self._journal.lock:
            last, left = self._journal.last_number, self._journal.last_left
            known = [each for each in self._terms if each[0] < last]  # the others held for no request
            of_the_oldest = sum(after <= left for after, _ in known) - 1
            self._terms = (*known[max(of_the_oldest, 0) :], (last, terms))

    @property
    def terms(self) -> "tuple[tuple[int, Terms], ...]":
        """Give the terms that kept requests are held to, each with the number that it began after."""
        return self._terms

    @property
    def findings(self) -> "tuple[RequestFinding, ...]":
        """Give what is wrong with the requests so far, in their order."""
        self._judge()
        with self._journal.lock:
            kept = {request.number: request for request in self._journal.requests}
            found = [(kept[number], each) for number, each in sorted(self._found.items()) if number in kept]
            left = self._left
        return (*left, *chain.from_iterable(_with(request, each) for request, each in found))

    def of(self, requests: "Iterable[Recorded]") -> "Mapping[int, Found]":
        """Give what is wrong with some requests, by their numbers: less work than to look at all of them."""
        self._judge()
        with self._journal.lock:
            return {each.number: _with(each, self._found.get(each.number, ())) for each in requests}

    @property
    def by_rule(self) -> "Mapping[str, int]":
        """Count the findings of each rule, those too that are kept no more; the most frequent first."""
        self._judge()
        with self._journal.lock:
            found = chain(self._left, *self._found.values())
            counted = self._counted + Counter(finding.rule for finding in found)
        return dict(counted.most_common())

    def clear(self) -> None:
        """Forget what was found so far: the journal has been cleared."""
        with self._journal.lock:
            self._found.clear()
            self._left = ()
            self._counted.clear()

    def _judge(self) -> None:
        """Judge the requests that have come since the last time, while others come and leave."""
        with self._journal.lock:
            terms, judged_to = self._terms, self._judged_to
            requests = self._journal.requests
        fresh = [request for request in requests if request.number > judged_to]
        judged = {request.number: _judged(request, terms) for request in fresh}
        with self._journal.lock:
            left = self._journal.last_left  # what has left meanwhile was judged as it left
            found = {number: each for number, each in judged.items() if each and number > left}
            self._found = self._found | found
            self._judged_to = max(self._judged_to, *judged, 0)

    def _keep(self, leaving: "Sequence[Recorded]") -> None:
        """Judge requests that are about to leave the journal, and keep what was found."""
        found: list[RequestFinding] = []
        for request in leaving:
            if request.number > self._judged_to:
                found += _judged(request, self._terms)
            else:
                found += _with(request, self._found.pop(request.number, ()))
        kept = found[: MOST_KEPT - len(self._left)]
        self._left = (*self._left, *kept) if kept else self._left
        self._counted.update(finding.rule for finding in found[len(kept) :])


def _judged(request: "Recorded", terms: "Sequence[tuple[int, Terms]]") -> "Found":
    held_to = next((held for after, held in reversed(terms) if request.number > after), terms[0][1])
    return findings_of(request, held_to)


def _with(request: "Recorded", findings: "Found") -> "Found":
    """Give findings of a request with its record as it is by then."""
    return tuple(replace(finding, request=request) for finding in findings)
