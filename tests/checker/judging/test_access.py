"""What requests about who asks show: the beta header, a page's origin, tokens of other roles."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.conversations import KNOWN, answered, broken, get, numbered, refused, sent
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.judge import judge

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange

BARE: Final = replace(get("from=2026-03-01&to=2026-03-02"), beta=False)
PAGE: Final = replace(BARE, beta=True, origin="https://app.example")


def without_beta(status: int, body: object) -> "Exchange":
    """Make the answer to a request without the beta header."""
    return sent(BARE, status, json.dumps(body).encode())


def to_a_page(**headers: str) -> "Exchange":
    """Make the answer to a page, with these headers."""
    shown = answered(PAGE, {"2026-03-01": 1})
    return replace(
        shown, headers={**shown.headers, **{name.replace("_", "-"): to for name, to in headers.items()}}
    )


@pytest.mark.parametrize(
    ("exchange", "rules"),
    [
        (without_beta(403, {"message": "This API is in beta."}), set()),
        (without_beta(403, {"code": "forbidden", "message": "No."}), {"beta-refusal-has-message-alone"}),
        (without_beta(500, {"message": "Oh."}), {"status-is-documented"}),
        (to_a_page(), set()),
        (to_a_page(access_control_allow_origin="https://app.example"), set()),
        (to_a_page(access_control_allow_origin="https://other.example"), {"cors-headers"}),
        (refused(Ask(role="revoked"), 401, "unauthorized"), set()),
        (refused(Ask(role="revoked"), 403, "forbidden"), {"revoked-token-unauthorized"}),
        (answered(Ask(role="forbidden"), {}), {"token-without-access-forbidden"}),
        (refused(Ask(role="forbidden"), 403, "no"), {"forbidden-code"}),
        (answered(Ask(role="throttled"), {}), {"rate-limited"}),
        (refused(Ask(role="throttled"), 429, "slow"), {"rate-limited-code"}),
    ],
)
def test_an_answer_breaks_the_rule_about_who_asked(exchange: "Exchange", rules: set[str]) -> None:
    """A refusal for the missing header breaks the document's own schema, and is held to no other rule."""
    assert broken(exchange) == rules


def test_what_is_off_is_not_applicable_by_what_the_answers_show() -> None:
    """Once it was asked; before that, nobody knows."""
    asked = judge(numbered(answered(BARE, {"2026-03-01": 1}), to_a_page()), KNOWN).inapplicable
    unasked = judge(numbered(answered(replace(BARE, beta=True), {"2026-03-01": 1})), KNOWN).inapplicable

    for rule_id in ("beta-header-required", "beta-refusal-has-message-alone", "cors-headers"):
        assert rule_id in asked
        assert rule_id not in unasked


def test_what_is_on_is_tested() -> None:
    """The refusal, and the header that allows a page."""
    refusal = without_beta(403, {"message": "This API is in beta."})
    tested = judge(numbered(refusal, to_a_page(access_control_allow_origin=PAGE.origin)), KNOWN).tested

    assert {"beta-header-required", "beta-refusal-has-message-alone", "cors-headers"} <= tested.keys()
