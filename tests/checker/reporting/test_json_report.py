"""Tests of `usagetwin_checker.reporting.json_report`: one report as JSON, as its schema says."""

import json
from dataclasses import replace
from importlib import resources
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.checker.honest import checked
from tests.checker.scripted import ScriptedTarget, exchange
from tests.checker.somebody import NOW
from tests.sampling import sampled
from usagetwin import __version__
from usagetwin.contract import rules
from usagetwin.contract.operation import PATH, SESSIONS
from usagetwin.contract.sentence_ledger import sentence_ledger
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.findings import Ended, Finding, Status, Verdict
from usagetwin_checker.judging.judge import Judgement
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.reporting.json_report import FORMAT, as_json
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options, Report

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


def schema(*, strict: bool = False) -> dict[str, Any]:
    """Read the schema from where it is installed; with `strict`, so that it allows no field but its own."""
    file = resources.files("usagetwin_checker.reporting") / "report.schema.json"

    def tightened(part: Any) -> Any:  # noqa: ANN401 -- any part of a schema
        if isinstance(part, dict):
            inside = {name: tightened(value) for name, value in part.items()}
            return {**inside, "additionalProperties": False} if "required" in part else inside
        return part

    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return tightened(read) if strict else read


def valid(report: Report) -> dict[str, Any]:
    """Give a report as JSON, held to the schema: it has what the schema names, and nothing else."""
    read = document(report)
    checker = Draft202012Validator(schema(strict=True), format_checker=FormatChecker())
    assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(read)] == []
    return read


def test_the_json_report_has_its_keys() -> None:
    """The verdict, what was asked and with which options, and why it is inconclusive."""
    report = valid(REPORT)
    rest = {
        name: value
        for name, value in report.items()
        if name not in ("findings", "rules", "counts", "coverage")
    }

    assert rest == {
        "format": "urn:usagetwin:report:1",
        "usagetwin": __version__,
        "verdict": "fail",
        "target": "http://127.0.0.1:8080/base",
        "operation": {"id": SESSIONS.id, "path": SESSIONS.path},
        "strict": False,
        "seed": 7,
        "partial": False,
        "ended": "done",
        "interrupted": None,
        "options": {
            "projects": [],
            "complete": False,
            "now": None,
            "budget": 0,
            "max_time": None,
            "max_examples": None,
            "live": False,
            "settles_after": None,
            "shards": 1,
        },
        "now": None,
        "requests": 57,
        "sent_again": 0,
        "cases": 310,
        "seconds": 1.946,
        "phases": [],
        "reasons": ["the project 'web' is never answered"],
        "notes": [],
        "learned": None,
    }
    assert report["counts"] == {
        status: sum(rule["status"] == status for rule in report["rules"]) for status in Status
    }


def test_the_format_is_the_schema_s_id() -> None:
    """Whoever reads a report knows by which schema."""
    Draft202012Validator.check_schema(schema())

    assert schema()["$id"] == FORMAT == document()["format"]


def test_learned_times_and_options_are_instants() -> None:
    """The time that was given, and what is known of it by the end."""
    given = Knowledge(frozenset({"web", "app"}), complete=True, now=Now(1773760800, 1773760800))
    report = valid(
        replace(REPORT, knowledge=given, options=Options(given, budget=9, max_time_s=2.5), budget=9)
    )

    assert report["now"] == {"earliest": "2026-03-17T15:20:00Z", "latest": "2026-03-17T15:20:00Z"}
    assert report["options"]["now"] == "2026-03-17T15:20:00Z"
    assert report["options"]["projects"] == ["app", "web"]
    assert (report["options"]["budget"], report["options"]["max_time"]) == (9, 2.5)


@pytest.mark.parametrize("ended", Ended)
def test_a_run_that_was_cut_short_says_so_in_json(ended: Ended) -> None:
    """It is partial, whatever the verdict, but for one that spent its budget."""
    report = valid(replace(REPORT, ended=ended))

    assert report["ended"] == ended
    assert report["partial"] == (ended in ("time", "target", "busy", "uncounted", "signal"))


