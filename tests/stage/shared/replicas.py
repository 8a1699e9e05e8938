"""Twins of one process that have their plays together, through a Redis that this process plays as well.

`fakeredis` does what a Redis does, scripts included; the tests of processes have a real one.
"""

from dataclasses import dataclass, replace
from typing import Final

from fakeredis import FakeRedis, FakeServer

from tests.acme import NOW
from tests.control.controlled import Controlled
from tests.stage.records import acme
from usagetwin.control.front import Control
from usagetwin.control.in_turn import Turns
from usagetwin.settings import Settings
from usagetwin.stage.plays import Limits
from usagetwin.stage.shared.company import company_of
from usagetwin.store import Attempts

SETTINGS: Final = Settings(now=NOW)


@dataclass(frozen=True, slots=True)
class Replicas:
    """Twins that share a store, which can be gone, and its client."""

    twins: tuple[Controlled, ...]
    server: FakeServer

    @property
    def client(self) -> FakeRedis:
        """Give a client of the store."""
        return FakeRedis(server=self.server, decode_responses=True)


def replicas(
    number: int = 2, *, settings: Settings = SETTINGS, server: FakeServer | None = None, **limits: float
) -> Replicas:
    """Give some twins of the small account at its noon."""
    store = FakeServer() if server is None else server
    return Replicas(tuple(_replica(store, settings, **limits) for _ in range(number)), store)


def _replica(server: FakeServer, settings: Settings, **limits: float) -> Controlled:
    stage, mirror = company_of(
        replace(settings, store="redis://localhost"),
        acme(),
        Limits(**limits),  # type: ignore[arg-type]  # -- limits by name
        client=FakeRedis(server=server, decode_responses=True),
        attempts=Attempts("redis://localhost"),
    )
    app = Control(stage, Turns(mirror), token=None)
    return Controlled(app, mirror)  # type: ignore[arg-type]  # -- it has what is asked of a stage
