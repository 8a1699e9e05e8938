"""Tests of `usagetwin_checker.reporting.reports`: one report as JSON."""

import json
from dataclasses import replace
from typing import Any, Final

from tests.checker.scripted import exchange
from usagetwin.contract import rules
from usagetwin.contract.operation import PATH
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.findings import Finding, Status, Verdict
from usagetwin_checker.judging.judge import Judgement
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.reporting.reports import as_json
from usagetwin_checker.running.report import Report

FIRST: Final = exchange(200, ask=Ask((("from", "1"), ("projectKey", "web"))))
SECOND: Final = exchange(404, ask=Ask(method="HEAD"))
SUMS: Final = Finding(
    "month-to-date-sums", "5 is not 2 + 4", (FIRST, SECOND), ("month_to_date of 2026-03-02 is 5",), (1, 2)
)
LABELS: Final = Finding("time-is-milliseconds", "time is in Unix [seconds]", (FIRST,))
REPORT: Final = Report(
    target="http://127.0.0.1:8080/base",
    verdict=Verdict.FAIL,
    strict=False,
    seed=7,
    requests=57,
    cases=310,
    seconds=1.94567,
    knowledge=Knowledge(),
    judgement=Judgement((SUMS, LABELS), {"month-to-date-sums": 41, "series-ascends": 40}),
    findings=(SUMS, LABELS),
    reasons=("the project 'web' is never answered",),
)


def document(report: Report = REPORT) -> dict[str, Any]:
    """Read the report as JSON."""
    read: dict[str, Any] = json.loads(as_json(report))
    return read


def test_the_json_report_has_its_keys() -> None:
    """The top level is that of DESIGN, with the reasons beside."""
    report = document()
    rest = {name: value for name, value in report.items() if name not in ("findings", "rules")}

    assert rest == {
        "verdict": "fail",
        "target": "http://127.0.0.1:8080/base",
        "strict": False,
        "requests": 57,
        "cases": 310,
        "seconds": 1.946,
        "seed": 7,
        "reasons": ["the project 'web' is never answered"],
        "notes": [],
    }


def test_a_finding_in_json_has_rule_tier_severity_and_conversation() -> None:
    """Each exchange of the conversation is given with the command that asks it again."""
    url = f"http://127.0.0.1:8080/base{PATH}"
    header = "-H \"Authorization: ${USAGETWIN_TOKEN:?set it to your access token}\" -H 'LD-API-Version: beta'"

    assert document()["findings"][0] == {
        "rule": "month-to-date-sums",
        "tier": "prose",
        "severity": "failure",
        "citation": rules()["month-to-date-sums"].citation,
        "message": "5 is not 2 + 4",
        "points": ["month_to_date of 2026-03-02 is 5"],
        "also": [],
        "conversation": [
            {
                "method": "GET",
                "url": f"{url}?from=1&projectKey=web",
                "status": 200,
                "curl": f"curl -s -i {header} '{url}?from=1&projectKey=web'",
            },
            {"method": "HEAD", "url": url, "status": 404, "curl": f"curl -s -I {header} {url}"},
        ],
    }


def test_every_rule_is_in_the_json_report_once() -> None:
    """Each rule has a status; what was not judged says why, and what was judged says nothing."""
    states = document()["rules"]

    assert [state["rule"] for state in states] == list(rules())
    for state in states:
        assert state["tier"] == rules()[state["rule"]].tier
        assert state["status"] in set(Status)
        assert isinstance(state["exchanges"], int)
        assert (state["reason"] is None) == (state["status"] in ("held", "broken", "differs"))


def test_strict_raises_an_unconfirmed_finding_to_a_failure() -> None:
    """`observed` and `chosen` rules only decide in strict mode."""
    severities = [finding["severity"] for finding in document()["findings"]]
    strict = [finding["severity"] for finding in document(replace(REPORT, strict=True))["findings"]]

    assert severities == ["failure", "unconfirmed"]
    assert strict == ["failure", "failure"]


def test_the_twin_is_shown_where_serve_would_put_it() -> None:
    """The twin in-process has no URL, and its commands are of the default port."""
    (first, _) = document(replace(REPORT, target="twin"))["findings"][0]["conversation"]

    assert first["url"].startswith(f"http://127.0.0.1:8080{PATH}")


def test_the_same_report_is_written_in_the_same_bytes() -> None:
    """Nothing of the writing depends on chance."""
    assert as_json(REPORT) == as_json(REPORT)
