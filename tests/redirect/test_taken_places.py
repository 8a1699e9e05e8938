"""Another library takes a place in the process: before the redirect, over it, or by putting things back."""

import contextlib
import socket
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import requests

from usagetwin_checker.redirect.route import TakenError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.redirect.echo import Echo
    from usagetwin_checker.redirect.active import Redirect

URL = "https://app.launchdarkly.com/taken"
PLACES: list[tuple[Any, str]] = [
    (socket, "getaddrinfo"),
    (socket.socket, "connect"),
    (ssl.SSLContext, "wrap_socket"),
]


def _forbidden(*_arguments: object, **_options: object) -> None:
    message = "no network in these tests"
    raise PermissionError(message)


def _get() -> int:
    return requests.get(URL, timeout=20).status_code


@pytest.mark.parametrize(("owner", "name"), PLACES[:2], ids=str)
def test_what_forbids_the_network_is_passed_by_for_our_hosts(
    redirect: "Redirect",
    echo: "Echo",
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,  # noqa: ANN401 -- module or class
    name: str,
) -> None:
    """The twin is no network; all other hosts stay forbidden."""
    monkeypatch.setattr(owner, name, _forbidden)

    with redirect:
        status = _get()
        with pytest.raises(requests.ConnectionError, match="no network"):
            requests.get("https://192.0.2.1/", timeout=20)

    assert (status, echo.asked) == (200, [URL])
    assert getattr(owner, name) is _forbidden


@pytest.mark.parametrize(("owner", "name"), PLACES[1:], ids=str)
def test_a_function_that_is_put_back_is_led_again(
    redirect: "Redirect",
    echo: "Echo",
    owner: Any,  # noqa: ANN401 -- module or class
    name: str,
) -> None:
    """By the next lookup of a name of ours, as when another plugin tidies up too early."""
    original = getattr(owner, name)
    before = vars(owner).get(name)
    try:
        with redirect:
            setattr(owner, name, original)
            status = _get()
    finally:
        if vars(owner).get(name) is not before:
            delattr(owner, name)

    assert (status, echo.asked) == (200, [URL])
    assert getattr(owner, name) is original


def test_all_is_put_in_place_on_demand(redirect: "Redirect", echo: "Echo") -> None:
    """Also the lookup itself, which nothing else would notice."""
    original = socket.getaddrinfo
    with redirect:
        socket.getaddrinfo = original
        redirect.renew()
        status = _get()

    assert (status, echo.asked, socket.getaddrinfo) == (200, [URL], original)


def test_a_function_that_passes_ours_by_is_called_with_where_the_request_leads(
    redirect: "Redirect",
    server: Any,  # noqa: ANN401 -- only asked
    echo: "Echo",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was put over ours during the test, and calls the original that it kept from before."""
    true_connect, seen = socket.socket.connect, []

    def theirs(connection: socket.socket, address: tuple[str, int]) -> None:
        seen.append(address)
        true_connect(connection, address)

    with redirect:
        with monkeypatch.context() as patch:
            patch.setattr(socket.socket, "connect", theirs)
            status = _get()
        again = _get()

    assert (status, again, len(echo.asked), seen) == (200, 200, 2, [server.tls_address])


def test_a_failure_that_a_test_plays_is_played(redirect: "Redirect", monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test puts in place of a function decides."""

    def unreachable(*_arguments: object) -> None:
        raise TimeoutError

    with redirect, monkeypatch.context() as patch:
        patch.setattr(socket.socket, "connect", unreachable)
        with pytest.raises(requests.ConnectionError):
            _get()


@contextlib.contextmanager
def _stand_in(make: "Callable[..., object] | None") -> Any:  # noqa: ANN401 -- a context manager
    """Put a subclass in the place of the socket class, as plugins do that forbid sockets."""
    true_socket = socket.socket
    methods = {} if make is None else {"__new__": make}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            socket, "socket", type("Guarded", (true_socket,), {"__module__": "pytest_socket", **methods})
        )
        yield true_socket


def test_a_class_that_forbids_sockets_is_named_with_its_setting(redirect: "Redirect", echo: "Echo") -> None:
    """It is in place before ours."""
    with _stand_in(_forbidden), redirect, pytest.raises(requests.ConnectionError) as caught:
        _get()

    error = str(caught.value)
    assert "socket.socket is pytest_socket." in error
    assert "PermissionError: no network in these tests" in error
    assert "the marker enable_socket on this test, or --allow-hosts=127.0.0.1" in error
    assert echo.asked == []
    assert [type(stopped) for stopped in redirect.stopped()] == [TakenError]


def test_the_true_class_is_led_once_it_is_back(redirect: "Redirect", echo: "Echo") -> None:
    """The redirect began while another class stood in its place."""
    before = vars(socket.socket).get("connect")
    with contextlib.ExitStack() as taken:
        true_socket = taken.enter_context(_stand_in(_forbidden))
        with redirect:
            taken.close()
            status = _get()

    assert (status, echo.asked) == (200, [URL])
    assert vars(true_socket).get("connect") is before


def test_a_class_that_lets_sockets_be_made_is_no_obstacle(redirect: "Redirect", echo: "Echo") -> None:
    """One that counts them, say."""
    with _stand_in(None), redirect:
        status = _get()

    assert (status, echo.asked) == (200, [URL])
