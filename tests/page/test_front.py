"""Who gets the page at `/`, who the API's own answer, and what is said where it is not installed."""

import pytest

from tests import inprocess
from tests.acme import MONTH_TO_DATE
from tests.answer import assert_error
from tests.page.paged import BROWSER, HOST, paged
from usagetwin.page import front


@pytest.mark.parametrize("accept", ["text/html", "text/html, application/json", "*/*;q=0.8, TEXT/HTML;q=0.9"])
def test_who_names_html_gets_the_page(accept: str) -> None:
    """As browsers do."""
    answer = paged().get("/", HOST, ("accept", accept))

    assert (answer.status, answer.header("content-type")) == (200, "text/html; charset=utf-8")
    assert "accept" in (answer.header("vary") or "")


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "*/*",
        "application/json",
        "text/*",
        "text/html;q=0",
        "application/json, text/html;q=0.5",
        "text/html;q=x",
    ],
)
def test_everybody_else_gets_the_api_s_own_answer(accept: str | None) -> None:
    """Byte by byte, as from a twin without a page: curl and HTTP libraries send `*/*`."""
    twin = paged()
    headers = (HOST, *(() if accept is None else (("accept", accept),)))

    answer = twin.get("/", *headers)

    assert_error(answer, 404, "not_found")
    assert answer == inprocess.ask(twin.served, path="/", headers=headers)


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_other_methods_are_the_api_s(method: str) -> None:
    """The page has nothing to change at `/`."""
    assert_error(paged().get("/", *BROWSER, method=method), 404, "not_found")


def test_the_twin_and_the_control_api_answer_as_before() -> None:
    """The page stands in front of both."""
    twin = paged()

    assert inprocess.ask(twin.app).values == MONTH_TO_DATE
    assert twin.get("/__twin__/plays", HOST).json()["plays"][0]["play"] == "default"


def test_a_head_has_no_body() -> None:
    """And the same status."""
    answer = paged().get("/", *BROWSER, method="HEAD")

    assert (answer.status, answer.body) == (200, b"")


def test_without_the_extra_a_browser_reads_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """In plain text, since nothing that makes HTML is there."""
    monkeypatch.setattr(front, "LIBRARIES", ("jinja2", "no_such_library"))

    answer = paged().get("/")

    assert (answer.status, answer.header("content-type")) == (404, "text/plain; charset=utf-8")
    assert 'pip install "usagetwin[page]"' in answer.body.decode()
    assert answer.header("vary") == "accept"


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_without_the_extra_others_read_it_in_the_api_s_shape(
    accept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 404 as each path's that the API does not have."""
    monkeypatch.setattr(front, "LIBRARIES", ("jinja2", "no_such_library"))

    message = assert_error(paged().get("/", HOST, ("accept", accept)), 404, "not_found")

    assert 'pip install "usagetwin[page]"' in message


def test_without_the_extra_the_other_paths_are_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin's are the twin's, and a part of the page says the same as `/`."""
    monkeypatch.setattr(front, "LIBRARIES", ("no_such_library",))
    twin = paged()

    assert inprocess.ask(twin.app).values == MONTH_TO_DATE
    assert 'pip install "usagetwin[page]"' in twin.get("/__twin__/page/query").body.decode()
    assert "no path '/x'" in twin.get("/x").json()["message"]
