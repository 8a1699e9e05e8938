"""When the server behind a run's tests starts: before the first test, where one has a twin, or on demand.

A thread of its own starts it, so that what interrupts the test that waits (a time-out, say) does not
interrupt the start: the next test waits for the same one. A start that failed is tried again.
"""

import warnings
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from usagetwin_checker.plugin.serving import Serving

ENDING_S: Final = 10.0  # how long the end of a run waits for a start that is under way


class Starting:
    """The server of one run, started once."""

    def __init__(self, config: pytest.Config) -> None:
        """Start nothing yet."""
        self._config: Final = config
        self._attempt: _Attempt | None = None

    def serving(self) -> "Serving":
        """Give the server, and wait for its start if need be. Raises what keeps it from that."""
        attempt = self._attempt
        if attempt is None or attempt.failure is not None:
            attempt = self._attempt = _Attempt(self._config)
            attempt.start()
        attempt.over.wait()  # not join(): an interrupted one takes its thread for dead
        if attempt.serving is None:
            assert attempt.failure is not None  # noqa: S101 -- one of both
            raise attempt.failure
        attempt.serving.join_the_run()
        return attempt.serving

    def stop(self) -> None:
        """End the server, if there is one."""
        if self._attempt is not None:
            self._attempt.over.wait(ENDING_S)
            if self._attempt.serving is not None:
                self._attempt.serving.stop()


class _Attempt(Thread):
    """One attempt to start."""

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(name="the start of the test's twin server", daemon=True)
        self._config: Final = config
        self.over: Final = Event()
        self.serving: Serving | None = None
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Load the twin and all that it needs, start to serve, and ask what the first test would wait for."""
        try:
            from usagetwin_checker.plugin.serving import Serving
            from usagetwin_checker.redirect.route import check_socket

            check_socket()
            serving = Serving(self._config)
            serving.warm_up()
            self.serving = serving
        except BaseException as failure:  # noqa: BLE001 -- whatever it was, who waits for it is told
            self.failure = failure
        finally:
            self.over.set()


STARTING: Final = pytest.StashKey[Starting]()


def starting(config: pytest.Config) -> Starting:
    """Give the one of a run."""
    if STARTING not in config.stash:
        config.stash[STARTING] = Starting(config)
        config.add_cleanup(config.stash[STARTING].stop)
    return config.stash[STARTING]


def serving_for(config: pytest.Config) -> "Serving":
    """Give a test the server. Fails the test, in words, where another library keeps it from starting."""
    from usagetwin.errors import UsageTwinError

    try:
        return starting(config).serving()
    except UsageTwinError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def prepare(config: pytest.Config) -> None:
    """Start before the first test. What keeps it from that is for the tests to tell."""
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of libraries that load; and what they change is undone
        starting(config).serving()
