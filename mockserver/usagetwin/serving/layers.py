"""Which app a process serves: the twin, and before it, as wanted, the control API and the page."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from usagetwin.account.world import load_world
from usagetwin.app import create_app
from usagetwin.asgi.access_log import AccessLog
from usagetwin.control.front import Control
from usagetwin.page.front import Page
from usagetwin.page.staged import Staged
from usagetwin.settings import CONTROL_VARIABLE
from usagetwin.stage.plays import Limits, Plays
from usagetwin.stage.served import ServedStage, first_setup
from usagetwin.store import MEMORY

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from usagetwin.account.world import World
    from usagetwin.serving.log import LogWriter
    from usagetwin.settings import Settings
    from usagetwin.stage.ending import Ending


def served_app(  # noqa: PLR0913 -- what an app is made of
    settings: "Settings",
    world: "World | None",
    log: "LogWriter",
    *,
    control: bool,
    page: bool,
    alone: bool,
    stopping: "Ending | None" = None,
) -> "ASGIApp":
    """Make the app of one process; with several (not `alone`), it says that it can't be told anything.

    `log` takes what is logged of each request; `stopping` is declared when the server stops.
    Raises SettingError and FileError.
    """
    world = load_world(settings.world) if world is None else world
    token = os.environ.get(CONTROL_VARIABLE) or None
    app: ASGIApp
    told: ServedStage | None = None
    if not control:
        app = _logged(create_app(replace(settings, access_log=False), world=world), settings, log)
    elif settings.store != MEMORY:
        app = _sharing(settings, world, log, token)
    else:
        served = ServedStage(settings, world, Plays(Limits()) if alone else None)
        told = served if alone else None
        app = Control(_logged(served, settings, log), told, token=token)
    if not page:
        return app
    closed = "" if told is not None else _closed(settings, control=control)
    return Page(app, Staged(first_setup(settings, world), told, closed, stopping=stopping), token=token)


def _sharing(settings: "Settings", world: "World", log: "LogWriter", token: str | None) -> "ASGIApp":
    """Make the app of a process that has its plays together with others."""
    from usagetwin.stage.shared.company import company

    stage, mirror = company(settings, world, Limits())
    return Control(_logged(stage, settings, log), None, token=token, mirror=mirror)


def _logged(app: "ASGIApp", settings: "Settings", log: "LogWriter") -> "ASGIApp":
    return AccessLog(app, log.take) if settings.access_log else app


def _closed(settings: "Settings", *, control: bool) -> str:
    """Say why nobody can tell this twin anything by its page."""
    if not control:
        return "this twin was started with --no-control, so it answers as its options say"
    if settings.store != MEMORY:
        return "this twin has its plays in a store, where the control API tells them things, and no page"
    return "this twin has several workers, which share no plays, so it answers as its options say"
