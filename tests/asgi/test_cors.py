"""CORS: the headers that the real API was seen to send, and the answer to a preflight request."""

from typing import TYPE_CHECKING

import pytest

from tests.acme import FULL, PATH
from tests.inprocess import ask

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.conftest import MakeApp

PREFLIGHT = (
    ("origin", "https://example.test"),
    ("access-control-request-method", "GET"),
    ("access-control-request-headers", "authorization,ld-api-version"),
)


@pytest.fixture(scope="module")
def cors_app(make_app: "MakeApp") -> "ASGIApp":
    """Give a twin with the policy alone."""
    return make_app(policies={"cors": "on"})


def test_a_preflight_request_needs_no_credential(cors_app: "ASGIApp") -> None:
    """A browser sends none; it gets its origin, the methods, and the headers that it asked for."""
    answer = ask(cors_app, method="OPTIONS", headers=PREFLIGHT)

    assert (answer.status, answer.body) == (204, b"")
    assert dict(answer.headers) == {
        "access-control-allow-origin": "https://example.test",
        "access-control-allow-methods": "OPTIONS, GET, DELETE, PATCH",
        "access-control-max-age": "300",
        "access-control-allow-headers": "authorization,ld-api-version",
    }


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (PATH, (("origin", "https://example.test"),), 405),
        (PATH, (), 405),
        ("/nope", PREFLIGHT, 404),
        (PATH + "/", PREFLIGHT, 404),
    ],
)
def test_other_options_requests_are_refused_as_ever(
    cors_app: "ASGIApp", path: str, headers: tuple[tuple[str, str], ...], status: int
) -> None:
    """Without the requested method it is no preflight request, and an unknown path stays unknown."""
    answer = ask(cors_app, method="OPTIONS", path=path, headers=headers)

    assert answer.status == status
    assert answer.header("access-control-allow-origin") is not None


@pytest.mark.parametrize(
    ("origin", "allowed"), [(None, "*"), ("https://a.test", "https://a.test"), ("null", "null")]
)
def test_an_answer_allows_the_origin_that_asks(cors_app: "ASGIApp", origin: str | None, allowed: str) -> None:
    """Else every one; a repeated request from another origin gets its own."""
    ask(cors_app, headers=(("authorization", FULL), ("origin", "https://first.test")))

    headers = (("authorization", FULL), *((("origin", origin),) if origin else ()))
    answer = ask(cors_app, headers=headers)

    assert answer.status == 200
    assert [value for name, value in answer.headers if name == "access-control-allow-origin"] == [allowed]


def test_without_the_policy_there_is_none_of_it(app: "ASGIApp") -> None:
    """The document knows no CORS."""
    assert ask(app, method="OPTIONS", headers=PREFLIGHT).status == 405
    assert (
        ask(app, headers=(("authorization", FULL), *PREFLIGHT)).header("access-control-allow-origin") is None
    )
