"""The plan: a fixed covering set of requests, from the table of factors and the target's current time.

Rule: a request here carries no expectation (`expectation` gives those), and none is for one fault alone.
"""

from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.days import LAST_INSTANT_S, start_of
from usagetwin_checker.asking.covering import COMPARED, SINGLE_DAYS, coverage
from usagetwin_checker.asking.factors import factors
from usagetwin_checker.asking.levels import PROJECTS, WINDOW
from usagetwin_checker.asking.ordering import most_first
from usagetwin_checker.asking.parameters import INCREMENTAL, views
from usagetwin_checker.asking.recipes import best
from usagetwin_checker.asking.steps import Step, Steps
from usagetwin_checker.asking.windows import LONG
from usagetwin_checker.exchanges import Ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from usagetwin_checker.asking.recipes import Recipe
    from usagetwin_checker.knowing.knowledge import Now

RECENT_DAYS: Final = 40
IN_A_ROW: Final = 5  # one answer in so many may come from somewhere else, such as a replica


def probe() -> tuple[Step, Step]:
    """Give the two requests that the current time is learned from: the default window, and the far future."""
    far = (("to", str(LAST_INSTANT_S)), ("aggregationType", "incremental"))
    return Step("learn the current time: the default window", Ask()), Step(
        "learn the current time: the far future", Ask(far)
    )


def recent(today: int) -> Step:
    """Give the request that the newest bucket is learned from where the default window shows none."""
    days = (("from", str(start_of(today - RECENT_DAYS))), *INCREMENTAL)
    return Step("learn the current time: the last weeks", Ask(days))


class Plan:
    """The covering set for one target, of whose current time a range is known, and some project keys."""

    def __init__(self, now: "Now", keys: "Sequence[str]", first: "Iterable[Recipe] | None" = None) -> None:
        """Take what was learned; `first` comes first, as far as the target has it: by default the `best`."""
        self._keys = tuple(sorted(keys))
        self._first = best() if first is None else tuple(first)
        self._now = now
        self.factors = factors(now, self._keys)

    @property
    def made_for(self) -> "tuple[Now, tuple[str, ...]]":
        """Give what it was made of: another one of the same has the same requests."""
        return self._now, self._keys

    def steps(self) -> "Iterator[Step]":
        """Give every request, the ones that find most first; only what is asked again comes twice."""
        made = Steps(self.factors, self._now, self._keys)
        compared = list(self._compared_with(made))
        yield from most_first(chain(made.of(self._first), compared), made.all())
        yield from (step.again() for step in compared)
        yield from [compared[0].again()] * IN_A_ROW

    @property
    def coverage(self) -> tuple[tuple[str, int, int], ...]:
        """Count the pairs of the table that meet in the requests, and those that may meet."""
        asked = {step.ask for step in self.steps()}
        return coverage(self.factors, (step.row for step in self.made() if step.ask in asked))

    def made(self) -> "Iterator[Step]":
        """Give a request for each row of the covering arrays, in their order."""
        return Steps(self.factors, self._now, self._keys).all()

    def _compared_with(self, made: Steps) -> "Iterator[Step]":
        """Give what everything else is compared with: a year of each view and project, and a long answer."""
        for _, view in views():
            yield made.ordinary({**COMPARED, **dict(view)})
        for _, view in views():
            yield made.ordinary({**COMPARED, **dict(view), WINDOW: LONG})
        daily = {**COMPARED, **SINGLE_DAYS}
        for level in self.factors.projects:
            yield made.ordinary({**daily, PROJECTS: level.name})


def listed(steps: "Iterable[Step]") -> "Iterator[tuple[str, str, str]]":
    """Give the plan as rows: what a request is made of, its method, its query."""
    for step in steps:
        yield step.about, step.ask.method, step.ask.query_string or "(no parameters)"


def levels(plan: Plan) -> "Iterator[tuple[str, str, str]]":
    """Give the table of factors as rows: factor, level, and its kind."""
    for factor, ordinary in plan.factors.ordinary.items():
        yield from ((factor, level.name, level.kind) for level in ordinary)
    for unusual in plan.factors.unusual:
        yield unusual.factor, unusual.name, "unusual"