@pytest.mark.parametrize(
    ("settings", "verdict"),
    sampled(
        [
            ({}, "pass"),
            ({"deviation": "rolling-of-31-days"}, "fail"),
            ({"deviation": "first-project-key-alone"}, "fail"),
            ({"deviation": "metadata-missing"}, "fail"),
            ({"deviation": "zero-days-are-missing-in-incremental"}, "pass"),
            ({"deviation": "errors-without-words"}, "pass"),
            ({"world": "near-2-53"}, "pass"),
        ],
        [
            ({"deviation": "metadata-missing"}, "fail"),
            ({"deviation": "zero-days-are-missing-in-incremental"}, "pass"),
            ({"world": "near-2-53"}, "pass"),
        ],
    ),
    ids=str,
)
def test_every_report_keeps_the_schema(settings: dict[str, Any], verdict: str) -> None:
    """Of a pass, a failure of the shape and of the sums, of choices, and of very large numbers."""
    report = valid(checked(budget=60, now=NOW, **settings))

    assert report["verdict"] == verdict
    for finding in report["findings"]:
        for value in finding["values"]:
            assert 1 <= value["request"] <= len(finding["conversation"])
        if not any(" more ..." in point for point in finding["points"]):
            assert [f" is {value['value']} " in point for value, point in _pairs(finding)].count(False) == 0


def _pairs(finding: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    return list(zip(finding["values"], finding["points"], strict=True)) if finding["values"] else []


def test_a_report_of_nobody_keeps_the_schema() -> None:
    """Inconclusive, with its reason, and no rule is called held."""
    target = ScriptedTarget(lambda ask, _number: exchange(0, ask=ask, failure="nothing listens there"))
    report = valid(Campaign(target, Options(), lambda _sent, _of: None, sleep=lambda _s: None).run())

    assert report["verdict"] == "inconclusive"
    assert report["reasons"]
    assert report["ended"] == "target"
    assert report["counts"]["held"] == 0


def test_what_was_asked_and_what_it_covers_is_in_the_report() -> None:
    """The purposes in their order, how many requests each class of the plan had, and the sentences."""
    report = valid(checked(budget=60, now=NOW, deviation="month-to-date-never-resets"))

    assert [each["phase"] for each in report["phases"]] == ["probe", "plan", "probe", "confirm"]
    assert sum(each["requests"] for each in report["phases"]) == report["requests"]
    assert report["phases"][0]["began"] <= report["phases"][1]["began"]
    assert {each["factor"] for each in report["coverage"]["classes"]} >= {"window", "order", "credential"}
    assert all(0 < each["met"] < each["allowed"] for each in report["coverage"]["pairs"])
    broken = {each["rule"] for each in report["rules"] if each["status"] == "broken"}
    wrong = [entry for entry in sentence_ledger() if broken & set(entry.rules)]
    assert report["coverage"]["sentences"]["broken"] == len(wrong) > 0
    assert sum(report["coverage"]["sentences"].values()) == len(sentence_ledger())


def test_without_a_plan_nothing_is_covered() -> None:
    """No class and no pair, and no sentence was put to the test."""
    nothing = valid(REPORT)["coverage"]

    assert (nothing["classes"], nothing["pairs"]) == ([], [])
    assert nothing["sentences"]["held"] == 0


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
        "values": [],
        "also": [],
        "conversation": [
            {
                "method": "GET",
                "url": f"{url}?from=1&projectKey=web",
                "status": 200,
                "at": "1970-01-01T00:00:00.000Z",
                "seconds": 0.001,
                "curl": f"curl -s -i {header} '{url}?from=1&projectKey=web'",
            },
            {
                "method": "HEAD",
                "url": url,
                "status": 404,
                "at": "1970-01-01T00:00:00.000Z",
                "seconds": 0.001,
                "curl": f"curl -s -I {header} {url}",
            },
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
