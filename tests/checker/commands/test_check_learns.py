"""Tests of `usagetwin check --learn`: what it prints, and the profile that it writes."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.checker.commanding import check
from tests.checker.reporting.test_json_report import schema
from usagetwin.profiles import Profile, profile_of, written

NOW: Final = "2026-03-17T15:20:00Z"
PROFILE: Final = Profile(
    "theirs",
    {"projects": "separate", "error_id": "on"},
    ("inclusive-to", "descending", "time-in-seconds", "strict-about-names"),
)


@pytest.fixture
def theirs(tmp_path: Path) -> str:
    """Give the file of a profile."""
    file = tmp_path / "theirs.yaml"
    file.write_text(written(PROFILE))
    return str(file)


def test_the_profile_that_is_written_is_the_one_that_the_target_has(theirs: str, tmp_path: Path) -> None:
    """And with it, the twin teaches the same again; what is learned is printed before the verdict."""
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    options = ("--now", NOW, "--budget", "30", "--learn-budget", "50", "--max-examples", "0")

    one = check("twin", "--profile", theirs, *options, "--write-profile", str(first))
    other = check("twin", "--profile", str(first), *options, "--write-profile", str(second))

    assert (one.exit_code, other.exit_code) == (0, 0), one.output
    learned = profile_of(str(first))
    assert dict(learned.policies) == PROFILE.policies
    assert learned.variations == PROFILE.variations
    assert first.read_text() == second.read_text()
    lines = one.output.splitlines()
    assert "learned: time-in-seconds (labels): time is in Unix seconds, as from and to are" in lines
    assert any(line.startswith("not shown yet: ") and "compression, pace" in line for line in lines)
    assert lines[-2].startswith("learned: 4")
    assert lines[-1].startswith("pass twin")
    assert "# not shown yet: " in first.read_text()


def test_each_rule_is_answered_where_all_is_told(theirs: str) -> None:
    """With what would tell, where it is not shown."""
    options = ("--now", NOW, "--budget", "30", "--learn", "--verbose")
    shown = check("twin", "--profile", theirs, *options)

    lines = shown.output.splitlines()
    assert "refuted: series-ascends: descending" in lines
    assert "confirmed: timestamp-is-plain-digits" in lines or any("not shown" in line for line in lines)
    assert any(line.startswith("  GET /api/v2/usage/") for line in lines)
    assert any("it takes" in line and " or " in line for line in lines)


def test_the_report_has_it_as_its_schema_says(theirs: str, tmp_path: Path) -> None:
    """Choices, rules and the profile; null without --learn."""
    from jsonschema import Draft202012Validator

    file = tmp_path / "report.json"
    options = ("--profile", theirs, "--now", NOW, "--budget", "30", "--json", str(file))

    check("twin", *options)
    without: dict[str, Any] = json.loads(file.read_text())
    check("twin", *options, "--learn-budget", "30")
    report: dict[str, Any] = json.loads(file.read_text())

    assert without["learned"] is None
    Draft202012Validator(schema(strict=True)).validate(report)
    learned = report["learned"]
    assert learned["asked"] >= 10
    assert learned["profile"]["policies"] == PROFILE.policies
    ways = {each["choice"]: each["ways"] for each in learned["choices"]}
    assert ways["labels"] == ["time-in-seconds"]
    assert ways["first bucket"] == [None]
    answers = {each["rule"]: each for each in learned["rules"]}
    assert (answers["series-ascends"]["answer"], answers["series-ascends"]["way"]) == (
        "refuted",
        "descending",
    )
    assert answers["buckets-are-unique"]["answer"] == "confirmed"
    assert {each["tier"] for each in learned["rules"]} == {"observed", "chosen"}


def test_a_recording_teaches_too(theirs: str, tmp_path: Path) -> None:
    """By what it has; nothing is asked."""
    har, file = tmp_path / "check.har", tmp_path / "learned.yaml"
    check("twin", "--profile", theirs, "--now", NOW, "--budget", "60", "--record", str(har))

    shown = check(str(har), "--write-profile", str(file))

    assert "by 0 requests of their own" in shown.output
    assert "time-in-seconds" in profile_of(str(file)).variations


def test_a_recording_is_asked_nothing(tmp_path: Path) -> None:
    """So that it has no budget for that."""
    har = tmp_path / "some.har"
    har.write_text('{"log": {"entries": []}}')

    refused = check(str(har), "--learn-budget", "3")

    assert refused.exit_code == 2
    assert "--learn-budget says how a target is asked" in refused.output
