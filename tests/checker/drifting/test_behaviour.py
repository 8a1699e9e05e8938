"""Tests of what moved between two reports, and of the policies that a report shows."""

import json
from dataclasses import replace
from typing import Any

import pytest

from usagetwin.contract import rules
from usagetwin.errors import FileError
from usagetwin.policies import make_policies
from usagetwin_checker.drifting.behaviour import Move, answered, behaviour_drift
from usagetwin_checker.drifting.reports import FORMAT, Judged, Standing, is_report, judged_of
from usagetwin_checker.drifting.shown_policies import same, shown_policies
from usagetwin_checker.findings import Status

PROSE, CHOSEN = "month-to-date-sums", "series-ascends"
HELD, NOT_JUDGED = Standing(Status.HELD), Standing(Status.NOT_JUDGED)
BROKEN, DIFFERS = Standing(Status.BROKEN), Standing(Status.DIFFERS)
OFF = Standing(Status.NOT_APPLICABLE, "no error has an id (policy error_id is off)")
EMPTY = Standing(Status.DIFFERS, "", "200", frozenset({200}))
WHOLE: dict[str, Any] = {
    "format": FORMAT,
    "target": "twin",
    "verdict": "pass",
    "findings": [
        {"rule": PROSE, "message": "it is 12", "also": ["monthly-sums"], "conversation": [{"status": 200}]}
    ],
    "rules": [{"rule": PROSE, "status": "broken", "reason": None}],
}


def judged(**rules: Standing) -> Judged:
    """Give a report in which these rules stand so, by names with underscores."""
    return Judged("r", "twin", "pass", {name.replace("_", "-"): each for name, each in rules.items()})


@pytest.mark.parametrize(
    ("rule", "was", "is_", "move", "counts"),
    [
        (PROSE, HELD, BROKEN, Move.BROKEN, True),
        (PROSE, NOT_JUDGED, BROKEN, Move.BROKEN, True),
        (PROSE, BROKEN, HELD, Move.MENDED, True),
        (CHOSEN, HELD, DIFFERS, Move.REFUTED, True),
        (CHOSEN, NOT_JUDGED, BROKEN, Move.REFUTED, True),
        (CHOSEN, DIFFERS, HELD, Move.CONFIRMED, True),
        (CHOSEN, NOT_JUDGED, HELD, Move.CONFIRMED, False),
    ],
)
def test_a_rule_moves(rule: str, was: Standing, is_: Standing, move: Move, *, counts: bool) -> None:
    """What binds is broken or mended; what is ours is refuted or confirmed, and is drift if it was judged."""
    drift = behaviour_drift(judged(**{rule: was}), judged(**{rule: is_}), None)

    assert [(each.rule.id, each.move, each.counts) for each in drift.moved] == [(rule, move, counts)]
    assert drift.drifted is counts


@pytest.mark.parametrize(
    ("was", "is_"),
    [(HELD, HELD), (HELD, NOT_JUDGED), (BROKEN, NOT_JUDGED), (BROKEN, DIFFERS), (NOT_JUDGED, HELD)],
)
def test_what_was_not_judged_moves_nothing(was: Standing, is_: Standing) -> None:
    """Not every check judges every rule; what was broken and is broken has not moved."""
    assert behaviour_drift(judged(**{PROSE: was}), judged(**{PROSE: is_}), None).moved == ()


@pytest.mark.parametrize(
    ("standings", "shown"),
    [
        ({"unknown_project_not_found": HELD}, {"unknown_project": "not-found"}),
        ({"unknown_project_not_found": EMPTY}, {"unknown_project": "empty"}),
        ({"unknown_project_not_found": Standing(Status.DIFFERS, "", "400", frozenset({400}))}, {}),
        ({"unknown_project_not_found": NOT_JUDGED}, {}),
        ({"total_by_default": HELD}, {"projects": "total"}),
        ({"total_by_default": DIFFERS, "separate_projects_are_labelled": HELD}, {"projects": "separate"}),
        ({"total_by_default": DIFFERS}, {}),
        ({"error_id_is_added": HELD}, {"error_id": "on"}),
        ({"error_id_is_added": OFF}, {"error_id": "off"}),
        ({"error_id_is_added": NOT_JUDGED}, {}),
        ({"beta_header_required": HELD}, {"beta": "required"}),
        ({"cors_headers": HELD}, {"cors": "on"}),
        ({"unlisted_token_accepted": DIFFERS}, {"unknown_tokens": "reject"}),
        ({"unlisted_token_accepted": HELD}, {"unknown_tokens": "accept"}),
        ({"rate_limit_headers": HELD}, {"quota": "1000"}),
        (
            {"total_by_default": Standing(Status.NOT_APPLICABLE, "the policy projects is separate")},
            {"projects": "separate"},
        ),
        ({"total_by_default": Standing(Status.NOT_APPLICABLE, "the policy projects is other")}, {}),
    ],
)
def test_a_policy_is_shown_by_where_its_rules_stand(
    standings: dict[str, Standing], shown: dict[str, str]
) -> None:
    """And is not guessed where they say nothing."""
    assert shown_policies(judged(**standings)) == shown


