"""A twin is served while a command runs, and ended afterwards."""

import socket
import sys
from urllib.parse import urlsplit

import pytest

from tools.with_twin import NotReadyError, served

LISTENER = """
import socket
server = socket.create_server(("127.0.0.1", 0))
print("a line of the log", flush=True)
print("usagetwin ready on http://127.0.0.1:%d" % server.getsockname()[1], flush=True)
while True:
    server.accept()
"""


def reachable(url: str) -> bool:
    """Tell whether something listens at a URL's address."""
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def test_the_url_of_the_ready_line_is_given_while_the_server_runs() -> None:
    """Inside the block the server answers at that URL; after it, nothing listens there."""
    with served([sys.executable, "-c", LISTENER]) as url:
        inside = reachable(url)

    assert inside
    assert not reachable(url)


def test_a_server_is_ended_when_the_block_fails() -> None:
    """An error inside the block leaves no server behind."""
    twin = served([sys.executable, "-c", LISTENER])
    url = twin.__enter__()
    failure = ValueError("the block failed")

    left = twin.__exit__(ValueError, failure, None)

    assert not left
    assert not reachable(url)


def test_a_server_that_ends_at_once_is_an_error_with_its_last_words() -> None:
    """What the server printed before it ended is what the user reads."""
    with (
        pytest.raises(NotReadyError, match="the port is taken"),
        served([sys.executable, "-c", "raise SystemExit('the port is taken')"]),
    ):
        pytest.fail("the block must not run")
