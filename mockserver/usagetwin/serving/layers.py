"""Which app a process serves: the twin, and before it, as wanted, the control API and the page."""

import os
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

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from usagetwin.account.world import World
    from usagetwin.settings import Settings


def served_app(
    settings: "Settings", world: "World | None", *, control: bool, page: bool, alone: bool
) -> "ASGIApp":
    """Make the app of one process; with several (not `alone`), it says that it can't be told anything.

    Raises SettingError and FileError.
    """
    world = load_world(settings.world) if world is None else world
    token = os.environ.get(CONTROL_VARIABLE) or None
    served: ServedStage | None = None
    if control:
        served = ServedStage(settings, world, Plays(Limits()) if alone else None)
        app: ASGIApp = AccessLog(served) if settings.access_log else served
        app = Control(app, served if alone else None, token=token)
    else:
        app = create_app(settings, world=world)
    if not page:
        return app
    told, closed = (served, "") if alone and served is not None else (None, _closed(control=control))
    return Page(app, Staged(first_setup(settings, world), told, closed), token=token)


def _closed(*, control: bool) -> str:
    """Say why nobody can tell this twin anything."""
    if control:
        return "this twin has several workers, which share no plays, so it answers as its options say"
    return "this twin was started with --no-control, so it answers as its options say"
