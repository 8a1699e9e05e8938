"""Twins of one process that have plays together, each with its page, through a Redis in this process."""

from dataclasses import dataclass, replace
from typing import Final

from fakeredis import FakeRedis, FakeServer

from tests.acme import NOW
from tests.page.paged import Paged
from tests.stage.records import acme
from usagetwin.control.front import Control
from usagetwin.control.in_turn import Turns
from usagetwin.page.front import Page
from usagetwin.page.staged import Staged
from usagetwin.settings import Settings
from usagetwin.stage.plays import Limits
from usagetwin.stage.served import first_setup
from usagetwin.stage.shared.company import company_of
from usagetwin.store import Attempts

URL: Final = "redis://localhost"


@dataclass(frozen=True, slots=True)
class Replica(Paged):
    """One of them: its app, what it knows of all plays, and its turns at them."""

    turns: Turns


def paged_replicas(server: FakeServer, number: int = 2) -> tuple[Replica, ...]:
    """Give some twins of the small account at its noon."""
    return tuple(_replica(server) for _ in range(number))


def _replica(server: FakeServer) -> Replica:
    settings, world = Settings(now=NOW), acme()
    client = FakeRedis(server=server, decode_responses=True)
    stage, mirror = company_of(
        replace(settings, store=URL), world, Limits(), client=client, attempts=Attempts(URL)
    )
    turns = Turns(mirror)
    page = Page(Control(stage, turns, token=None), Staged(first_setup(settings, world), turns), token=None)
    return Replica(page, mirror, turns)  # type: ignore[arg-type]  # -- it has what is asked of a stage
