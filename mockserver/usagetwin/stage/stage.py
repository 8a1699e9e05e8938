"""The app that is served for a whole session, and one test's use of it: setup, faults, journal.

The test's threads change a `Play`; the server's thread reads it, once for each request.
"""

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import SettingError
from usagetwin.stage.arrivals import Arrival, body_of, recorded_of, with_body
from usagetwin.stage.comparing import compared
from usagetwin.stage.ending import Ending
from usagetwin.stage.faults import Faults
from usagetwin.stage.journal import Journal
from usagetwin.stage.patience import LONGEST_WAIT_S, Patience
from usagetwin.stage.replies import Call, WholeAnswer, error, leave
from usagetwin.stage.setup import Setup
from usagetwin.stage.twins import INSTANT, SharedTwins, Twins
from usagetwin.stage.wire import drop

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from usagetwin.stage.faults import Fault

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

__all__ = ["Play", "Setup", "Stage"]

NO_TEST: Final = error(
    503, "no_test", "No test is using the twin. Ask it while a test runs that has the fixture `usage_twin`."
)


class Play:
    """One test's use of the twin."""

    def __init__(
        self, setup: Setup, *, app: "ASGIApp | None" = None, longest_wait_s: float = LONGEST_WAIT_S
    ) -> None:
        """Take what answers depend on; or `app`, which gives them all instead: a running twin.

        `longest_wait_s` is how long a request may wait under a fault.
        """
        self.looked = False  # at its requests
        self.patience: Final = Patience(longest_wait_s)
        self.journal: Final = Journal()
        self.faults: Final = Faults(from_a_running_twin=app is not None)
        self.ending: Final = Ending()
        self.app: Final = app
        self._setup = setup
        self._errors: tuple[Exception, ...] = ()
        self._lock = Lock()

    @property
    def setup(self) -> Setup:
        """Give what answers depend on at this moment."""
        return self._setup

    @property
    def errors(self) -> tuple[Exception, ...]:
        """Give what failed on the server's thread, and the test must learn of: a predicate that raised."""
        return self._errors

    def change(self, **changes: Any) -> None:  # noqa: ANN401 -- each as the field of `Setup` that it replaces
        """Replace fields of the setup, from the next request on. Raises SettingError."""
        if self.app is not None:
            problem = f"a running twin keeps its own settings: {', '.join(sorted(changes))} can't change here"
            raise SettingError(problem, "start that twin with other settings, or leave out --usage-twin-url")
        with self._lock:
            self._setup = replace(self._setup, **changes)

    def fail(self, failure: Exception) -> None:
        """Keep an error for the test."""
        with self._lock:
            self._errors = (*self._errors, failure)

    def close(self) -> None:
        """End the test: requests that wait on the wire are dropped."""
        self.ending.declare()


class Stage:
    """The ASGI app that is served for a whole session: it answers as the play says, and 503 without one."""

    def __init__(self) -> None:
        """Start without a play."""
        self._shared = SharedTwins()
        self._current: tuple[Play, Twins] | None = None

    @property
    def play(self) -> Play | None:
        """Give the test that is using the twin."""
        return None if self._current is None else self._current[0]

    @play.setter
    def play(self, play: Play | None) -> None:
        """Let a test use the twin, and make ready what its first request needs. Raises SettingError."""
        if play is None:
            self._current = None
            return
        own = Twins(self._shared)
        if play.app is None:
            own.of(play.setup)
        self._current = (play, own)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request over HTTP, and record it."""
        current = self._current
        if current is None:
            await leave(NO_TEST, scope, send)
        else:
            await _perform(*current, scope, receive, send)


async def _perform(play: Play, own: Twins, scope: "Scope", receive: "Receive", send: "Send") -> None:
    """Record a request, and let the play's twin or the request's fault answer it."""
    setup = play.setup
    now_s = setup.now_s
    arrival = Arrival(play.journal, recorded_of(scope, await body_of(receive), now_s), send)
    INSTANT.set(now_s)  # for this request alone: the server runs each one in a context of its own
    try:
        fault = play.faults.choose(arrival.recorded)
        if fault is not None:
            arrival.note(fault.name)
        app = with_body(play.app or own.of(setup, fault), arrival.recorded.body)
        if setup.settings.deviation is not None and (fault is None or fault.kind.show is not None):
            honest = with_body(own.honest(setup), arrival.recorded.body)
            app = compared(app, honest, arrival.note_deviation)
        await _answer(Call(app, scope, receive, arrival.send, play.ending, play.patience), fault)
    except Exception as failure:  # noqa: BLE001 -- whatever failed, the client gets a 500 and the test learns of it
        play.fail(failure)
        if arrival.started:
            await drop(scope, receive)
        else:
            await leave(_failed(failure), scope, arrival.send)


async def _answer(call: Call, fault: "Fault | None") -> None:
    if fault is None or fault.kind.show is None:
        await call.app(call.scope, call.receive, call.send)
    else:
        await fault.kind.show(call, fault.details)


def _failed(failure: Exception) -> WholeAnswer:
    message = f"The test's own setup failed, so this is no answer of the twin: {failure}"
    return error(500, "internal_error", message)
