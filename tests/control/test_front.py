"""What the control API takes as a request at all, and who may send one."""

import pytest

from tests import inprocess
from tests.acme import MONTH_TO_DATE
from tests.control.controlled import HOST, JSON, controlled
from usagetwin.control.front import LARGEST_BODY, Control

TOKEN = "let-me-in"


def test_other_paths_are_the_twin_s() -> None:
    """The control API has one prefix, and the twin all else."""
    twin = controlled()

    assert twin.ask().values == MONTH_TO_DATE
    assert inprocess.ask(twin.app, path="/__twin").json()["code"] == "not_found"


@pytest.mark.parametrize("body", [b"{", b"", b"\xff", b'{"now": NaN', b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    """In words, however deep it is nested."""
    answer = controlled().raw(
        "PUT", "/plays/default/clock", body, HOST, JSON, ("content-length", str(len(body)))
    )

    assert answer.status == 400
    assert answer.json()["code"] == "invalid_request"


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e400"])
def test_a_number_without_end_is_refused(number: bytes) -> None:
    """Python's JSON reads them."""
    body = b'{"hours": %s}' % number

    assert controlled().raw("POST", "/plays/default/clock/advance", body, HOST, JSON).status == 400


def test_a_body_that_is_not_labelled_as_json_is_refused() -> None:
    """A page of another site can send one without a browser's asking."""
    answer = controlled().raw("POST", "/plays", b"{}", HOST, ("content-type", "text/plain"))

    assert answer.status == 415
    assert answer.json()["remedy"] == "Content-Type: application/json"


def test_a_large_body_is_refused() -> None:
    """Before it is read to its end."""
    answer = controlled().raw("PUT", "/plays/default/world", b"x" * (LARGEST_BODY + 1), HOST, JSON)

    assert (answer.status, answer.json()["code"]) == (413, "content_too_large")


def test_with_several_workers_it_says_that_it_can_t() -> None:
    """Always, and the default play answers as ever."""
    twin = controlled()
    app = Control(twin.served, None, token=None)

    answer = inprocess.ask(app, path="/__twin__/plays", headers=(HOST,))

    assert (answer.status, answer.json()["code"]) == (409, "needs_one_worker")
    assert inprocess.ask(app).values == MONTH_TO_DATE


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.8.9.1:1", "[::1]:8080", "a.localhost:1"]
)
def test_this_machine_s_own_names_are_answered(host: str) -> None:
    """With whatever port."""
    assert controlled().raw("GET", "/plays", b"", ("host", host)).status == 200


@pytest.mark.parametrize(
    "host", ["", "example.org", "example.org:8080", "192.168.1.1", "localhost.example.org", "[::2]"]
)
def test_another_name_is_refused(host: str) -> None:
    """A page whose name leads here for once is stopped by that name."""
    answer = controlled().raw("GET", "/plays", b"", ("host", host))

    assert (answer.status, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "header",
    [
        ("origin", "https://example.org"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:9999"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ],
)
@pytest.mark.parametrize("token", [None, TOKEN])
def test_a_page_of_another_site_is_refused(header: tuple[str, str], token: str | None) -> None:
    """Also where it has the control token, which it can't have by right."""
    headers = (HOST, header, ("authorization", f"Bearer {TOKEN}"))

    assert controlled(token=token).raw("GET", "/plays", b"", *headers).status == 403


def test_a_page_of_its_own_is_answered() -> None:
    """As it is the twin that served it."""
    own = (HOST, ("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin"))

    assert controlled().raw("GET", "/plays", b"", *own).status == 200


@pytest.mark.parametrize(
    "credential", [None, "", TOKEN, f"Basic {TOKEN}", "Bearer", f"Bearer {TOKEN}x", "Bearer \xe9"]
)
def test_the_control_token_is_needed_where_there_is_one(credential: str | None) -> None:
    """On this machine too; the answer does not say it."""
    headers = () if credential is None else (("authorization", credential),)

    answer = controlled(token=TOKEN).raw("GET", "/plays", b"", HOST, *headers)

    assert (answer.status, answer.json()["code"]) == (401, "unauthorized")
    assert TOKEN not in str(answer.json())


def test_with_the_control_token_any_host_is_answered() -> None:
    """As it is how a twin is driven from another machine."""
    headers = (("host", "twin.example.org"), ("authorization", f"bearer {TOKEN}"))

    assert controlled(token=TOKEN).raw("GET", "/plays", b"", *headers).status == 200
