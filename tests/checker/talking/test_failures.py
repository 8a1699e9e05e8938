"""Tests of `usagetwin_checker.talking.failures`: why nothing came back, and whether anything was sent."""

import socket
import ssl
from errno import ECONNRESET, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT
from typing import Final

import httpx
import pytest

from tests.checker.hostile import dripping, reset
from tests.checker.raw_server import answering, saying
from usagetwin.hosts import HOSTS
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.talking.failures import failure, never_sent
from usagetwin_checker.talking.targets import UrlTarget

UNKNOWN: Final = socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def caused(cause: BaseException, kind: type[httpx.TransportError] = httpx.ConnectError) -> Exception:
    """Make an error of httpx's that comes from another one."""
    error = kind("All connection attempts failed")
    error.__cause__ = cause
    return error


def asked(url: str) -> Exchange:
    """Ask whoever is there once."""
    target = UrlTarget(url, timeout_s=0.3)
    try:
        return target.send(Ask())
    finally:
        target.close()


@pytest.mark.parametrize(
    "host", [*HOSTS, f"{HOSTS[0].upper()}.", "launchdarkly.com", "docs.launchdarkly.com"]
)
def test_a_name_that_is_right_is_not_to_be_corrected(host: str) -> None:
    """Where one of LaunchDarkly's is not found, it is this machine that finds none."""
    said = failure(caused(UNKNOWN), host=host)

    assert said.startswith(f"this machine can't look up {host.lower().rstrip('.')} ([Errno ")
    assert said.endswith("; connect it to the network, or set HTTPS_PROXY where that takes a proxy")


@pytest.mark.parametrize("host", ["", "notlaunchdarkly.com", "launchdarkly.com.example", "usage.example"])
def test_another_name_may_be_wrong(host: str) -> None:
    """Or the network is."""
    said = failure(caused(UNKNOWN), host=host)

    assert said.startswith("the host's name is not known ([Errno ")
    assert said.endswith("; correct it, or connect this machine to its network")


def test_a_proxy_that_is_not_found_is_named() -> None:
    """The host is looked up by the proxy alone."""
    through = "the proxy nobody.invalid:3128 of HTTPS_PROXY"

    unknown = failure(caused(UNKNOWN), host=HOSTS[0], proxy=through)
    refused = failure(caused(ConnectionRefusedError()), host=HOSTS[0], proxy=through)

    assert unknown.startswith(f"the name of {through} is not known (")
    assert refused.startswith(f"nothing listens at {through} (connection refused)")


@pytest.mark.parametrize(
    "cause",
    [
        UNKNOWN,
        socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
        ConnectionRefusedError(),
        OSError(ENETUNREACH, "Network is unreachable"),
        OSError(EHOSTUNREACH, "No route to host"),
        ExceptionGroup("all of them", [ConnectionRefusedError(), ConnectionRefusedError()]),
    ],
    ids=repr,
)
def test_without_a_connection_nothing_was_sent(cause: Exception) -> None:
    """Before there is one there is nothing to send on; once there is one, the same error says nothing."""
    assert never_sent(caused(cause))
    assert not any(
        never_sent(caused(cause, kind)) for kind in (httpx.ReadError, httpx.WriteError, httpx.ProxyError)
    )


@pytest.mark.parametrize(
    "error",
    [
        caused(OSError(ETIMEDOUT, "timed out")),
        caused(OSError(ECONNRESET, "reset")),
        caused(OSError("something else")),
        caused(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")),
        httpx.ConnectError("no cause"),
        httpx.ConnectTimeout("too late"),
        httpx.ReadTimeout("too late"),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
    ids=repr,
)
def test_what_is_not_certain_may_have_been_sent(error: Exception) -> None:
    """So that it stays counted."""
    assert not never_sent(error)


def test_an_exchange_says_that_nothing_was_sent(unused_port: int) -> None:
    """Where nobody listens, and where nobody has the name."""
    assert asked(f"http://127.0.0.1:{unused_port}").unsent
    assert asked("http://nobody.invalid").unsent


@pytest.mark.parametrize("respond", [reset, saying(), dripping(b"", b""), saying(b"SSH-2.0\r\n\r\n")])
def test_who_got_a_request_got_it_whatever_comes_back(respond: object) -> None:
    """A reset, an end, nothing, or no HTTP."""
    with answering(respond) as server:  # type: ignore[arg-type]  # -- a `Respond`, as the table has it
        exchange = asked(server.url)

    assert exchange.failure is not None
    assert not exchange.unsent
