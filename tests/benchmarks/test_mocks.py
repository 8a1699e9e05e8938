"""A generic mock answers every query alike, and the checker says what is wrong with that."""

import json
from typing import Final

import pytest

from benchmarks import mocks, serving
from usagetwin_checker.findings import Verdict
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.talking.targets import UrlTarget

IGNORED: Final = {"monthly-needs-month-to-date", "credential-required", "no-answer-without-credential"}
MISSHAPEN: Final = {"metadata-is-a-list-of-objects", "values-are-integers", "slice-has-key-fields"}


def test_the_edited_contract_wants_no_credential() -> None:
    """Nothing of the security is left, and everything else is."""
    edited = json.loads(mocks.edited_contract().read_text(encoding="utf-8"))

    assert "security" not in json.dumps(edited)
    assert len(edited["paths"]["/api/v2/usage/observability/sessions"]["get"]["parameters"]) == 5


@pytest.mark.proof
def test_the_mock_of_connexion_fails_for_what_it_ignores_and_for_its_shape() -> None:
    """Its one answer, whatever is asked: no credential, no rule between parameters, no integers."""
    with serving.serving(mocks.connexion_mock(mocks.edited_contract()), "mocked", token=None) as mock:
        target = UrlTarget(mock.url)
        try:
            report = Campaign(target, Options(budget=320, max_examples=0), lambda _sent, _of: None).run()
        finally:
            target.close()

    failing = [finding for finding in report.findings if finding.rule.tier in {"schema", "prose"}]
    failures = {rule_id for finding in failing for rule_id in (finding.rule_id, *finding.also)}
    assert report.verdict is Verdict.FAIL
    assert failures >= IGNORED | MISSHAPEN
