"""What the guide says about libraries that answer for other hosts: they let ours pass, and fake theirs."""

from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import aioresponses
import httpx
import pytest
import requests
import responses
import respx
from packaging.version import Version

from tests.acme import MONTH_TO_DATE
from tests.stage.staged import staged
from tests.testing.clients import CLIENTS, HEADERS, URL
from usagetwin_checker.redirect.active import Redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_httpx import HTTPXMock

OTHER: Final = "https://other.example/"
HOST: Final = "app.launchdarkly.com"


@pytest.fixture(scope="module")
def _redirected(acme_file: str) -> "Iterator[None]":
    """Serve the small account behind the real name."""
    with staged() as served, served.play(acme_file), Redirect(served.server.routes, served.authority):
        yield


pytestmark = pytest.mark.usefixtures("_redirected")


def test_responses_lets_the_host_pass() -> None:
    """By `add_passthru`."""
    with responses.RequestsMock() as fake:
        fake.add_passthru(f"https://{HOST}")
        fake.get(OTHER, json="faked")

        ours, theirs = requests.get(URL, headers=HEADERS, timeout=20), requests.get(OTHER, timeout=20)

    assert [point["0"] for point in ours.json()["series"]] == MONTH_TO_DATE
    assert theirs.json() == "faked"


def test_respx_lets_the_host_pass() -> None:
    """By a route with `pass_through`."""
    with respx.mock() as fake:
        fake.route(host=HOST).pass_through()
        fake.get(OTHER).respond(json="faked")

        ours, theirs = httpx.get(URL, headers=HEADERS, timeout=20), httpx.get(OTHER)

    assert [point["0"] for point in ours.json()["series"]] == MONTH_TO_DATE
    assert theirs.json() == "faked"


@pytest.mark.skipif(
    Version(version("pytest-httpx")) < Version("0.33"), reason="pytest-httpx 0.33 brought the marker"
)
@pytest.mark.httpx_mock(should_mock=lambda request: request.url.host != HOST)
def test_pytest_httpx_lets_the_host_pass(httpx_mock: "HTTPXMock") -> None:
    """By `should_mock` of its marker."""
    httpx_mock.add_response(url=OTHER, json="faked")

    ours, theirs = httpx.get(URL, headers=HEADERS, timeout=20), httpx.get(OTHER)

    assert [point["0"] for point in ours.json()["series"]] == MONTH_TO_DATE
    assert theirs.json() == "faked"


def test_aioresponses_lets_the_host_pass() -> None:
    """By `passthrough`."""
    with aioresponses.aioresponses(passthrough=[f"https://{HOST}"]), CLIENTS["aiohttp, async"]() as ask:
        assert ask(20) == MONTH_TO_DATE
