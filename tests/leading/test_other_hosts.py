"""Hosts that are not LaunchDarkly's: they pass through, or are refused."""

import shutil
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Final

import pytest

from tests.leading.led import NO_CALLS, led, long, python

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_curl: Final = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
BY_THE_PROXY: Final = ("curl", "-sS", "--noproxy", "", "-m", "20")


class Other(BaseHTTPRequestHandler):
    """Somebody else's server."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"somebody else")

    def log_message(self, *_arguments: object) -> None:
        """Write no log."""


@pytest.fixture
def other() -> "Iterator[str]":
    """Give the URL of another server."""
    server = HTTPServer(("127.0.0.1", 0), Other)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@needs_curl
def test_another_host_is_reached_by_the_proxy(other: str) -> None:
    """It is no request to the twin."""
    ended = led(*BY_THE_PROXY, other)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "somebody else", NO_CALLS)


def test_this_machine_is_reached_without_the_proxy(other: str) -> None:
    """By a client that heeds NO_PROXY, whatever was blocked."""
    ask = python(f"import urllib.request as u; print(u.urlopen('{other}').read().decode())")

    ended = led(*ask, options=("--block-other-hosts",), environment={"no_proxy": ""})

    assert (ended.returncode, ended.stdout) == (0, "somebody else\n"), ended.stderr


@needs_curl
@pytest.mark.parametrize("scheme", ["http", long("https")])
def test_another_host_can_be_refused(scheme: str) -> None:
    """By a sentence that names it, and the option; the variable that would pass it by is not kept."""
    url = f"{scheme}://other.example/"

    ended = led(
        "curl",
        "-sv",
        "-m",
        "20",
        url,
        options=("--block-other-hosts",),
        environment={"NO_PROXY": "other.example"},
    )

    assert "403" in ended.stderr
    if scheme == "http":
        assert ended.stdout == (
            "[Errno 13] connecting to 'other.example' is blocked here; "
            "try a fake of that host, or a run without --block-other-hosts\n"
        )


@pytest.mark.proof
def test_names_that_were_past_a_proxy_before_stay_past_it() -> None:
    """But for the three hosts."""
    ended = led(
        *python("import os; print(os.environ['NO_PROXY'], os.environ['no_proxy'])"),
        environment={"NO_PROXY": "internal.example,.launchdarkly.com", "no_proxy": "app.launchdarkly.us"},
    )

    one = "internal.example,localhost,127.0.0.1,::1"
    assert ended.stdout == f"{one} {one}\n"
