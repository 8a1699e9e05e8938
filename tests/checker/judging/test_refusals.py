"""Tests of what the body of an error must say."""

from typing import Final

import pytest

from tests.checker.conversations import KNOWN, broken, get, refused, sent
from usagetwin_checker.exchanges import Credential
from usagetwin_checker.judging.expectation import expect
from usagetwin_checker.judging.refusals import rules_for_refusal

WINDOW: Final = "from=2026-03-01&to=2026-03-06"
MILLISECONDS: Final = "from=1772323200000&to=2026-03-06"
BOTH: Final = "from=1772323200000&to="


@pytest.mark.parametrize(
    ("query", "message", "rules"),
    [
        (MILLISECONDS, "from='1772323200000' looks like milliseconds; it takes seconds", set()),
        (MILLISECONDS, "from='1772323200000' has too many digits", {"milliseconds-are-named"}),
        (f"{BOTH}1772841600000", "from='1772323200000' has too many digits", {"milliseconds-are-named"}),
        (f"{BOTH}{10**29}", "to='1000000000000000' has 30 digits, and 10 are allowed", set()),
        (
            "from=17723232000000000&to=2026-03-06",
            "from='17723232000000000' has too many digits",
            set(),
        ),
        (f"{WINDOW}&aggregationType=mean", "aggregationType='mean' is unknown", {"says-what-is-allowed"}),
        (
            f"{WINDOW}&aggregationType=mean",
            "aggregationType='mean' is none of month_to_date, incremental, rolling_30d",
            set(),
        ),
        ("from=soon&to=2026-03-06", "from='soon' is no instant", {"says-what-is-allowed"}),
        ("to=1", "to='1' lies before the current month, the default of from", set()),
        ("to=1", "to='1' is too small", {"default-in-window-is-named"}),
        (f"{WINDOW}&granularity=weekly&from=soon", "granularity='weekly' is no good", set()),
    ],
)
def test_the_message_of_a_400_says_what_helps(query: str, message: str, rules: set[str]) -> None:
    """Milliseconds, defaults and allowed values are named, where one rule alone is broken."""
    found = broken(refused(query, 400, "invalid_request", message))

    assert {rule.removeprefix("invalid-request-") for rule in found} == rules


def test_the_message_of_an_unwanted_400_is_not_judged() -> None:
    """Where the query should have been answered, the 400 itself is what is wrong."""
    assert broken(refused(WINDOW, 400, "invalid_request", "No.")) == {"documented-query-is-answered"}


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        (400, "invalid-request-code"),
        (403, "forbidden-code"),
        (404, "not-found-code"),
        (429, "rate-limited-code"),
    ],
)
def test_each_error_has_its_code(status: int, rule: str) -> None:
    """A code that is not the status's own breaks the rule about it."""
    assert rule in broken(refused(WINDOW, status, "oops", "from='1772323200' and so on"))


def test_a_bearer_credential_has_a_code_of_its_own() -> None:
    """The 401 for it is `invalid_token`, that for none is `unauthorized`."""
    bearer, none = (get(WINDOW, credential=kind) for kind in (Credential.BEARER, Credential.NONE))

    assert broken(refused(bearer, 401, "invalid_token"), refused(none, 401, "unauthorized")) == set()
    assert broken(refused(bearer, 401, "unauthorized")) == {"invalid-token-code"}
    assert broken(refused(none, 401, "invalid_token")) == {"unauthorized-code"}


def test_a_405_has_its_code_and_lists_the_methods() -> None:
    """Both are beyond the document, and both are put to the test."""
    ask = get(WINDOW, method="POST")
    exchange = refused(ask, 405, "wrong_method")

    assert broken(exchange) == {"allow-header-sent", "method-not-allowed-code"}
    assert broken(sent(ask, 405, b"no JSON")) == {"allow-header-sent"}
    assert set(rules_for_refusal(exchange, expect(ask, KNOWN))) == {
        "allow-header-sent",
        "method-not-allowed-code",
    }
