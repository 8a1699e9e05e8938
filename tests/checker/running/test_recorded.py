"""Tests of judging a recording: as a run judges the same exchanges, and fairly to whoever was recorded."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from tests.acme import FEB_27, MAR_1, MAR_2, MAR_3, NOW
from tests.checker.hostile import body, linked
from tests.checker.recorded import AT_S, DATE, DAYS, LIVE, daily, entry, har, recorded_run
from usagetwin.errors import SettingError
from usagetwin_checker.commands.account import exactly
from usagetwin_checker.findings import Status, Verdict
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.reporting.json_report import as_json
from usagetwin_checker.reporting.standing import standings
from usagetwin_checker.running.recorded import report_of
from usagetwin_checker.running.report import Options, Report
from usagetwin_checker.talking.recordings.loading import load
from usagetwin_checker.talking.recordings.scrubbing import Scrubber

OF_A_RUN: Final = ("target", "seconds", "ended", "partial", "options", "notes", "phases")
PAGE: Final = [{"name": "Content-Type", "value": "text/html"}, {"name": "Server", "value": "gate"}]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the place of a recording."""
    return tmp_path / "calls.har"


def judged(file: Path, options: Options | None = None) -> Report:
    """Judge a file."""
    return report_of(load(str(file), Scrubber()), options or Options())


def of(file: Path, *entries: Any, options: Options | None = None, **head: Any) -> Report:  # noqa: ANN401 -- any JSON
    """Judge a recording of these entries."""
    file.write_bytes(har(*entries, **head))
    return judged(file, options)


def rules(report: Report) -> list[str]:
    """Give the rules that a report has findings for."""
    return [finding.rule_id for finding in report.findings]


def standing(report: Report, rule_id: str) -> tuple[Status, str | None]:
    """Give where a rule stands."""
    return next((each.status, each.reason) for each in standings(report) if each.rule.id == rule_id)


def what_counts(report: Report) -> dict[str, Any]:
    """Give a report as JSON, without what tells a run from a recording, and without when and where.

    What a run sent again is among the requests of its recording.
    """
    document: dict[str, Any] = json.loads(as_json(report))
    again = document.pop("sent_again")
    document["requests"] += again
    document["cases"] += again
    for each in document["rules"]:
        if each["status"] == "not-judged":
            del each["reason"]  # a run asked too little
    del document["coverage"]["classes"], document["coverage"]["pairs"]  # of a plan, which a run alone has
    for finding in document["findings"]:
        for exchange in finding["conversation"]:
            exchange.pop("seconds")
            exchange.pop("at")
    return {name: value for name, value in document.items() if name not in OF_A_RUN}


@pytest.mark.parametrize(
    ("deviation", "verdict"),
    [
        (None, "pass"),
        ("metadata-missing", "fail"),
        ("lagging-replica", "fail"),
        ("time-at-noon", "fail"),
        ("rolling-of-28-days", "pass"),
    ],
)
def test_a_recording_of_a_run_comes_to_what_the_run_came_to(
    deviation: str | None, verdict: str, acme_file: str, file: Path
) -> None:
    """The same verdict, findings, conversations, and standing of each rule; nothing is told to it twice."""
    live = recorded_run(file, world=acme_file, now=NOW, deviation=deviation)

    report = judged(file)

    assert what_counts(report) == what_counts(live)
    assert report.verdict == verdict


def test_sums_that_contradict_one_another_fail(file: Path) -> None:
    """Whatever client asked for them: the month to date of the second day is not the sum of both."""
    report = of(
        file,
        daily("month_to_date", (MAR_1, 31), (MAR_2, 74)),
        daily("incremental", (MAR_1, 31), (MAR_2, 42)),
    )

    assert report.verdict is Verdict.FAIL
    assert rules(report) == ["month-to-date-sums"]
    assert report.findings[0].days is not None


def test_right_answers_pass(file: Path) -> None:
    """A client need not ask for much."""
    report = of(
        file,
        daily("month_to_date", (MAR_1, 31), (MAR_2, 73)),
        daily("incremental", (MAR_1, 31), (MAR_2, 42)),
    )

    assert report.verdict is Verdict.PASS, report.findings
    assert standing(report, "month-to-date-sums")[0] is Status.HELD


def test_what_a_recording_does_not_show_is_not_judged(file: Path) -> None:
    """With the reason."""
    report = of(file, daily("incremental", (MAR_1, 31), (MAR_2, 42)))

    assert standing(report, "rolling-30d-sums") == (
        Status.NOT_JUDGED,
        "no exchange of the recording shows it",
    )
    assert standing(report, "answers-repeat")[0] is Status.NOT_JUDGED


def test_the_current_time_is_that_of_the_answers(file: Path) -> None:
    """A window that reaches beyond it is a later one; the days that it has not reached may grow."""
    report = of(file, daily("incremental", (MAR_1, 31), (MAR_2, 42)))

    now = report.knowledge.now
    assert now is not None
    assert (now.earliest_s, now.latest_s) == (AT_S - 43200, AT_S + 43199)


