"""What can be checked, and what is refused before anything is sent."""

import pytest

from tests.acme import NOW
from usagetwin.contract import rules
from usagetwin.errors import SettingError
from usagetwin_checker.suite import Check
from usagetwin_checker.suite.outcomes import Result


def test_the_twin_keeps_every_rule_that_can_be_judged(acme_file: str) -> None:
    """Each rule of the catalogue has an outcome, none of them a broken one; strict as the twin always is."""
    found = Check("twin", now=NOW, world=acme_file, budget=40).outcomes()

    assert list(found.rules) == list(rules())
    assert {outcome.result for outcome in found.rules.values()} == {Result.HELD, Result.INCONCLUSIVE}
    assert found.reasons == ()
    assert found.target == "twin"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"target": "twim"}, "the target 'twim' is neither 'twin' nor a base URL"),
        ({"target": "twin", "complete": True}, "none is given"),
        ({"target": "twin", "projects": ("web", "")}, "a project key is empty"),
        ({"target": "twin", "budget": 0}, "a budget of 0 requests shows nothing"),
        ({"target": "twin", "per_day": 0}, "0 requests a day show nothing"),
        (
            {"target": "http://usage.example", "allow_hosts": ("another.example",)},
            "--allow-host usage.example",
        ),
        ({"target": "https://app.launchdarkly.com", "budget": 61}, "is more than the 60 requests"),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, object], problem: str) -> None:
    """The message says what is wrong and what would be right."""
    with pytest.raises(SettingError) as refused:
        Check(**fields)  # type: ignore[arg-type]  # -- fields by name

    assert problem in str(refused.value)
    assert "\n  try   " in str(refused.value)
