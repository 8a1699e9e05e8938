"""Where names and addresses lead."""

import pickle
import socket
from socket import AF_INET, AF_INET6, AF_UNSPEC, AI_NUMERICHOST, AI_PASSIVE

import pytest

from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.redirect.route import BlockedHostError, Route, addresses_of

OURS = "app.launchdarkly.com"
PORTS = {443: ("127.0.0.1", 8443), 80: ("127.0.0.1", 8080)}
NOWHERE = "255.255.255.255"
NOWHERE_6 = "::ffff:255.255.255.255"


def _route(*, block: str | None = None, active: bool = True) -> Route:
    route = Route(PORTS, Authority(), frozenset([OURS]), block)
    route.active = active
    return route


@pytest.mark.parametrize(
    ("family", "name"), [(AF_UNSPEC, NOWHERE), (AF_INET, NOWHERE), (AF_INET6, NOWHERE_6)]
)
def test_a_name_of_ours_is_an_address_that_nothing_has(family: int, name: str) -> None:
    """Of the family that was asked for."""
    assert _route().name(OURS, family) == name
    assert _route().name(OURS.upper().encode(), family) == name


@pytest.mark.parametrize(("family", "name"), [(AF_INET, NOWHERE), (AF_INET6, NOWHERE_6)])
def test_that_address_fails_at_once_when_it_leaks(family: int, name: str) -> None:
    """To whoever remembers it when the redirect is over."""
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(5)

        with pytest.raises(OSError, match="unreachable"):
            connection.connect((name, 443))


@pytest.mark.parametrize(
    "host", ["other.example", b"other.example", None, "", "127.0.0.1", "192.0.2.1", "::1"]
)
def test_any_other_name_is_looked_up_as_it_is(host: object) -> None:
    """Nothing is even converted."""
    assert _route().name(host, AF_UNSPEC) is host


def test_a_name_is_no_address() -> None:
    """Some clients ask with this flag whether a text is an address already."""
    assert _route().name(OURS, AF_UNSPEC, AI_NUMERICHOST) == OURS


@pytest.mark.parametrize("host", [OURS, NOWHERE])
@pytest.mark.parametrize(("port", "local"), PORTS.items())
def test_ours_is_connected_to_by_its_port(host: str, port: int, local: tuple[str, int]) -> None:
    """By name or by the address that the name was given."""
    assert _route().address((host, port), AF_INET) == local


def test_ours_is_connected_to_over_sockets_of_ip_6() -> None:
    """At the mapped address, with the fields that the family wants."""
    assert _route().address((NOWHERE_6, 443, 0, 0), AF_INET6) == ("::ffff:127.0.0.1", 8443, 0, 0)


def test_a_port_that_leads_nowhere_is_refused() -> None:
    """At once, and with the reason."""
    with pytest.raises(
        ConnectionRefusedError, match="ports 80 and 443 of the real hosts are answered, not 8080"
    ):
        _route().address((OURS, 8080), AF_INET)


@pytest.mark.parametrize(
    ("address", "family"),
    [
        (("192.0.2.1", 443), AF_INET),
        (("other.example", 443), AF_INET),
        (("::1", 443, 0, 0), AF_INET6),
        ("/run/socket", socket.AF_UNIX),
        ((OURS,), AF_INET),
        (443, AF_INET),
        ((None, None), AF_INET),
    ],
)
def test_any_other_address_stays_as_it_is(address: object, family: int) -> None:
    """Also what is no address at all: the socket's own error says it best."""
    assert _route().address(address, family) is address


@pytest.mark.parametrize("host", ["other.example", b"OTHER.example", "launchdarkly.com", "notlocalhost"])
def test_a_blocked_name_is_not_looked_up(host: object) -> None:
    """The error says which, and which option blocks it."""
    with pytest.raises(
        BlockedHostError, match=r"connecting to '.*' is blocked .* without block_other_hosts"
    ) as caught:
        _route(block="block_other_hosts").name(host, AF_UNSPEC)

    assert isinstance(caught.value, OSError)


@pytest.mark.parametrize(
    ("address", "family"),
    [
        (("192.0.2.1", 443), AF_INET),
        (("::ffff:192.0.2.1", 443, 0, 0), AF_INET6),
        (("2001:db8::1", 443, 0, 0), AF_INET6),
        (("fe80::1%eth0", 443, 0, 2), AF_INET6),
        (("other.example", 443), AF_INET),
    ],
)
def test_a_blocked_address_is_not_connected_to(address: object, family: int) -> None:
    """Nor a name that the socket would look up itself."""
    with pytest.raises(BlockedHostError):
        _route(block="block_other_hosts").address(address, family)


def test_a_spared_host_passes_by_its_name_and_by_its_addresses() -> None:
    """Whatever is blocked, and no other."""
    route = _route(block="block_other_hosts")
    route.spared = frozenset(["twin.example", "192.0.2.7"])

    assert route.name("Twin.example", AF_UNSPEC) == "Twin.example"
    assert route.address(("192.0.2.7", 443), AF_INET) == ("192.0.2.7", 443)
    with pytest.raises(BlockedHostError):
        route.address(("192.0.2.8", 443), AF_INET)


def test_the_addresses_of_a_host_are_those_that_can_be_looked_up() -> None:
    """None for a name that no name server can have."""
    assert addresses_of("127.0.0.1") == {"127.0.0.1"}
    assert "127.0.0.1" in addresses_of("localhost")
    assert addresses_of(f"{'x' * 64}.example") == frozenset()


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "app.localhost",
        "127.0.0.1",
        "127.1.2.3",
        "::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",  # noqa: S104 -- to connect to, not to listen on
        "::",
    ],
)
def test_this_machine_is_never_blocked(host: str) -> None:
    """Under any of its names."""
    route = _route(block="block_other_hosts")

    assert route.name(host, AF_UNSPEC) == host
    assert route.address((host, 80), AF_INET) == (host, 80)


def test_an_address_is_blocked_where_it_is_connected_to() -> None:
    """Looking it up reaches nobody; nor does a server that looks up where to listen."""
    route = _route(block="block_other_hosts")

    assert route.name("192.0.2.1", AF_UNSPEC) == "192.0.2.1"
    assert route.name("this-machine.example", AF_UNSPEC, AI_PASSIVE) == "this-machine.example"


def test_an_inactive_route_changes_nothing() -> None:
    """Neither names, nor addresses, nor trust; and it blocks nothing."""
    route = _route(block="block_other_hosts", active=False)

    assert route.name(OURS, AF_UNSPEC) == OURS
    assert route.address((OURS, 443), AF_INET) == (OURS, 443)
    assert route.address(("other.example", 443), AF_INET) == ("other.example", 443)
    assert not route.leads(OURS)


def test_a_blocked_host_can_be_told_of_in_another_process() -> None:
    """A pool of processes sends its errors back."""
    error = pickle.loads(pickle.dumps(BlockedHostError("other.example", "block_other_hosts")))  # noqa: S301 -- ours

    assert (error.host, error.option) == ("other.example", "block_other_hosts")
    assert "other.example" in str(error)
