"""What the clients meet while the redirect is active, before and after."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest
import requests

from tests.redirect.clients import CLIENTS, SYNCHRONOUS, httpx_async
from tests.redirect.echo import NOWHERE
from usagetwin.hosts import HOSTS
from usagetwin_checker.redirect.active import Redirect
from usagetwin_checker.redirect.route import BlockedHostError

if TYPE_CHECKING:
    from tests.redirect.clients import MakeClient
    from tests.redirect.echo import Echo
    from usagetwin_checker.redirect.authority import Authority
    from usagetwin_checker.testing.server import TwinServer

URL = "https://app.launchdarkly.com/api/v2/usage/observability/sessions"

every_client = pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS)


@every_client
def test_a_client_made_while_active_is_answered(redirect: Redirect, echo: "Echo", make: "MakeClient") -> None:
    """Over TLS, under the name that it asked for."""
    with redirect, make() as get:
        status = get(URL)

    assert (status, echo.asked) == (200, [URL])


@every_client
def test_a_client_made_before_is_answered(redirect: Redirect, echo: "Echo", make: "MakeClient") -> None:
    """With the certificates that it loaded before there was ours."""
    with make() as get, redirect:
        statuses = [get(URL), get(URL)]

    assert (statuses, echo.asked) == ([200, 200], [URL, URL])


@every_client
def test_a_client_that_outlives_the_redirect_does_not_reach_the_server(
    server: "TwinServer", authority: "Authority", echo: "Echo", make: "MakeClient"
) -> None:
    """Neither on the connection that it keeps, nor at the address that it remembers."""
    redirect = Redirect(server.routes, authority, hosts=[NOWHERE])
    with make() as get:
        with redirect:
            get(f"https://{NOWHERE}/during")
        server.drop_connections()

        with pytest.raises(Exception) as caught:  # noqa: PT011 -- each client has its own type
            get(f"https://{NOWHERE}/after")

    assert isinstance(_innermost(caught.value), OSError)
    assert echo.asked == [f"https://{NOWHERE}/during"]


@every_client
def test_a_client_is_answered_again_in_the_next_test(
    redirect: Redirect, server: "TwinServer", echo: "Echo", make: "MakeClient"
) -> None:
    """One client for a whole session is a common thing."""
    with make() as get:
        with redirect:
            first = get(URL)
        server.drop_connections()
        with redirect:
            second = get(URL)

    assert (first, second, len(echo.asked)) == (200, 200, 2)


@every_client
def test_another_host_is_reached_as_it_is(
    redirect: Redirect, server: "TwinServer", echo: "Echo", make: "MakeClient"
) -> None:
    """By its name, at its own port."""
    other = _by_name(server)
    with redirect, make() as get:
        status = get(f"{other}/mine")

    assert (status, echo.asked) == (200, [f"{other}/mine"])


@every_client
def test_another_host_can_be_blocked(
    server: "TwinServer", authority: "Authority", echo: "Echo", make: "MakeClient"
) -> None:
    """The error says which, and which option blocks it."""
    redirect = Redirect(server.routes, authority, block_others=True, option="block_other_hosts")
    with redirect, make() as get, pytest.raises(Exception) as caught:  # noqa: PT011 -- each client has its own
        get("https://other.invalid/")

    blocked = _blocked(caught.value)
    assert (blocked.host, blocked.option) == ("other.invalid", "block_other_hosts")
    assert "other.invalid" in str(blocked)
    assert "block_other_hosts" in str(blocked)
    assert echo.asked == []


@every_client
def test_an_address_can_be_blocked(server: "TwinServer", authority: "Authority", make: "MakeClient") -> None:
    """Also one that needs no lookup."""
    redirect = Redirect(server.routes, authority, block_others=True)
    with redirect, make() as get, pytest.raises(Exception) as caught:  # noqa: PT011 -- each client has its own
        get("https://192.0.2.1/")

    assert _blocked(caught.value).host == "192.0.2.1"


@every_client
def test_this_machine_is_never_blocked(
    server: "TwinServer", authority: "Authority", echo: "Echo", make: "MakeClient"
) -> None:
    """Neither by name nor by address."""
    redirect = Redirect(server.routes, authority, block_others=True)
    urls = [f"{_by_name(server)}/by-name", f"{server.url}/by-address", URL]
    with redirect, make() as get:
        statuses = [get(url) for url in urls]

    assert (statuses, echo.asked) == ([200, 200, 200], urls)


@every_client
def test_a_proxy_in_the_environment_is_passed_by(
    redirect: Redirect, monkeypatch: pytest.MonkeyPatch, make: "MakeClient", unused_port: int
) -> None:
    """By whoever reads the environment while the redirect is active; afterwards it is as it was."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused_port}")
    monkeypatch.setenv("NO_PROXY", "internal.example")
    monkeypatch.delenv("no_proxy", raising=False)

    with redirect, make() as get:
        status = get(URL)
        during = os.environ["NO_PROXY"], os.environ["no_proxy"]

    ours = ",".join(sorted(HOSTS))
    assert status == 200
    assert during == (f"internal.example,{ours}", f"internal.example,{ours}")
    assert (os.environ["NO_PROXY"], os.environ.get("no_proxy")) == ("internal.example", None)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_each_host_is_answered_under_both_schemes(
    redirect: Redirect, echo: "Echo", host: str, scheme: str
) -> None:
    """Port 443 leads to TLS, port 80 to plain HTTP."""
    with redirect:
        requests.get(f"{scheme}://{host}/here", timeout=20)

    assert echo.asked == [f"{scheme}://{host}/here"]


