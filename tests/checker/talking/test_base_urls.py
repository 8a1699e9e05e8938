"""Tests of `usagetwin_checker.talking.base_urls`: which host is this machine."""

import socket

import pytest

from usagetwin.contract.operation import PATH, before_path
from usagetwin_checker.talking.base_urls import base_url_of, is_this_machine


def leading_to(*addresses: str) -> object:
    """Give a resolver that leads every name to these addresses."""

    def resolve(host: str, *_args: object, **_kwargs: object) -> list[object]:
        if not addresses:
            raise socket.gaierror(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

    return resolve


@pytest.mark.parametrize("host", ["127.0.0.1", "127.255.0.3", "::1", "localhost", "twin.localhost"])
def test_this_machine_is_known_by_its_names(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they lead here, or nowhere."""
    if host.endswith("localhost"):
        monkeypatch.setattr(socket, "getaddrinfo", leading_to("127.0.0.1", "::1"))

    assert is_this_machine(host)

    if host.endswith("localhost"):
        monkeypatch.setattr(socket, "getaddrinfo", leading_to())
        assert is_this_machine(host)


@pytest.mark.parametrize("addresses", [("192.0.2.7",), ("127.0.0.1", "192.0.2.7")])
@pytest.mark.parametrize("host", ["localhost", "twin.localhost"])
def test_a_name_of_this_machine_that_leads_elsewhere_is_none(
    host: str, addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a network's resolver knows a `localhost` of its own."""
    monkeypatch.setattr(socket, "getaddrinfo", leading_to(*addresses))

    assert not is_this_machine(host)


@pytest.mark.parametrize(
    "host",
    ["app.launchdarkly.com", "usage.example", "localhost.example", "::", "192.168.0.7", "127.1"],
)
def test_another_name_is_another_host_wherever_it_leads(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tunnel to somebody else's API may be behind a name that leads here."""
    monkeypatch.setattr(socket, "getaddrinfo", leading_to("127.0.0.1"))

    assert not is_this_machine(host)


def test_a_base_path_may_have_an_at_sign() -> None:
    """It is before the path alone that one ends a user name and a password."""
    assert base_url_of("http://127.0.0.1/@scope/") == "http://127.0.0.1/@scope"


@pytest.mark.parametrize(
    ("url", "before", "part"),
    [
        ("http://h:1/api/v2/usage/observability/sessions/", "http://h:1", PATH),
        ("http://h:1/api/v2/usage", "http://h:1", "/api/v2/usage"),
        ("https://h/base/api/v2/", "https://h/base", "/api/v2"),
        ("https://h/v1/api", "https://h/v1", "/api"),
        (f"https://h/api{PATH}", "https://h/api", PATH),
        ("https://h/v2/", "https://h/v2/", ""),
        ("https://h/myapi", "https://h/myapi", ""),
        ("https://api/", "https://api/", ""),
        ("h/api", "h/api", ""),
    ],
)
def test_the_endpoint_s_path_and_its_beginnings_are_no_base_path(url: str, before: str, part: str) -> None:
    """A base path that ends in `/api` is told by the whole path after it; a host's name is no path."""
    assert before_path(url) == (before, part)
