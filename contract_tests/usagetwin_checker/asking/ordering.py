"""The order of the plan: next comes what covers most that nothing before it covers.

Rule: nothing here knows what a level means; a request says what it covers, and what that is worth.
"""

from heapq import heapify, heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from usagetwin_checker.asking.steps import Step

NEW_RULE: Final = 4  # what a rule counts that nothing has put to the test, where a level or a pair counts 1


def most_first(first: "Iterable[Step]", rest: "Iterable[Step]") -> "Iterator[Step]":
    """Give each request once: some first, then what is near, then the rest, always by what is newly covered.

    None comes before the one that it follows. What a request would cover newly only falls as others are
    asked, so that it is enough to look at the best one again.
    """
    order = _Order()
    for step in first:
        yield from order.next(step)
    numbers = count()
    waiting = [(not step.near, -order.gain(step), next(numbers), step) for step in rest]
    heapify(waiting)
    while waiting:
        *_, number, step = heappop(waiting)
        now = (not step.near, -order.gain(step))
        if waiting and now > waiting[0][:2]:
            heappush(waiting, (*now, number, step))
        else:
            yield from order.next(step)


class _Order:
    def __init__(self) -> None:
        self._asked: set[object] = set()
        self._covered: set[object] = set()

    def gain(self, step: "Step") -> float:
        """Tell what a request would cover that nothing before it does."""
        return step.worth * sum(
            NEW_RULE if isinstance(each, str) else 1 for each in step.covers if each not in self._covered
        )

    def next(self, step: "Step") -> "Iterator[Step]":
        """Give a request, the one that it follows before it, unless they were asked."""
        for each in (step.before, step):
            if each is not None and each.ask not in self._asked:
                self._asked.add(each.ask)
                self._covered.update(each.covers)
                yield each
