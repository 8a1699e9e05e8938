"""The page of a served twin: where it is, and what is left of it without parts of the twin."""

from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests import inprocess
from tests.acme import MONTH_TO_DATE, NOW
from tests.answer import assert_error
from tests.page.paged import BROWSER
from tests.served import served
from tests.serving.test_introduction import URL, value
from tests.stage.records import acme
from usagetwin import Settings
from usagetwin.account.world import load_world
from usagetwin.commands.introduction import introduction
from usagetwin.page import front
from usagetwin.serving.assembly import Wanted, assembled
from usagetwin.settings import CONTROL_VARIABLE
from usagetwin.store import MEMORY

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.answer import Answer
    from tests.served import Twin


def app(*, control: bool = True, page: bool = True, alone: bool = True, store: str = MEMORY) -> "ASGIApp":
    """Give what one process serves."""
    settings = Settings(now=NOW, store=store)
    return assembled(settings, acme(), Wanted(control=control, page=page), alone=alone).app


def get(asked: "ASGIApp", target: str = "/") -> "Answer":
    """Ask as a browser does."""
    path, _, query = target.partition("?")
    return inprocess.ask(asked, query, path=path, headers=BROWSER)


def test_a_served_twin_has_a_page(twin: "Twin") -> None:
    """Over a socket, and compressed."""
    parts = urlsplit(twin.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    connection.request("GET", "/", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    response = connection.getresponse()
    body = response.read()
    connection.close()

    assert (response.status, response.getheader("Content-Encoding")) == (200, "gzip")
    assert int(response.getheader("Content-Length") or 0) == len(body) < 10_000


def test_the_option_leaves_it_out(acme_file: str) -> None:
    """And nothing is said of one before the ready line."""
    with served("--world", acme_file, "--now", NOW, "--no-page") as plain:
        parts = urlsplit(plain.url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request("GET", "/", headers={"Accept": "text/html"})
        response = connection.getresponse()
        assert (response.status, response.getheader("Content-Type")) == (404, "application/json")
        connection.close()
        assert plain.stop() == 0

    assert value(plain.log[:6], "page") == ""


def test_no_page_leaves_it_out() -> None:
    """All paths are the API's then."""
    plain = app(page=False)

    assert_error(get(plain), 404, "not_found")
    assert get(plain, "/__twin__/page/query").json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("twin_has", "why"),
    [
        ({"control": False}, "was started with --no-control"),
        ({"alone": False}, "several workers"),
    ],
    ids=["no control", "workers"],
)
def test_without_plays_it_shows_what_the_options_say(twin_has: dict[str, Any], why: str) -> None:
    """And says why there are none, and which twin has some."""
    closed = app(**twin_has)

    assert get(closed).status == 200
    assert get(closed, "/__twin__/page/query").status == 200
    refused = get(closed, "/?play=1")
    assert refused.status == 409
    assert why in refused.body.decode()
    assert "without --no-control, and with one worker or --store redis:" in refused.body.decode()
    assert inprocess.ask(closed).values == MONTH_TO_DATE


def test_it_is_as_closed_as_the_control_api(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same token; without the control API, too."""
    monkeypatch.setenv(CONTROL_VARIABLE, "let-me-in")

    assert get(app()).status == 401
    assert get(app(control=False)).status == 401


def introduced(*, page: bool, url: str = URL) -> str:
    """Give what is said of the page before the ready line."""
    settings = Settings()
    return value(list(introduction(settings, load_world(settings.world), url, page=page)), "page")


def test_it_is_told_of_where_it_is() -> None:
    """By a URL to open, also where the twin listens on all addresses."""
    assert introduced(page=True) == "http://127.0.0.1:8080/"
    assert introduced(page=True, url="http://0.0.0.0:80") == "http://127.0.0.1:80/"
    assert introduced(page=False) == ""


def test_it_is_not_told_of_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is sent to a page that is none."""
    monkeypatch.setattr(front, "LIBRARIES", ("no_such_library",))

    assert introduced(page=True) == ""
