"""A stage that is served as in a session of tests, and the few things that tests do with it."""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.acme import NOW
from tests.wire import connection_to, get
from usagetwin.account.world import load_world
from usagetwin.clock import parse_instant
from usagetwin.settings import Settings
from usagetwin.stage.play import Play
from usagetwin.stage.setup import Setup
from usagetwin.stage.stage import Stage
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.answer import Answer
    from usagetwin.stage.faults import Fault


@dataclass(frozen=True, slots=True)
class Staged:
    """The stage, the server that serves it, and the authority that its certificate comes from."""

    stage: Stage
    server: TwinServer
    authority: Authority

    @contextmanager
    def play(
        self, world: str, *faults: "Fault", now: str | None = NOW, **settings: object
    ) -> "Iterator[Play]":
        """Let a play use the twin within the block: of a world, at the small account's noon by default."""
        play = Play(setup_of(world, now=now, **settings))
        for fault in faults:
            play.faults.add(fault)
        self.stage.play = play
        try:
            yield play
        finally:
            self.stage.play = None
            play.close()
            self.server.drop_connections()

    def ask(self, query: str = "", **headers: str) -> "Answer":
        """Ask one GET over plain HTTP, on a connection of its own."""
        connection = connection_to(self.server.url)
        try:
            return get(connection, query, {name.replace("_", "-"): value for name, value in headers.items()})
        finally:
            connection.close()


def setup_of(world: str, *, now: str | None = NOW, **settings: object) -> Setup:
    """Give the setup of a world's file, at the small account's noon by default; `settings` by their names."""
    return Setup(
        world=load_world(world),
        settings=Settings(**settings),  # type: ignore[arg-type]  # -- settings by name
        frozen_s=None if now is None else parse_instant(now),
    )


@contextmanager
def staged() -> "Iterator[Staged]":
    """Serve a stage until the block is left."""
    stage = Stage()
    authority = Authority()
    server = TwinServer(stage, authority)
    server.start()
    try:
        yield Staged(stage, server, authority)
    finally:
        server.stop()
