"""What is said of each rule: a finding in words, what would settle it, or nothing."""

from dataclasses import replace
from typing import Final

from tests.checker.scripted import exchange
from usagetwin.contract import rules
from usagetwin_checker.findings import Finding, Verdict
from usagetwin_checker.judging.judge import Judgement
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.running.report import Report
from usagetwin_checker.suite.outcomes import Outcome, Outcomes, Result, outcomes_of

SUMS: Final = Finding("month-to-date-sums", "5 is not 2 + 4", (exchange(200),), ("one is 5",))
LABELS: Final = Finding("time-is-milliseconds", "time is in Unix seconds", (exchange(200),))
REPORT: Final = Report(
    target="http://127.0.0.1:8080/base",
    verdict=Verdict.FAIL,
    strict=False,
    seed=7,
    requests=57,
    cases=310,
    seconds=1.9,
    knowledge=Knowledge(),
    judgement=Judgement((SUMS, LABELS), {"month-to-date-sums": 41, "series-ascends": 40}),
    findings=(SUMS, replace(SUMS, message="another of the same rule"), LABELS),
    reasons=("the current time is not known; give it with --now",),
)


def test_a_broken_rule_of_a_binding_tier_is_a_failure() -> None:
    """Its text is the first finding of the rule: rule, source, statement, what is wrong, commands."""
    outcome = outcomes_of(REPORT).rules["month-to-date-sums"]

    assert outcome.result is Result.FAILURE
    lines = outcome.text.splitlines()
    rule = rules()["month-to-date-sums"]
    assert lines[:4] == [
        f"failure month-to-date-sums ({rule.citation})",
        f"  {rule.statement}",
        "  Here 5 is not 2 + 4.",
        "    one is 5",
    ]
    assert lines[4].startswith("  $ curl -s ")
    assert lines[4].endswith(" http://127.0.0.1:8080/base/api/v2/usage/observability/sessions")
    assert lines[5:] == ["  usagetwin explain month-to-date-sums"]


def test_a_broken_rule_of_another_tier_is_unconfirmed_unless_strict() -> None:
    """Observed and chosen rules decide in strict mode alone."""
    assert outcomes_of(REPORT).rules["time-is-milliseconds"].result is Result.UNCONFIRMED
    strict = outcomes_of(replace(REPORT, strict=True)).rules["time-is-milliseconds"]
    assert strict.result is Result.FAILURE
    assert strict.text.startswith("failure time-is-milliseconds (observed, ")


def test_a_rule_that_held_says_nothing() -> None:
    """It has the number of exchanges that put it to the test."""
    outcome = outcomes_of(REPORT).rules["series-ascends"]

    assert (outcome.result, outcome.text, outcome.exchanges) == (Result.HELD, "", 40)


def test_a_rule_that_was_not_judged_says_what_it_takes() -> None:
    """Options are named as they are called in pytest."""
    outcome = outcomes_of(REPORT).rules["filter-additive"]

    assert outcome.result is Result.INCONCLUSIVE
    assert outcome.text == "not judged: --usage-twin-project KEY is needed, given at least twice"


def test_reasons_name_the_options_of_pytest() -> None:
    """What is no option of ours stays as it is."""
    report = replace(REPORT, reasons=(*REPORT.reasons, "no whole answer: a--now--b --nowhere"))

    assert outcomes_of(report).reasons == (
        "the current time is not known; give it with --usage-twin-now",
        "no whole answer: a--now--b --nowhere",
    )


def test_another_process_reads_the_same() -> None:
    """Through JSON nothing is lost."""
    found = outcomes_of(REPORT)

    assert Outcomes.from_json(found.as_json()) == found


def test_a_junit_report_gets_tier_citation_and_result() -> None:
    """As properties, which are text."""
    outcome = Outcome("a-rule", "chosen", "chosen, docs/semantics.md 4", Result.HELD, 3)

    assert outcome.properties == [
        ("tier", "chosen"),
        ("citation", "chosen, docs/semantics.md 4"),
        ("result", "held"),
        ("exchanges", "3"),
    ]
