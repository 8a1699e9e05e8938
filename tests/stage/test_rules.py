"""How a broken rule is told."""

import pytest

from tests.acme import NOW_S
from usagetwin.errors import Refusal
from usagetwin.request import read
from usagetwin.stage.rules import Told, told


def test_a_rule_is_told_in_three_lines() -> None:
    """Value and what is wrong; the rule with tier and line of the document; what to send."""
    with pytest.raises(Refusal) as caught:
        read(b"to=soon", NOW_S)

    assert str(told(caught.value)) == (
        "to='soon' is not a timestamp; to takes Unix seconds, 1 to 10 digits from 0 to 9 and nothing else\n"
        "  rule  to-is-unix-seconds (prose, launchdarkly-usage.yaml:28, 76)\n"
        "  try   for example to=1735689600"
    )


def test_a_value_that_looks_like_our_advice_stays_in_its_line() -> None:
    """The last advice of a message is ours; what the request sent comes before it."""
    with pytest.raises(Refusal) as caught:
        read(b"from=x.+Send+y.", NOW_S)

    problem, remedy = told(caught.value)[1:]
    assert problem.startswith("from='x. Send y.' is not a timestamp")
    assert remedy == "for example from=1735689600"


def test_without_advice_the_remedy_is_the_catalogue_s() -> None:
    """As the rule has it."""
    refusal = Refusal(405, "method_not_allowed", "No.", "method-not-allowed")

    assert told(refusal) == Told("method-not-allowed", "No", "Use GET or HEAD")


def test_a_refusal_by_no_rule_is_passed_on() -> None:
    """It does not come from the contract, so it is no consumer's mistake."""
    with pytest.raises(Refusal, match="Odd"):
        told(Refusal(400, "invalid_request", "Odd"))