def test_a_port_that_leads_nowhere_is_refused(redirect: Redirect) -> None:
    """And the error says which ones do."""
    with redirect, pytest.raises(requests.ConnectionError, match="only the ports 80 and 443"):
        requests.get("https://app.launchdarkly.com:8443/", timeout=20)


def test_twelve_threads_are_answered(redirect: Redirect, echo: "Echo") -> None:
    """Two for each synchronous client, each with a client of its own."""
    together = threading.Barrier(12)

    def ask(make: "MakeClient") -> list[int]:
        with make() as get:
            together.wait(20)
            return [get(URL) for _ in range(10)]

    with redirect, ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(ask, [*SYNCHRONOUS.values()] * 2))

    assert answers == [[200] * 10] * 12
    assert len(echo.asked) == 120


def test_a_hundred_requests_at_once_are_answered(redirect: Redirect, echo: "Echo") -> None:
    """In one loop."""

    async def ask() -> list[int]:
        async with httpx_async() as get:
            return await asyncio.gather(*(get(URL) for _ in range(100)))

    with redirect:
        statuses = asyncio.run(ask())

    assert (statuses, len(echo.asked)) == ([200] * 100, 100)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_anyio_is_answered(redirect: Redirect, echo: "Echo", backend: str) -> None:
    """On both of its backends; it drops the port of what it has looked up."""
    pytest.importorskip(backend)

    async def ask() -> int:
        async with httpx.AsyncClient() as client:
            return (await client.get(URL)).status_code

    with redirect:
        status = anyio.run(ask, backend=backend)

    assert (status, echo.asked) == (200, [URL])


def _by_name(server: "TwinServer") -> str:
    """Give the base URL of a server under a name that the redirect has nothing to do with."""
    return f"http://localhost:{server.plain_address[1]}"


def _blocked(error: BaseException) -> BlockedHostError:
    found = _innermost(error)
    assert isinstance(found, BlockedHostError), repr(error)
    return found


def _innermost(error: BaseException) -> BaseException:
    """Give the error that a client wrapped, in whichever way it does so."""
    seen = set()
    while id(error) not in seen:
        seen.add(id(error))
        inner = error.__cause__ or getattr(error, "os_error", None) or getattr(error, "reason", None)
        inner = inner or error.__context__ or next((x for x in error.args if isinstance(x, Exception)), None)
        error = inner if isinstance(inner, BaseException) else error
    return error
