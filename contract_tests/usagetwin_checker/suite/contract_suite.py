"""The tests: one for each rule of the catalogue, and one for whether there was anything to judge."""

from typing import TYPE_CHECKING, Final

import pytest

from usagetwin.contract import rules
from usagetwin.errors import UsageTwinError
from usagetwin_checker.suite.outcomes import Outcomes, Result
from usagetwin_checker.suite.sharing import outcomes

if TYPE_CHECKING:
    from usagetwin_checker.suite.check import Check

JUNIT_PROPERTIES: Final = "usage_twin_junit_properties"  # the ini key, which the plugin makes known to pytest
UNCONFIRMED: Final = "usage_twin_unconfirmed"  # the keyword by which the plugin knows what to show at the end


class ContractSuite:
    """Hold a target to the contract, rule by rule; the fixture `usage_twin_check` says which target."""

    @pytest.fixture
    def usage_twin_outcomes(
        self,
        usage_twin_check: "Check",
        pytestconfig: pytest.Config,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> Outcomes:
        """Give what the check says of each rule; it runs once for a session."""
        try:
            return outcomes(usage_twin_check, pytestconfig, tmp_path_factory.getbasetemp().parent)
        except UsageTwinError as error:
            pytest.fail(str(error), pytrace=False)

    def test_target_can_be_judged(self, usage_twin_outcomes: Outcomes) -> None:
        """The target answers, with series, at a time that is known; else rules that held say little."""
        if usage_twin_outcomes.reasons:
            reasons = "\n".join(f"  {reason}" for reason in usage_twin_outcomes.reasons)
            text = f"{usage_twin_outcomes.target} can't be judged as a whole:\n{reasons}"
            pytest.fail(text, pytrace=False)

    @pytest.mark.parametrize("rule_id", rules())
    def test_rule(
        self,
        rule_id: str,
        usage_twin_outcomes: Outcomes,
        request: pytest.FixtureRequest,
    ) -> None:
        """Nothing that the target answered breaks the rule."""
        outcome = usage_twin_outcomes.rules[rule_id]
        if request.config.getini(JUNIT_PROPERTIES):
            request.node.user_properties += outcome.properties
        if outcome.result is Result.INCONCLUSIVE:
            pytest.skip(outcome.text)
        if outcome.result is Result.UNCONFIRMED and not request.config.getoption("runxfail"):
            request.node.keywords[UNCONFIRMED] = True
            pytest.xfail(outcome.text)
        if outcome.result is not Result.HELD:
            pytest.fail(outcome.text, pytrace=False)
