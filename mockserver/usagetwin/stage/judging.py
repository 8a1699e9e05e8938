"""What the requests of one play broke, each held to the terms that were in force when it came.

Rule: findings are made when somebody asks for them. What leaves the journal before is judged as it leaves; of
that, the first findings are kept, and the others are counted.
"""

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.stage.consumer import findings_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin.stage.consumer import RequestFinding, Terms
    from usagetwin.stage.journal import Journal, Recorded

MOST_KEPT: Final = 1_000


class Judging:
    """The judge of one play's requests. Any thread may ask."""

    def __init__(self, journal: "Journal", terms: "Terms") -> None:
        """Hold all requests to `terms`, until others follow."""
        self._journal: Final = journal
        self._terms: tuple[tuple[int, Terms], ...] = ((0, terms),)
        self._left: tuple[RequestFinding, ...] = ()
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
        with self._journal.lock:
            left, terms = self._left, self._terms
            requests = self._journal.requests
        return (*left, *chain.from_iterable(_judged(request, terms) for request in requests))

    @property
    def by_rule(self) -> "Mapping[str, int]":
        """Count the findings of each rule, those too that are kept no more; the most frequent first."""
        with self._journal.lock:
            counted = self._counted + Counter(finding.rule for finding in self.findings)
        return dict(counted.most_common())

    def clear(self) -> None:
        """Forget what was found so far in requests that have left the journal."""
        with self._journal.lock:
            self._left = ()
            self._counted.clear()

    def _keep(self, leaving: "Sequence[Recorded]") -> None:
        """Judge requests that are about to leave the journal."""
        with self._journal.lock:
            found = [*chain.from_iterable(_judged(request, self._terms) for request in leaving)]
            kept = found[: MOST_KEPT - len(self._left)]
            self._left = (*self._left, *kept)
            self._counted.update(finding.rule for finding in found[len(kept) :])


def _judged(request: "Recorded", terms: "Sequence[tuple[int, Terms]]") -> "tuple[RequestFinding, ...]":
    held_to = next((held for after, held in reversed(terms) if request.number > after), terms[0][1])
    return findings_of(request, held_to)
