"""The local server that these tests redirect to: it tells what it was asked."""

from typing import TYPE_CHECKING

import pytest

from tests.redirect.echo import NOWHERE, Echo
from usagetwin.hosts import HOSTS
from usagetwin_checker.redirect.active import Redirect
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Give the authority of all servers in these tests."""
    return Authority()


@pytest.fixture(scope="session")
def echo() -> Echo:
    """Give the application that is served."""
    return Echo()


@pytest.fixture(scope="session")
def session_server(authority: Authority, echo: Echo) -> "Iterator[TwinServer]":
    """Serve it for the session."""
    server = TwinServer(echo, authority, hosts=[*HOSTS, NOWHERE])
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(session_server: TwinServer, echo: Echo) -> "Iterator[TwinServer]":
    """Give the server, with nothing asked yet; its connections end with the test."""
    echo.asked.clear()
    yield session_server
    session_server.drop_connections()


@pytest.fixture
def redirect(server: TwinServer, authority: Authority) -> Redirect:
    """Give a redirect to the server that is not active yet."""
    return Redirect(server.routes, authority)
