"""Who may ask: what the twin makes of the Authorization header."""

from typing import TYPE_CHECKING

import pytest

from tests.acme import FORBIDDEN, FULL, REVOKED, THROTTLED, assert_default_answer
from tests.answer import assert_error
from tests.inprocess import ask

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.answer import Answer
    from tests.conftest import MakeApp


def _ask(app: "ASGIApp", *credentials: str) -> "Answer":
    return ask(app, headers=[("authorization", credential) for credential in credentials])


@pytest.mark.parametrize(
    "token", [FULL, "api-unlisted", "x", f" {FULL} ", "Bearers", "Basic dTpw", "töken", "a b", "k" * 9000]
)
def test_any_token_that_the_world_does_not_list_is_accepted(app: "ASGIApp", token: str) -> None:
    """As are listed ones with the role `full`; space around a token does not belong to it."""
    assert_default_answer(_ask(app, token))


@pytest.mark.parametrize(
    ("credentials", "status", "code"),
    [
        ((), 401, "unauthorized"),
        (("",), 401, "unauthorized"),
        (("   ",), 401, "unauthorized"),
        (("\t",), 401, "unauthorized"),
        ((REVOKED,), 401, "unauthorized"),
        ((f" {REVOKED}",), 401, "unauthorized"),
        (("Bearer",), 401, "invalid_token"),
        (("Bearer ",), 401, "invalid_token"),
        ((f"Bearer {FULL}",), 401, "invalid_token"),
        ((f"bearer {FULL}",), 401, "invalid_token"),
        ((f"BEARER\t{FULL}",), 401, "invalid_token"),
        ((FORBIDDEN,), 403, "forbidden"),
        ((THROTTLED,), 429, "rate_limited"),
    ],
)
def test_each_kind_of_credential_has_its_status_and_code(
    app: "ASGIApp", credentials: tuple[str, ...], status: int, code: str
) -> None:
    """The message says what to send, and never repeats the credential."""
    message = assert_error(_ask(app, *credentials), status, code)

    assert "api-" not in message


def test_of_duplicate_credentials_the_first_counts(app: "ASGIApp") -> None:
    """Whichever is asked first, so that no cached reply answers for the other."""
    assert _ask(app, FULL).status == 200
    assert [
        _ask(app, *pair).status for pair in ((FULL, REVOKED), (REVOKED, FULL), ("", FULL), (FULL, ""))
    ] == [
        200,
        401,
        401,
        200,
    ]


def test_an_unlisted_token_can_be_rejected(make_app: "MakeApp") -> None:
    """The policy `unknown_tokens=reject` leaves the listed ones alone."""
    app = make_app(policies={"unknown_tokens": "reject"})

    assert_error(_ask(app, "api-unlisted"), 401, "unauthorized")
    assert_default_answer(_ask(app, FULL))
    assert_error(_ask(app, THROTTLED), 429, "rate_limited")


def test_a_refused_token_is_refused_after_others_were_answered(app: "ASGIApp") -> None:
    """A reply that was kept belongs to the credential that it was made for."""
    statuses = [_ask(app, token).status for token in (FULL, REVOKED, FULL, FORBIDDEN, FULL, THROTTLED, FULL)]

    assert statuses == [200, 401, 200, 403, 200, 429, 200]
    assert _ask(app).status == 401