def test_a_quota_is_as_large_as_its_headers_say() -> None:
    """Where there is a recording that has them; from outside all quotas are alike but none."""
    report = Judged("r", "t", "pass", {"rate-limit-headers": HELD}, quota="77")

    assert shown_policies(report) == {"quota": "77"}
    assert same("quota", "77", "1000")
    assert not same("quota", "off", "1000")
    assert not same("cors", "off", "on")


def test_what_the_twin_does_already_is_no_drift() -> None:
    """Its policies account for what was refuted; without them they are proposed."""
    before, after = judged(unknown_project_not_found=HELD), judged(unknown_project_not_found=EMPTY)

    def policies(**chosen: str) -> dict[str, str]:
        made = make_policies("documented", chosen)
        return {"unknown_project": made.unknown_project}

    follows = behaviour_drift(before, after, policies(unknown_project="empty"))
    lacks = behaviour_drift(before, after, policies())

    assert not follows.drifted
    assert follows.policies == ()
    assert [each.followed for each in follows.moved] == [True]
    assert [(each.name, each.twin, each.target) for each in lacks.policies] == [
        ("unknown_project", "not-found", "empty")
    ]
    assert lacks.drifted


def test_what_launchdarkly_answers_is_left_for_the_facts() -> None:
    """A choice of ours that its host holds or not; of another host nothing follows."""
    before = judged(series_ascends=NOT_JUDGED, empty_window_is_empty=HELD, days_are_utc=NOT_JUDGED)
    after = judged(series_ascends=HELD, empty_window_is_empty=DIFFERS, days_are_utc=HELD)
    live = replace(after, target="https://app.launchdarkly.com")

    assert answered(behaviour_drift(before, after, None)) == ()
    holds, differs = answered(behaviour_drift(before, live, None))
    assert holds.startswith("app.launchdarkly.com shows that a choice of ours holds")
    assert holds.endswith(": series-ascends")
    assert differs.startswith("app.launchdarkly.com shows that a choice of ours does not hold")
    assert differs.endswith(": empty-window-is-empty")


def test_a_variation_shows_what_no_policy_does() -> None:
    """The one that refutes most of it comes first, and none that refutes more."""
    before = judged(series_ascends=HELD, zero_buckets_are_present=HELD)
    after = judged(series_ascends=DIFFERS, zero_buckets_are_present=DIFFERS)

    assert {"descending", "sparse"} <= set(behaviour_drift(before, after, None).variations)
    assert "another-house-style" not in behaviour_drift(before, after, None).variations


def test_a_report_is_read_with_what_its_findings_explain() -> None:
    """A rule that has no finding of its own is explained by another's."""
    also = {"rule": "monthly-sums", "status": "broken", "reason": None}
    document = {**WHOLE, "rules": [*WHOLE["rules"], also]}
    content = json.dumps(document).encode()

    found = judged_of(content, "a.json")

    assert is_report(content)
    assert found.standing("monthly-sums") == Standing(Status.BROKEN, "", "it is 12", frozenset({200}))
    assert found.standing(PROSE).finding == "it is 12"
    assert found.standing(CHOSEN).status is Status.NOT_JUDGED
    assert found.judged
    assert not judged(**{PROSE: NOT_JUDGED}).judged
    assert PROSE in rules()


def test_a_report_is_told_wherever_its_keys_are() -> None:
    """As `json.tool --sort-keys` writes them; a recording of a report is none."""
    last = {**{name: WHOLE[name] for name in WHOLE if name != "format"}, "x": " " * 500, "format": FORMAT}
    within = {"log": {"entries": []}, "x": " " * 500, "text": json.dumps(WHOLE)}

    assert is_report(json.dumps(last).encode())
    assert not is_report(json.dumps(within).encode())
    assert not is_report(json.dumps([" " * 500, FORMAT]).encode())
    assert not is_report(json.dumps(last).encode()[:-1])
    assert not is_report(b"[" * 100_000 + FORMAT.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b"{}",
        json.dumps({**WHOLE, "rules": [{"rule": PROSE}]}).encode(),
        json.dumps({**WHOLE, "rules": [{"rule": PROSE, "status": "odd", "reason": None}]}).encode(),
        json.dumps({**WHOLE, "rules": [{"rule": 5, "status": "held", "reason": None}]}).encode(),
        json.dumps({**WHOLE, "rules": [{"rule": PROSE, "status": "held", "reason": 5}]}).encode(),
        json.dumps({**WHOLE, "rules": [{"rule": PROSE, "status": [], "reason": None}]}).encode(),
        json.dumps({**WHOLE, "rules": 5}).encode(),
        json.dumps({**WHOLE, "target": "http://[bad"}).encode(),
        json.dumps({**WHOLE, "target": None}).encode(),
        json.dumps({**WHOLE, "operation": "/sessions"}).encode(),
        json.dumps(WHOLE).replace('"status": 200', '"status": 1e400').encode(),
        json.dumps(WHOLE).replace('"it is 12"', "12").encode(),
    ],
)
def test_a_broken_report_is_refused_by_its_name(content: bytes) -> None:
    """One of another version, or one that was cut off."""
    with pytest.raises(FileError, match=r"a\.json: the report can't be read"):
        judged_of(content, "a.json")
