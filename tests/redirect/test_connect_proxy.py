"""Programs that a test starts, and the proxy that they are told of."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from usagetwin.hosts import HOSTS
from usagetwin.stage.transport import transport_of
from usagetwin_checker.redirect.connect_proxy import ConnectProxy
from usagetwin_checker.redirect.loop_thread import LocalServerError
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.redirect.echo import Echo
    from usagetwin_checker.redirect.active import Redirect
    from usagetwin_checker.redirect.authority import Authority

URL = "https://app.launchdarkly.com/from-a-program"
PYTHON = "import sys, {0}; print({0}.get(sys.argv[1], timeout=20).status_code)"
URLLIB = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=20).status)"
PROGRAMS = {
    "curl": ["curl", "--silent", "--show-error", "--output", os.devnull, "--write-out", "%{http_code}\n"],
    "requests": [sys.executable, "-c", PYTHON.format("requests")],
    "httpx": [sys.executable, "-c", PYTHON.format("httpx")],
    "urllib.request": [sys.executable, "-c", URLLIB],
}

every_program = pytest.mark.parametrize("program", PROGRAMS)


@pytest.fixture
def proxy(server: TwinServer, authority: "Authority") -> "Iterator[ConnectProxy]":
    """Give a running proxy to the server."""
    proxy = ConnectProxy(server.routes, authority)
    proxy.start()
    yield proxy
    proxy.stop()


def _run(program: str, url: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Let a program get a URL; skip what this machine doesn't have."""
    command = PROGRAMS[program]
    if shutil.which(command[0]) is None or (command[0] == sys.executable and find_spec(program) is None):
        pytest.skip(f"{program} is not installed here")
    return subprocess.run(
        [*command, url],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@every_program
def test_a_program_is_answered(proxy: ConnectProxy, echo: "Echo", program: str) -> None:
    """Over TLS that it believes."""
    run = _run(program, URL, proxy.environment())

    assert (run.stdout, echo.asked) == ("200\n", [URL]), run.stderr


def test_a_program_is_answered_also_while_the_redirect_is_active(
    proxy: ConnectProxy, redirect: "Redirect", echo: "Echo"
) -> None:
    """Then this process says that there should be no proxy for the hosts."""
    with redirect:
        run = _run("curl", URL, proxy.environment())

    assert (run.stdout, echo.asked) == ("200\n", [URL]), run.stderr


@every_program
def test_another_host_is_reached_as_it_is(
    proxy: ConnectProxy, server: TwinServer, echo: "Echo", program: str
) -> None:
    """By its name, at its own port, and with its own certificate."""
    url = f"https://localhost:{server.tls_address[1]}/mine"

    run = _run(program, url, proxy.environment())

    assert (run.stdout, echo.asked) == ("200\n", [url]), run.stderr


@pytest.mark.parametrize("host", ["app.launchdarkly.com", "another"])
def test_a_request_in_plain_http_is_passed_on(
    proxy: ConnectProxy, server: TwinServer, echo: "Echo", host: str
) -> None:
    """To the twin or to the host itself, as a client without a proxy sends it; one on each connection."""
    host = f"localhost:{server.plain_address[1]}" if host == "another" else host
    said = f"GET http://{host}/mine HTTP/1.1\r\nHost: {host}\r\nProxy-Connection: keep-alive\r\n\r\n"

    answer = _say(proxy, said.encode())

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in answer
    assert echo.asked == [f"http://{host}/mine"]


def test_another_host_can_be_blocked(server: TwinServer, authority: "Authority") -> None:
    """The refusal says which, and which option blocks it; this machine stays allowed."""
    proxy = ConnectProxy(server.routes, authority, block_others=True, option="block_other_hosts")
    proxy.start()
    try:
        refused = _say(proxy, b"CONNECT other.example:443 HTTP/1.1\r\n\r\n")
        local = _say(proxy, b"CONNECT localhost:%d HTTP/1.1\r\n\r\nGET" % server.plain_address[1])
    finally:
        proxy.stop()

    assert refused.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert b"'other.example'" in refused
    assert b"block_other_hosts" in refused
    assert local.startswith(b"HTTP/1.1 200 Connection established\r\n\r\n")


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        (b"GET http://app.launchdarkly.com:8080/ HTTP/1.1\r\n\r\n", b"HTTP/1.1 502 "),
        (b"GET http://twin.invalid/ HTTP/1.1\r\n\r\n", b"HTTP/1.1 502 "),
        (b"GET ftp://app.launchdarkly.com/ HTTP/1.1\r\n\r\n", b"HTTP/1.1 405 "),
        (b"CONNECT app.launchdarkly.com HTTP/1.1\r\n\r\n", b"HTTP/1.1 405 "),
        (b"CONNECT app.launchdarkly.com:8443 HTTP/1.1\r\n\r\n", b"HTTP/1.1 502 "),
        (b"CONNECT app.launchdarkly.com:65536 HTTP/1.1\r\n\r\n", b"HTTP/1.1 405 "),
        (b"CONNECT [::1]:1 HTTP/1.1\r\n\r\n", b"HTTP/1.1 502 "),
        (b"CONNECT twin.invalid:443 HTTP/1.1\r\n\r\n", b"HTTP/1.1 502 "),
        (b"nonsense\r\n\r\n", b"HTTP/1.1 405 "),
        (b"\r\n\r\n", b"HTTP/1.1 405 "),
        (b"CONNECT", b""),
        (b"", b""),
        (b"x" * 100_000, b""),
    ],
)
def test_what_leads_nowhere_is_refused(proxy: ConnectProxy, said: bytes, answered: bytes) -> None:
    """With a reason, where there was a request."""
    assert _say(proxy, said)[:13].startswith(answered)


