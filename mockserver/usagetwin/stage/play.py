"""One use of a served twin: what its answers depend on, the faults that it shows, and what it was asked.

Any thread changes a `Play`; the server's thread reads it, once for each request.
"""

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

from usagetwin.stage.arrivals import InJournal
from usagetwin.stage.consumer import Terms
from usagetwin.stage.ending import Ending
from usagetwin.stage.faults import Faults
from usagetwin.stage.journal import Journal
from usagetwin.stage.judging import Judging
from usagetwin.stage.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from usagetwin.stage.arrivals import Kept
    from usagetwin.stage.consumer import RequestFinding
    from usagetwin.stage.faults import Fault
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.judging import Judge
    from usagetwin.stage.setup import Setup

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

MOST_ERRORS: Final = 100


class Sharing(Protocol):
    """What a play does by itself, done for several processes that have it."""

    async def keep(self, recorded: "Recorded", terms: Terms) -> "Kept":
        """Record a request, and what it broke."""
        ...

    async def choose(self, faults: Faults, recorded: "Recorded") -> "Fault | None":
        """Give the fault that a request gets, and count it."""
        ...


class Play:
    """One use of a twin."""

    def __init__(
        self,
        setup: "Setup",
        *,
        patience: Patience | None = None,
        journal: Journal | None = None,
        judge: "Judge | None" = None,
        sharing: Sharing | None = None,
    ) -> None:
        """Take what answers depend on.

        `patience` says how long a request may wait under a fault, `journal` how much is kept of requests,
        `judge` what they broke. Where other processes have the play too, `sharing` records for all of them.
        """
        self.looked = False  # whether its user has looked at its requests
        self.patience: Final = Patience() if patience is None else patience
        self.journal: Final = Journal() if journal is None else journal
        self.faults: Final = Faults()
        self.ending: Final = Ending()
        self._setup = setup
        self._terms = self._terms_of(setup)
        self._judging: Final[Judge] = Judging(self.journal, self._terms) if judge is None else judge
        self._sharing: Final = sharing
        self._errors: tuple[Exception, ...] = ()
        self._lock = Lock()

    @property
    def setup(self) -> "Setup":
        """Give what answers depend on at this moment."""
        return self._setup

    @property
    def errors(self) -> tuple[Exception, ...]:
        """Give what failed on the server's thread, and its user must learn of: a predicate that raised."""
        return self._errors

    @property
    def findings(self) -> "tuple[RequestFinding, ...]":
        """Give what is wrong with the requests so far, each held to what was in force when it came."""
        return self._judging.findings

    def findings_of(self, requests: "Iterable[Recorded]") -> "Mapping[int, tuple[RequestFinding, ...]]":
        """Give what is wrong with some of the requests, by their numbers."""
        return self._judging.of(requests)

    @property
    def broken(self) -> "Mapping[str, int]":
        """Count the findings of each rule, those too that are kept no more; the most frequent first."""
        return self._judging.by_rule

    def alter(self, over: "Callable[[Setup], Setup]") -> None:
        """Replace the setup by what is made of it, from the next request on; one thread after the other.

        Raises SettingError, and changes nothing, for what can't be.
        """
        with self._lock:
            self._setup = over(self._setup)
            self._terms = self._terms_of(self._setup)
            self._judging.follow(self._terms)

    def change(self, **changes: Any) -> None:  # noqa: ANN401 -- each as the field of `Setup` that it replaces
        """Replace fields of the setup, from the next request on. Raises SettingError."""
        self.alter(lambda setup: replace(setup, **changes))

    async def keep(self, recorded: "Recorded") -> "Kept":
        """Record a request."""
        if self._sharing is None:
            return InJournal(self.journal, recorded)
        return await self._sharing.keep(recorded, self._terms)

    async def choose(self, recorded: "Recorded") -> "Fault | None":
        """Give the fault that a request gets, and count it. Raises PredicateError."""
        if self._sharing is None:
            return self.faults.choose(recorded)
        return await self._sharing.choose(self.faults, recorded)

    def forget_requests(self) -> None:
        """Begin a new journal, without requests and findings."""
        with self.journal.lock:
            self.journal.clear()
            self._judging.clear()

    def fail(self, failure: Exception) -> None:
        """Keep an error for the user; of many the first."""
        with self._lock:
            self._errors = (*self._errors, failure)[:MOST_ERRORS]

    def close(self) -> None:
        """End the play: requests that wait on the wire are dropped."""
        self.ending.declare()

    def _terms_of(self, setup: "Setup") -> Terms:
        """Give what requests are held to."""
        keys = frozenset(project.key for project in setup.world.projects)
        return Terms(
            policies=setup.policies, keys=keys, allowed=setup.allowed, operations=setup.settings.operations
        )
