"""What each tool says of a target, read from its report."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from benchmarks import places
from benchmarks.finders import FindingError, checked, checker_report, fuzzed


def ended(*cases: tuple[str, int | None, str]) -> dict[str, Any]:
    """Make the event that ends a scenario, with a failed check, a status and a body for each case."""
    recorder: dict[str, Any] = {"checks": {}, "interactions": {}}
    for number, (check, status, body) in enumerate(cases):
        content = {"$base64": b64encode(body.encode()).decode()}
        response = None if status is None else {"status_code": status, "content": content}
        recorder["checks"][f"c{number}"] = [{"name": check, "status": "failure"}]
        recorder["interactions"][f"c{number}"] = {"response": response}
    return {"ScenarioFinished": {"recorder": recorder}}


def test_an_objection_of_schemathesis_is_a_check_a_status_and_the_rule_that_the_answer_names() -> None:
    """A refusal that only a fault brings has no rule, and so differs from the honest twin's own."""
    event = ended(
        ("positive_data_acceptance", 400, '{"message":"Send from <= to. (rule window-not-inverted)"}'),
        ("positive_data_acceptance", 400, '{"message":"Send no from."}'),
        ("not_a_server_error", 500, "oops"),
        ("not_a_server_error", 500, "oops again"),
    )

    objections, requests = fuzzed([event])

    assert requests == 4
    assert objections == {
        "positive_data_acceptance on 400, window-not-inverted",
        "positive_data_acceptance on 400",
        "not_a_server_error on 500",
    }


def test_a_request_that_was_never_answered_can_be_objected_to() -> None:
    """A target may close the connection."""
    assert fuzzed([ended(("timeout", None, ""))])[0] == {"timeout on no answer"}


def test_an_objection_of_the_checker_is_a_rule_that_makes_it_fail() -> None:
    """A warning is none: the exit status stays 0."""
    report = {
        "verdict": "fail",
        "requests": 17,
        "findings": [
            {"rule": "series-ends-at-to", "severity": "failure"},
            {"rule": "days-are-utc", "severity": "warning"},
        ],
    }

    assert checked(report) == (frozenset({"series-ends-at-to"}), 17)


def test_a_checker_that_writes_no_report_is_told_with_its_exit_status(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A report that an earlier run left behind is not taken for this one's."""
    monkeypatch.setattr(places, "FOLDER", tmp_path)
    stale = places.work_file("checker/report.json")
    stale.write_text('{"verdict": "pass"}', encoding="utf-8")

    with pytest.raises(FindingError, match=r"no verdict \(exit status 2\)"):
        checker_report("no-such-target")


def test_the_checker_gives_its_report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It runs as a user runs it, as a process of its own."""
    monkeypatch.setattr(places, "FOLDER", tmp_path)

    report = checker_report("twin", "--now", "2026-03-17T15:20:00Z", "--budget", "30")

    assert report["verdict"] == "pass"
    assert report["requests"] == 30