def test_a_reset_stays_a_reset(authority: "Authority") -> None:
    """A program meets on its connection what the server does to the proxy's."""

    async def reset(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401, ARG001 -- ASGI's
        connection = transport_of(scope).get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        transport_of(scope).abort()
        await receive()

    server = TwinServer(reset, authority)
    server.start()
    proxy = ConnectProxy({443: server.plain_address}, authority)
    proxy.start()
    try:
        with pytest.raises(ConnectionResetError):
            _say(proxy, b"CONNECT app.launchdarkly.com:443 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n")
    finally:
        proxy.stop()
        server.stop()


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("", ""),
        ("localhost,127.0.0.1", "localhost,127.0.0.1"),
        ("app.launchdarkly.com, internal.example", "internal.example"),
        (".launchdarkly.com,LaunchDarkly.com,*.launchdarkly.us,darkly.com", "darkly.com"),
        ("*", ""),
    ],
)
def test_no_proxy_keeps_what_is_not_ours(
    proxy: ConnectProxy, monkeypatch: pytest.MonkeyPatch, said: str, says: str
) -> None:
    """Or a program would go past the proxy to the real hosts."""
    monkeypatch.setenv("NO_PROXY", said)
    monkeypatch.delenv("no_proxy", raising=False)

    environment = proxy.environment()

    assert (environment["NO_PROXY"], environment["no_proxy"]) == (says, "")


def test_the_environment_names_the_proxy_and_the_certificates(proxy: ConnectProxy) -> None:
    """In the spellings of all who read it."""
    environment = proxy.environment()

    assert environment["HTTPS_PROXY"] == environment["https_proxy"]
    assert environment["HTTPS_PROXY"].startswith("http://127.0.0.1:")
    bundles = {
        environment[name]
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    }
    assert len(bundles) == 1
    assert environment["NODE_USE_ENV_PROXY"] == "1"


def test_nothing_is_left_of_it(server: TwinServer, authority: "Authority") -> None:
    """Neither its port nor its file; a second stop is harmless."""
    proxy = ConnectProxy(server.routes, authority, hosts=HOSTS)
    proxy.start()
    environment = proxy.environment()
    folder = Path(environment["SSL_CERT_FILE"]).parent
    with _connected(proxy) as silent, _connected(proxy) as tunnel:
        tunnel.sendall(b"CONNECT app.launchdarkly.com:80 HTTP/1.1\r\n\r\n")
        assert tunnel.recv(100).startswith(b"HTTP/1.1 200 ")
        proxy.stop()
        proxy.stop()

        assert (silent.recv(1), tunnel.recv(1)) == (b"", b"")
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        _connected(proxy).close()


def test_it_is_started_once_and_before_it_is_used(server: TwinServer, authority: "Authority") -> None:
    """The errors say so."""
    proxy = ConnectProxy(server.routes, authority)

    proxy.stop()
    with pytest.raises(LocalServerError, match="was not started"):
        proxy.environment()
    proxy.start()
    try:
        with pytest.raises(LocalServerError, match="was started before"):
            proxy.start()
    finally:
        proxy.stop()


def _connected(proxy: ConnectProxy) -> socket.socket:
    port = int(proxy.environment()["HTTPS_PROXY"].rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def _say(proxy: ConnectProxy, words: bytes) -> bytes:
    """Send this and no more, and give all that comes."""
    with _connected(proxy) as connection:
        connection.sendall(words)
        with suppress(OSError):  # a connection that was reset by then can't be shut; what follows says so
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(4096), b""))
