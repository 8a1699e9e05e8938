"""Tests of the page of a drift."""

from html import unescape
from typing import Final

from tests.checker.drifting.editions import TEXT, TWELVE, drift_of, edited
from tests.checker.drifting.test_contract_patch import patch_of
from usagetwin_checker.drifting.behaviour import behaviour_drift
from usagetwin_checker.drifting.patch import Patch
from usagetwin_checker.drifting.reports import Judged, Standing
from usagetwin_checker.findings import Status
from usagetwin_checker.reporting.drift import DriftReport, behaviour_report, document_report
from usagetwin_checker.reporting.page.drift_page import drift_page

MARKUP: Final = "<script>alert(1)</script>"


def report_of(text: str, patch: Patch | None = None) -> DriftReport:
    """Tell of a text as a newer document, with its own patch by default."""
    return document_report(
        drift_of(text), patch_of(text) if patch is None else patch, ((), ""), applied=False
    )


def test_a_page_shows_what_moved_with_its_meaning_and_its_patch() -> None:
    """The worst first, and the diff in full."""
    page = unescape(drift_page(report_of(TWELVE["a parameter goes"][0])))

    assert '<span class="badge broken">breaking</span> <bdi>the parameter aggregationType is gone' in page
    assert "who keeps to the old document may fail" in page
    assert "-        - name: aggregationType" in page
    assert "Left for a person:" in page
    assert 'id="chart-kinds"' in page


def test_a_page_of_no_drift_says_so() -> None:
    """Without a chart."""
    page = drift_page(report_of(TEXT))

    assert "no drift" in page
    assert "Nothing needs to change." in page
    assert "chart-kinds" not in page


def test_a_page_says_why_there_is_no_patch() -> None:
    """In the place of the diff."""
    assert "No patch: <bdi>it is JSON" in drift_page(
        report_of(TWELVE["a field comes"][0], Patch(none="it is JSON"))
    )


def test_the_words_of_a_document_are_no_markup() -> None:
    """Whoever writes it may write a script."""
    text = edited("description: Usage response", f"description: {MARKUP}")

    page = drift_page(report_of(text))

    assert MARKUP not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_page_of_behaviour_shows_rules_and_policies() -> None:
    """What was refuted, by its statement, and what would make the twin agree."""
    before = Judged("a.json", "twin", "pass", {"error-id-is-added": Standing(Status.NOT_APPLICABLE)})
    after = Judged("b.json", "live", "pass", {"error-id-is-added": Standing(Status.HELD)})

    page = drift_page(behaviour_report(behaviour_drift(before, after, None), Patch(), applied=False))

    assert '<span class="badge held">confirmed</span>' in page
    assert "--policy error_id=on" in page
