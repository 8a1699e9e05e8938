"""A twin that can be told things, served from this process as one that runs elsewhere."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.control.controlled import controlled
from usagetwin.control.front import Control
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp


@contextmanager
def running(
    *, token: str | None = None, workers: int = 1, control: bool = True, **limits: float
) -> "Iterator[str]":
    """Serve a twin of the small account until the block is left, and give its base URL."""
    served = controlled(token=token, **limits).served
    app = Control(served, served if workers == 1 else None, token=token) if control else served
    with serving(app) as url:
        yield url


@contextmanager
def serving(app: "ASGIApp") -> "Iterator[str]":
    """Serve an app until the block is left, and give its base URL."""
    server = TwinServer(app, Authority())
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
