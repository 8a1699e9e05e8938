"""One use of a served twin: what its answers depend on, the faults that it shows, and what it was asked.

Any thread changes a `Play`; the server's thread reads it, once for each request.
"""

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import SettingError
from usagetwin.stage.ending import Ending
from usagetwin.stage.faults import Faults
from usagetwin.stage.journal import Journal
from usagetwin.stage.patience import Patience

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from usagetwin.stage.setup import Setup

__tracebackhide__ = True  # a test's mistake is shown where the test makes it


class Play:
    """One use of a twin."""

    def __init__(
        self, setup: "Setup", *, app: "ASGIApp | None" = None, patience: Patience | None = None
    ) -> None:
        """Take what answers depend on; or `app`, which gives them all instead: a running twin.

        `patience` says how long a request may wait under a fault.
        """
        self.looked = False  # whether its user has looked at its requests
        self.patience: Final = Patience() if patience is None else patience
        self.journal: Final = Journal()
        self.faults: Final = Faults(from_a_running_twin=app is not None)
        self.ending: Final = Ending()
        self.app: Final = app
        self._setup = setup
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

    def change(self, **changes: Any) -> None:  # noqa: ANN401 -- each as the field of `Setup` that it replaces
        """Replace fields of the setup, from the next request on. Raises SettingError."""
        if self.app is not None:
            problem = f"a running twin keeps its own settings: {', '.join(sorted(changes))} can't change here"
            raise SettingError(problem, "start that twin with other settings, or leave out --usage-twin-url")
        with self._lock:
            self._setup = replace(self._setup, **changes)

    def fail(self, failure: Exception) -> None:
        """Keep an error for the user."""
        with self._lock:
            self._errors = (*self._errors, failure)

    def close(self) -> None:
        """End the play: requests that wait on the wire are dropped."""
        self.ending.declare()
