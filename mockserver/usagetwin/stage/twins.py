"""The twin that a request needs: made once for all plays where setup and request alone decide its answers.

A twin with a quota or a deviation (of its profile's too) remembers what it was asked, so each play, and each
fault, has its own.
"""

from contextvars import ContextVar
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from usagetwin.account.world import World
    from usagetwin.settings import Settings
    from usagetwin.stage.faults import Fault
    from usagetwin.stage.setup import Setup

    Key = tuple[World, Settings]  # what a twin is made of: the clock is the request's

INSTANT: "Final[ContextVar[int]]" = ContextVar("usagetwin_instant")  # that the request at hand is answered at
MOST_KEPT: Final = 16


class SharedTwins:
    """The twins that remember nothing; any thread may ask for one."""

    def __init__(self) -> None:
        """Start without any."""
        self._lock = Lock()
        self._kept: list[tuple[Key, ASGIApp]] = []  # the one asked for last at the end

    def of(self, setup: "Setup") -> "ASGIApp":
        """Give the twin of a setup: an earlier one, if its setup was equal."""
        key = _key(setup)
        with self._lock:
            found = next((kept for kept in self._kept if kept[0] == key), None)
            if found is None:
                found = (key, _make(key))
            else:
                self._kept.remove(found)
            self._kept = [*self._kept, found][-MOST_KEPT:]
            return found[1]


class Twins:
    """The twins of one play; who starts it asks for the first one, the server's thread for all others."""

    def __init__(self, shared: SharedTwins, first: "tuple[Setup, ASGIApp] | None" = None) -> None:
        """Take those of the whole stage; `first` is a twin that was made before, for its setup."""
        self._shared = shared
        self._first = first
        self._own: dict[Fault | None, tuple[Key, ASGIApp]] = {}
        self._latest: tuple[Setup, Fault | None, ASGIApp] | None = None
        self._stateless: tuple[Key, ASGIApp] | None = None
        self._honest: tuple[Setup, Setup, Twins] | None = None

    def of(self, setup: "Setup", fault: "Fault | None" = None) -> "ASGIApp":
        """Give the twin that answers under a setup, and shows the fault if that is one of the contract's."""
        shown = None if fault is None or fault.kind.show is not None else fault
        latest = self._latest
        if latest is not None and latest[0] is setup and latest[1] is shown:
            return latest[2]
        if self._first is not None and self._first[0] is setup and shown is None:
            app = self._first[1]
        elif shown is None and _is_stateless(setup):
            app = self._shared_of(setup)
        else:
            app = self._own_of(setup, shown)
        self._latest = (setup, shown, app)
        return app

    def honest(self, setup: "Setup") -> "ASGIApp":
        """Give the twin that answers under a setup without its deviation, and remembers alike."""
        if self._honest is None or self._honest[0] is not setup:
            twins = Twins(self._shared) if self._honest is None else self._honest[2]
            self._honest = setup, replace(setup, settings=replace(setup.settings, deviation=None)), twins
        return self._honest[2].of(self._honest[1])

    def _shared_of(self, setup: "Setup") -> "ASGIApp":
        """Give a twin that others may ask too; the latest is kept here, however many there are for others."""
        key = _key(setup)
        if self._stateless is None or self._stateless[0] != key:
            self._stateless = (key, self._shared.of(setup))
        return self._stateless[1]

    def _own_of(self, setup: "Setup", fault: "Fault | None") -> "ASGIApp":
        key = _key(setup)
        known = self._own.get(fault)
        if known is None or known[0] != key:
            deviation = None if fault is None else fault.name
            known = (key, _make(key, deviation=deviation, play=setup.token))
            self._own[fault] = known
        return known[1]


def _is_stateless(setup: "Setup") -> bool:
    settings = setup.settings
    return settings.deviation is None and not settings.variations and not setup.policies.rates


def _key(setup: "Setup") -> "Key":
    return setup.account, replace(setup.settings, now=None, world=setup.world.name)


def _make(key: "Key", *, deviation: str | None = None, play: str | None = None) -> "ASGIApp":
    from usagetwin.app import create_app  # with its libraries, which are slow to import

    world, settings = key
    changed = settings if deviation is None else replace(settings, deviation=deviation)
    return create_app(changed, world=world, clock=INSTANT.get, play=play)
