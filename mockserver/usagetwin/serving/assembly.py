"""What one server process is made of: the twin or its stage, its log, and what it tells of itself.

Rule: nothing listens here; `server` lets the parts of a process serve.
"""

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.accesses.objects import ErrorObjects, identity_of
from usagetwin.account.world import load_world
from usagetwin.app import create_app
from usagetwin.asgi.access_log import AccessLog
from usagetwin.asgi.notes import PLAY
from usagetwin.control.front import Control
from usagetwin.control.in_turn import Turns
from usagetwin.control.probes import State, Watched
from usagetwin.page.front import Page
from usagetwin.page.staged import Staged
from usagetwin.serving.exposition import Metrics
from usagetwin.serving.log import Log, LogWriter, Words, standard_log
from usagetwin.serving.protocol import Config, Protocol
from usagetwin.serving.run_folder import Shared
from usagetwin.serving.tally import Tally
from usagetwin.serving.tracing import Traced
from usagetwin.settings import CONTROL_VARIABLE
from usagetwin.stage.ending import Ending
from usagetwin.stage.plays import Limits, Plays
from usagetwin.stage.served import ServedStage, first_setup
from usagetwin.store import MEMORY

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Scope

    from usagetwin.accesses.access import Identity
    from usagetwin.account.world import World
    from usagetwin.settings import Settings

LOGGERS: Final = ("usagetwin.error", "uvicorn.error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a served twin has beside its answers; a plain value that can be sent to a worker process."""

    control: bool = False
    page: bool = False
    metrics: bool = False
    log_in_json: bool = False
    traces: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one process."""

    app: "ASGIApp"
    log: LogWriter
    state: State
    stopping: Ending  # declared when the server stops, for answers that would go on for ever
    tally: Tally | None
    shared: Shared | None
    log_in_json: bool = False

    @property
    def logging(self) -> dict[str, Any]:
        """Give the settings of the standard library's logging: errors are in the log too."""
        logger = {"handlers": ["log"], "level": "ERROR", "propagate": False}
        return {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"words": {"()": ErrorObjects if self.log_in_json else Words}},
            "handlers": {"log": {"()": Log, "writer": self.log, "formatter": "words"}},
            "loggers": dict.fromkeys(LOGGERS, logger),
        }


def assembled(  # noqa: PLR0913 -- what a process is made of
    settings: "Settings",
    world: "World | None",
    wanted: Wanted,
    *,
    alone: bool,
    folder: str | None = None,
    instead: "ASGIApp | None" = None,
) -> Parts:
    """Make the parts of one process. Where there are others, it says that it can't be told anything.

    Without a world it loads the one that the settings name. `folder` is where the processes of a run leave
    what they count. `instead` answers in the twin's place: it can't be told anything, and has no page. Raises
    SettingError and FileError.
    """
    log, state, stopping = standard_log(in_json=wanted.log_in_json), State(), Ending()
    tally = Tally() if wanted.metrics else None
    shared = None if tally is None else Shared(tally, folder)
    plain = replace(settings, access_log=False)
    if instead is None:
        world = load_world(settings.world) if world is None else world
        app, told = _twin(plain, world, wanted, alone=alone)
    else:
        app, told = instead, None
    token = os.environ.get(CONTROL_VARIABLE) or None
    if settings.access_log:
        app = AccessLog(app, log.take, _identity if wanted.log_in_json else None)
    metrics = None if shared is None else Metrics(shared, None if isinstance(told, Turns) else told).written
    if wanted.control and instead is None:
        app = Control(app, told, token=token, state=state, metrics=metrics)
    else:
        app = Watched(app, state, metrics)
    if wanted.page and world is not None and instead is None:
        closed = "" if told is not None else _closed(wanted)
        app = Page(app, Staged(first_setup(plain, world), told, closed, stopping=stopping), token=token)
    if wanted.traces:
        app = Traced(app)
    return Parts(app, log, state, stopping, tally, shared, wanted.log_in_json)


def _twin(
    settings: "Settings", world: "World", wanted: Wanted, *, alone: bool
) -> "tuple[ASGIApp, ServedStage | Turns | None]":
    """Make the twin, with its stage where this process alone has one, or the turns at those of several."""
    if not wanted.control:
        return create_app(settings, world=world), None
    if settings.store != MEMORY:
        from usagetwin.stage.shared.company import company

        stage, mirror = company(settings, world, Limits())
        return stage, Turns(mirror)
    served = ServedStage(settings, world, Plays(Limits()) if alone else None)
    return served, served if alone else None


def _closed(wanted: Wanted) -> str:
    """Say why nobody can tell this twin anything by its page."""
    if not wanted.control:
        return "this twin was started with --no-control, so it answers as its options say"
    return "this twin has several workers, which share no plays, so it answers as its options say"


def config_of(parts: Parts, idle_s: float, *, stop_within_s: int) -> Config:
    """Give the settings of the server of one process."""
    config = Config(
        parts.app,
        http=Protocol,
        interface="asgi3",
        ws="none",  # an upgrade request is a GET like any other, whichever libraries are installed
        lifespan="on",
        access_log=False,
        proxy_headers=False,  # nothing here depends on who asks
        server_header=False,
        log_config=parts.logging,
        timeout_graceful_shutdown=stop_within_s,
    )
    config.idle_s = idle_s
    config.tally = parts.tally
    return config


def _identity(scope: "Scope") -> "Identity":
    return identity_of(scope["headers"], scope.get(PLAY))