def test_a_key_that_was_answered_is_one_of_the_account(file: Path) -> None:
    """Nobody asks for an unknown one but a check: what it counts is held against nothing but the others."""
    query = f"{DAYS}incremental&projectKey=web"

    report = of(file, entry(query, linked(body((MAR_1 * 1000, 30), (MAR_2 * 1000, 40)), query)))

    assert report.verdict is Verdict.PASS, report.findings
    assert report.knowledge.keys == {"web"}


def test_in_a_recording_of_days_a_project_may_go(file: Path) -> None:
    """Within a day it may not; and one that its caller names is there."""
    query = f"{DAYS}incremental&projectKey=web"
    good = entry(query, linked(body((MAR_1 * 1000, 30), (MAR_2 * 1000, 40)), query))
    text = json.dumps({"code": "not_found", "message": "no web"})
    soon, late = (entry(query, text, status=404, at_s=AT_S + days * 86400) for days in (0, 2))
    named = Options(Knowledge(frozenset({"web"})))

    assert "project-key-known-everywhere" in rules(of(file, good, soon))
    assert of(file, good, late).verdict is Verdict.PASS
    assert "1 answers with 404" in of(file, good, late).notes[0]
    assert "project-key-known-everywhere" in rules(of(file, good, late, options=named))


def test_of_a_complete_account_other_keys_are_unknown(file: Path) -> None:
    """Where its caller says which there are."""
    query = f"{DAYS}incremental&projectKey=other"
    known = Options(Knowledge(frozenset({"web"}), complete=True))

    report = of(file, entry(query, linked(body((MAR_1 * 1000, 30)), query)), options=known)

    assert "unknown-project-never-widens" in rules(report)


def test_a_page_of_something_in_between_is_in_doubt(file: Path) -> None:
    """As long as it is not shown that it is always given."""
    good = daily("incremental", (MAR_1, 31), (MAR_2, 42))
    page = entry("?to=5", "<html>", status=418, headers=PAGE)

    once = of(file, good, page)
    always = of(file, good, page, page)

    assert [(each.rule_id, each.doubtful) for each in once.findings] == [("status-is-documented", True)]
    assert "it was not asked again" in once.findings[0].message
    assert always.verdict is Verdict.FAIL


def test_without_any_answer_of_the_target_there_is_no_verdict(file: Path) -> None:
    """A page of something in between says nothing of it."""
    report = of(file, entry("?to=5", "<html>", headers=PAGE))

    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.findings == ()
    assert "something else than the API may have answered" in report.reasons[0]


def test_a_recording_of_other_things_is_inconclusive(file: Path) -> None:
    """It says what was passed over."""
    report = of(file, entry(url="https://cdn.example/x.js"))

    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.reasons == (
        "no exchange with GET /api/v2/usage/observability/sessions is in the recording",
    )
    assert report.notes == ("passed over, of 1 entries: 1 of other hosts or paths",)


def test_a_recording_that_is_cut_off_says_so(file: Path) -> None:
    """And is judged by what is whole."""
    first = daily("incremental", (MAR_1, 31), (MAR_2, 42))
    file.write_bytes(har(first, first)[:-40])

    report = judged(file)

    assert report.notes[0] == "the recording is cut off: 1 whole entries were read"
    assert report.verdict is Verdict.PASS


def test_a_time_that_a_recorded_run_contradicts_is_refused(acme_file: str, file: Path) -> None:
    """As a target that is asked would."""
    recorded_run(file, world=acme_file, now=NOW)
    late = Options(Knowledge(now=exactly("2027-01-01")))

    with pytest.raises(SettingError, match="the recording contradicts --now 2027-01-01"):
        judged(file, late)


def test_counts_of_a_live_account_settle_late(file: Path) -> None:
    """A day that ended less than 48 hours before may still have grown between two answers."""
    soon = {"at_s": MAR_3 + 43200, "headers": [{"name": "content-type", "value": "application/json"}]}
    grown = [daily("incremental", (MAR_1, 31), (MAR_2, value), **soon) for value in (42, 43)]
    at_once = Options(replace(Knowledge(), settling_h=0))

    assert of(file, *grown).verdict is Verdict.PASS
    assert rules(of(file, *grown, options=at_once)) == ["past-counts-are-fixed"]


def test_the_commands_of_a_finding_ask_where_it_was_recorded(file: Path) -> None:
    """With the token of whoever pastes them."""
    report = of(file, daily("incremental", (MAR_1, 31), (FEB_27, 1)))

    found = json.loads(as_json(report))["findings"][0]["conversation"][0]

    assert found["url"].startswith(LIVE)
    assert "${USAGETWIN_TOKEN:?" in found["curl"]
    assert DATE not in found["curl"]
