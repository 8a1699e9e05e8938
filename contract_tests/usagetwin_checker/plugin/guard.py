"""The guard of LaunchDarkly's hosts in tests without the fixture, which `usage_twin_guard` wants.

It is a plugin of its own, which joins the run where the key is set.
"""

from typing import TYPE_CHECKING, Final

import pytest

from usagetwin_checker.redirect.active import Redirect
from usagetwin_checker.redirect.authority import Authority

if TYPE_CHECKING:
    from collections.abc import Generator

FIXTURE: Final = "usage_twin"
REMEDY: Final = "the fixture usage_twin, or the marker; or usage_twin_guard = false in the ini file"


class Guard:
    """Stops what tests without the twin ask our hosts."""

    def __init__(self) -> None:
        """Guard nothing yet."""
        self._redirect: Final = Redirect({}, Authority())
        self._redirect.refuse(REMEDY)

    def rest(self) -> None:
        """Guard no longer, for this test: it has the twin after all."""
        self._redirect.deactivate()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> "Generator[None, object, object]":
        """Guard a test without the twin, from its setup to its end."""
        if FIXTURE in getattr(item, "fixturenames", ()):
            return (yield)
        self._redirect.activate(item.nodeid)
        try:
            return (yield)
        finally:
            self._redirect.deactivate()
            self._redirect.stopped()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> "Generator[None]":
        """Fail a test whose request was stopped, also where its code swallowed the error."""
        yield
        stopped = dict.fromkeys(map(str, self._redirect.stopped()))
        if stopped:
            pytest.fail("\n".join(stopped), pytrace=False)


GUARD: Final = pytest.StashKey[Guard]()


def join(config: pytest.Config) -> None:
    """Let the run have a guard."""
    config.stash[GUARD] = Guard()
    config.pluginmanager.register(config.stash[GUARD], "usagetwin-guard")


def rest(config: pytest.Config) -> None:
    """Let the guard, if there is one, leave the hosts to the twin."""
    if GUARD in config.stash:
        config.stash[GUARD].rest()
