"""Tests of a drift as JSON and on a terminal."""

import json
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from tests.checker.drifting.editions import TEXT, TWELVE
from tests.checker.reporting.page.test_drift_page import report_of
from usagetwin_checker.drifting.behaviour import behaviour_drift
from usagetwin_checker.drifting.patch import Patch
from usagetwin_checker.drifting.reports import Judged, Standing
from usagetwin_checker.findings import Status
from usagetwin_checker.reporting.drift import behaviour_report
from usagetwin_checker.reporting.drift_forms import FORMAT, drift_as_json, printable

if TYPE_CHECKING:
    from usagetwin_checker.reporting.drift import DriftReport

SCHEMA: Any = json.loads(
    files("usagetwin_checker.reporting").joinpath("drift.schema.json").read_text("utf-8")
)


def assert_valid(report: "DriftReport") -> dict[str, Any]:
    """Hold the JSON of a drift to its schema, and give it."""
    document: dict[str, Any] = json.loads(drift_as_json(report))
    Draft202012Validator(SCHEMA).validate(document)
    return document


def test_the_schema_is_one_and_names_the_format() -> None:
    """It is of the draft that it names."""
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$id"] == FORMAT


@pytest.mark.parametrize("name", ["a parameter goes", "a sentence goes", "the operation moves"])
def test_the_drift_of_a_document_keeps_its_schema(name: str) -> None:
    """With a patch and without."""
    document = assert_valid(report_of(TWELVE[name][0]))

    assert document["drift"] is True
    assert (document["patch"]["none"] is None) is (name != "the operation moves")


def test_the_drift_of_behaviour_keeps_its_schema() -> None:
    """Rules that moved, and policies; a rule that is known elsewhere alone is told."""
    standings = {"error-id-is-added": Standing(Status.HELD), "of-tomorrow": Standing(Status.HELD)}
    before = Judged("a", "t", "pass", {"error-id-is-added": Standing(Status.NOT_APPLICABLE)})
    drift = behaviour_drift(before, Judged("b", "t", "pass", standings), None)

    document = assert_valid(behaviour_report(drift, Patch(), applied=False))

    assert document["policies"] == [{"policy": "error_id", "twin": "off", "target": "on"}]
    assert "rules that this usagetwin does not know: of-tomorrow" in document["notes"]


def test_no_drift_is_told_with_what_was_learned() -> None:
    """What holds and was not judged before moved nothing."""
    before = Judged("a", "t", "pass", {"series-ascends": Standing(Status.NOT_JUDGED)})
    after = Judged("b", "t", "pass", {"series-ascends": Standing(Status.HELD)})

    report = behaviour_report(behaviour_drift(before, after, None), Patch(), applied=False)

    assert report.verdict == "no drift: a -> b; 1 confirmed"
    assert report_of(TEXT).verdict == "no drift: the vendored document -> newer.yaml"


@pytest.mark.parametrize(
    ("moved", "counted"),
    [
        ({"error-id-is-added": Status.HELD}, "1 policy"),
        ({"error-id-is-added": Status.HELD, "series-ascends": Status.HELD}, "1 policy"),
        ({"error-id-is-added": Status.HELD, "cors-headers": Status.HELD}, "2 policies"),
        ({"error-id-is-added": Status.HELD, "series-ascends": Status.DIFFERS}, "1 refuted, 1 policy"),
        ({"series-ascends": Status.DIFFERS}, "1 refuted"),
    ],
)
def test_the_verdict_counts_what_is_drift_and_nothing_else(moved: dict[str, Status], counted: str) -> None:
    """Policies that the twin has otherwise, and no rule of which it is said that it is merely learned."""
    off = {name: Standing(Status.NOT_APPLICABLE) for name in ("error-id-is-added", "cors-headers")}
    after = Judged("b", "t", "pass", {name: Standing(status) for name, status in moved.items()})

    drift = behaviour_drift(Judged("a", "t", "pass", off), after, None)
    report = behaviour_report(drift, Patch(), applied=False)

    assert report.verdict == f"drift in the behaviour: a -> b: {counted}"


def test_what_oasdiff_alone_calls_breaking_is_no_policy() -> None:
    """A document has none."""
    drifted = replace(report_of(TEXT), drifted=True)

    assert drifted.verdict.endswith(" -> newer.yaml: by a second opinion alone")


def test_a_line_of_a_patch_is_whole_and_has_no_control_characters() -> None:
    """However long: it is copied."""
    assert printable(f"+\t{'x' * 2000}\x1b[31m") == f"+\t{'x' * 2000}\\x1b[31m"
