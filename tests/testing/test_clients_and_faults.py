"""The clients in three, made in the test or before, behind the real name: each raises its own exceptions."""

import http.client
from typing import TYPE_CHECKING, Final

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3.exceptions as of_urllib3

from tests.acme import MONTH_TO_DATE
from tests.stage.staged import staged
from tests.testing.client_table import PAGE, Row, public_name, table, table_of, tried
from tests.testing.clients import CLIENTS, HEADERS, URL
from usagetwin.stage.faults import make_fault
from usagetwin_checker.redirect.active import Redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.stage.staged import Staged

# What each client is known to raise under `timeout`, `reset` and `truncated-body`, and the requests it sends.
KNOWN: Final = {
    "requests": (
        (requests.ReadTimeout, 1),
        (requests.ConnectionError, 1),
        (requests.exceptions.ChunkedEncodingError, 1),
    ),
    "urllib3": ((of_urllib3.MaxRetryError, 4),) * 3,
    "urllib3, `retries=False`": (
        (of_urllib3.ReadTimeoutError, 1),
        (of_urllib3.ProtocolError, 1),
        (of_urllib3.ProtocolError, 1),
    ),
    "httpx": ((httpx.ReadTimeout, 1), (httpx.TransportError, 1), (httpx.RemoteProtocolError, 1)),
    "httpx, async": ((httpx.ReadTimeout, 1), (httpx.ReadError, 1), (httpx.RemoteProtocolError, 1)),
    "httpx2": ((httpx2.ReadTimeout, 1), (httpx2.TransportError, 1), (httpx2.RemoteProtocolError, 1)),
    "httpx2, async": ((httpx2.ReadTimeout, 1), (httpx2.ReadError, 1), (httpx2.RemoteProtocolError, 1)),
    "aiohttp, async": ((TimeoutError, 1), (aiohttp.ClientOSError, 2), (aiohttp.ClientPayloadError, 1)),
    "urllib.request": ((TimeoutError, 1), (ConnectionResetError, 1), (http.client.IncompleteRead, 1)),
    "launchdarkly-api": (
        (of_urllib3.MaxRetryError, 4),
        (of_urllib3.MaxRetryError, 4),
        (of_urllib3.ProtocolError, 1),
    ),
    "launchdarkly-api, `retries=False`": (
        (of_urllib3.ReadTimeoutError, 1),
        (of_urllib3.ProtocolError, 1),
        (of_urllib3.ProtocolError, 1),
    ),
}
WAYS: Final = [(client, made) for client in CLIENTS for made in ("in the test", "before")]
FAULTS: Final = ("timeout", "reset", "truncated-body")


@pytest.fixture(scope="module")
def rows(acme_file: str) -> tuple[Row, ...]:
    """Try them all, once."""
    return tried(acme_file)


def row_of(rows: tuple[Row, ...], client: str, made: str) -> Row:
    """Give one row."""
    return next(row for row in rows if (row.client, row.made) == (client, made))


def test_every_client_is_tried_in_both_ways(rows: tuple[Row, ...]) -> None:
    """None is missing, and each is known."""
    assert sorted((row.client, row.made) for row in rows) == sorted(WAYS)
    assert set(KNOWN) == set(CLIENTS)


@pytest.mark.parametrize(("client", "made"), WAYS)
def test_the_real_name_is_answered(rows: tuple[Row, ...], client: str, made: str) -> None:
    """With the twin's values, for one request."""
    outcome = row_of(rows, client, made).outcomes["answer"]

    assert (outcome.values, outcome.error, outcome.requests) == (MONTH_TO_DATE, None, 1)


@pytest.mark.parametrize(("client", "made"), WAYS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_the_clients_own_exception(
    rows: tuple[Row, ...], client: str, made: str, fault: str
) -> None:
    """Of its own type, after as many requests as it sends by itself."""
    row = row_of(rows, client, made)
    kind, requests_sent = KNOWN[client][FAULTS.index(fault)]

    assert row.raised(fault) is kind, row.outcomes[fault]
    assert row.outcomes[fault].requests == requests_sent


def test_the_guide_has_this_table(rows: tuple[Row, ...]) -> None:
    """Write it with `python -m tests.testing.client_table`."""
    assert table_of(PAGE.read_text(encoding="utf-8")) == table(rows)


def test_every_exception_is_named_as_it_can_be_imported() -> None:
    """From the top of its library where it is there, else from its module."""
    assert public_name(requests.ReadTimeout) == "requests.ReadTimeout"
    assert public_name(requests.exceptions.ChunkedEncodingError) == "requests.exceptions.ChunkedEncodingError"
    assert public_name(aiohttp.ClientOSError) == "aiohttp.ClientOSError"
    assert public_name(http.client.IncompleteRead) == "http.client.IncompleteRead"
    assert public_name(TimeoutError) == "TimeoutError"


@pytest.fixture
def redirected(acme_file: str) -> "Iterator[Staged]":
    """Serve the small account behind the real name."""
    with staged() as served, served.play(acme_file), Redirect(served.server.routes, served.authority):
        yield served


@pytest.mark.parametrize("client", ["urllib3", "launchdarkly-api"])
def test_some_clients_wait_out_a_429_by_themselves(redirected: "Staged", client: str) -> None:
    """As the guide says: with Retry-After they ask again, so a test sees fewer failures than it told."""
    play = redirected.stage.play
    assert play is not None
    play.faults.add(make_fault("rate-limited", times=2, retry_after=0))

    with CLIENTS[client]() as ask:
        values = ask(20)

    assert values == MONTH_TO_DATE
    assert [each.status for each in play.journal.requests] == [429, 429, 200]


def test_a_client_recovers_after_the_faults(redirected: "Staged") -> None:
    """One session, four requests: two faults of the connection, one of HTTP, and an answer."""
    play = redirected.stage.play
    assert play is not None
    for name in ("reset", "truncated-body", "unavailable"):
        play.faults.add(make_fault(name, times=1))

    with requests.Session() as session:
        for kind in (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            with pytest.raises(kind):
                session.get(URL, headers=HEADERS, timeout=20)
        statuses = [session.get(URL, headers=HEADERS, timeout=20).status_code for _ in range(2)]

    assert statuses == [503, 200]
