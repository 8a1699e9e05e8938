"""Tests of `usagetwin_checker.reporting.standing`: where each rule stands, and why one was not judged."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.checker.honest import checked
from tests.checker.reporting.test_json_report import LABELS, REPORT, SUMS
from tests.checker.somebody import NOW
from tests.sampling import sampled
from usagetwin.contract import rules
from usagetwin_checker.findings import Ended, Status
from usagetwin_checker.judging.judge import Judgement
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.reporting.standing import Standing, counts, standings
from usagetwin_checker.reporting.unjudged import ABOUT_KEYS, OUT_OF_SIGHT
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from pathlib import Path

    from usagetwin_checker.running.report import Report

SEVERAL_KEYS: Final = Knowledge(frozenset({"web", "app"}), complete=True, now=Now(0, 0))
WORLD: Final = """\
name: somewhere
about: A small account.
projects:
  - {key: web, created: 2024-01-01, traffic: {level: 10}}
  - {key: app, created: 2025-08-01, traffic: {level: 10}}
tokens:
  - {token: api-00000000-0000-4000-8000-00000000beef, role: full}
"""

BROKEN_BY: Final = [  # a fault, and the rule that the same requests put to the test
    ("parameter-order-matters", "parameter-order-is-irrelevant"),
    ("from-defaults-to-today", "from-defaults-to-month-start"),
    ("to-defaults-to-midnight", "to-defaults-to-now"),
    ("unknown-beside-known-is-all", "unknown-project-never-widens"),
    ("project-key-in-any-case", "project-key-is-exact"),
    ("aggregation-type-defaults-to-incremental", "aggregation-type-defaults-to-month-to-date"),
    ("view-given-means-monthly", "granularity-defaults-to-daily"),
    ("day-cut-by-from-is-missing", "bucket-cut-by-from-is-present"),
    ("bucket-cut-by-to-is-missing", "bucket-cut-by-to-is-present"),
    ("incremental-keeps-400-days", "every-bucket-is-kept"),
    ("future-days-are-zero", "no-bucket-after-now"),
    ("rolling-includes-to", "bucket-starting-at-to-is-absent"),
    ("method-refused-in-text", "every-answer-is-json"),
    ("credential-not-needed", "credential-in-authorization"),
]


def standing(rule_id: str, report: "Report" = REPORT, **changes: Any) -> Standing:  # noqa: ANN401 -- parts of a report
    """Give where one rule stands."""
    return next(each for each in standings(replace(report, **changes)) if each.rule.id == rule_id)


def of_the_twin(world: str | None = None) -> "dict[str, Standing]":
    """Check a twin as `usagetwin check twin` does, and give where each rule stands."""
    target, known = twin(now=NOW, world=world)
    try:
        report = Campaign(target, Options(known, strict=True), lambda _sent, _of: None).run()
    finally:
        target.close()
    return {each.rule.id: each for each in standings(report)}


def with_policy(folder: "Path", policy: str) -> "dict[str, Standing]":
    """Check a twin whose world sets one policy."""
    file = folder / "world.yaml"
    file.write_text(f"{WORLD}policies: {{{policy}}}\n", encoding="utf-8")
    return of_the_twin(world=str(file))


def test_of_the_twin_every_rule_is_held_or_says_why_it_is_not_applicable() -> None:
    """Nothing is left unjudged, and nothing is broken."""
    found = of_the_twin()

    assert [each for each in found.values() if each.status is Status.NOT_JUDGED] == []
    assert {each.status for each in found.values()} == {Status.HELD, Status.NOT_APPLICABLE}
    assert sum(each.status is Status.HELD for each in found.values()) >= 107


def test_what_is_not_applicable_to_the_twin_has_its_reason() -> None:
    """A policy that is off, a role that no token has, what only a defect shows, what did not happen."""
    found = of_the_twin()
    off = {rule_id: each.reason for rule_id, each in found.items() if each.status is Status.NOT_APPLICABLE}

    assert off["cors-headers"] == "an answer to a page carries no CORS headers (policy cors is off)"
    assert off["beta-header-required"] == (
        "a request without the beta header is answered (policy beta is ignored)"
    )
    assert off["revoked-token-unauthorized"] == "the world lists no revoked token"
    assert off["internal-error-code"] == "only a defect of the target can show it, and no answer was a 500"
    assert off["one-now-per-answer"] == "no day turned meanwhile"
    assert off["future-project-is-known"] == "every project has begun"


def test_tokens_that_the_world_lists_are_tried() -> None:
    """A revoked token, one without access and a throttled one each get what they must."""
    found = of_the_twin(world="tokens")

    for rule_id in ("revoked-token-unauthorized", "token-without-access-forbidden", "forbidden-code"):
        assert found[rule_id].status is Status.HELD, rule_id
    for rule_id in ("rate-limited", "rate-limited-code", "unauthorized-code"):
        assert found[rule_id].status is Status.HELD, rule_id


def test_a_project_of_the_future_is_known() -> None:
    """It is answered, and has no bucket."""
    assert of_the_twin(world="born-mid-month")["future-project-is-known"].status is Status.HELD


SWITCHED: Final = [
    ('projects: "separate"', "separate-projects-are-labelled", "total-by-default"),
    ('projects: "separate"', "separate-project-is-zero-before-creation", "metadata-of-a-total-is-empty"),
    ('projects: "separate"', "separate-without-project-key-is-total", "total-by-default"),
    ('error_id: "on"', "error-id-is-added", "error-has-nothing-else"),
    ('beta: "required"', "beta-header-required", "error-id-is-added"),
    ('beta: "required"', "beta-refusal-has-message-alone", "cors-headers"),
    ('cors: "on"', "cors-headers", "error-id-is-added"),
    ('quota: "5000"', "rate-limit-headers", "error-id-is-added"),
    ('unknown_project: "empty"', "unknown-project-never-widens", "unknown-project-not-found"),
    ('unknown_tokens: "reject"', "credential-in-authorization", "unlisted-token-accepted"),
]


@pytest.mark.parametrize(
    ("policy", "held", "off"), sampled(SWITCHED, [SWITCHED[0], SWITCHED[5], SWITCHED[9]])
)
def test_a_policy_switches_rules_on_and_off(policy: str, held: str, off: str, tmp_path: "Path") -> None:
    """What the account has chosen is no fault of the twin's, and the rules about the choice are judged."""
    found = with_policy(tmp_path, policy)

    assert found[held].status is Status.HELD
    assert found[off].status is Status.NOT_APPLICABLE
    assert not [each for each in found.values() if each.status is Status.BROKEN]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("fault", "rule_id"),
    sampled(
        BROKEN_BY,
        [
            ("to-defaults-to-midnight", "to-defaults-to-now"),
            ("project-key-in-any-case", "project-key-is-exact"),
            ("day-cut-by-from-is-missing", "bucket-cut-by-from-is-present"),
            ("method-refused-in-text", "every-answer-is-json"),
        ],
    ),
)
def test_what_is_called_held_is_broken_by_a_fault(fault: str, rule_id: str) -> None:
    """The same requests that put a rule to the test show a fault that breaks it."""
    target, known = twin(now=NOW, deviation=fault)
    try:
        options = Options(known, strict=True, max_examples=0)
        report = Campaign(target, options, lambda _sent, _of: None).run()
    finally:
        target.close()

    assert standing(rule_id, report).status is Status.BROKEN


def test_a_choice_differs_and_a_failure_is_broken() -> None:
    """What only strict mode decides by is a choice in default mode."""
    assert standing("month-to-date-sums").status is Status.BROKEN
    assert standing("time-is-milliseconds").status is Status.DIFFERS
    assert standing("time-is-milliseconds", strict=True).status is Status.BROKEN


def test_what_may_be_another_s_answer_is_not_judged() -> None:
    """Neither held nor broken, and the reason is said."""
    found = standing("month-to-date-sums", findings=(replace(SUMS, doubtful=True), LABELS))

    assert found.status is Status.NOT_JUDGED
    assert found.reason == "something in between may have given the answer that breaks it"


@pytest.mark.parametrize("rule_id", sorted({*ABOUT_KEYS, *OUT_OF_SIGHT}))
def test_every_rule_that_is_named_exists(rule_id: str) -> None:
    """A rule that is renamed in the catalogue is renamed here too."""
    assert rule_id in rules()


@pytest.mark.parametrize(
    ("rule_id", "knowledge", "reason"),
    [
        ("filter-additive", Knowledge(), "--project KEY is needed, given at least twice"),
        ("project-key-defaults-to-all", Knowledge(), "--complete is needed, with every project key"),
        ("rolling-30d-sums", Knowledge(), "--now INSTANT is needed"),
        ("revoked-token-unauthorized", SEVERAL_KEYS, "a revoked token is needed"),
        ("filter-additive", SEVERAL_KEYS, "not asked within this budget (--budget)"),
    ],
)
def test_what_it_takes_is_said(rule_id: str, knowledge: Knowledge, reason: str) -> None:
    """An option, a token, or more requests."""
    found = standing(rule_id, knowledge=knowledge, ended=Ended.BUDGET)

    assert found.status is Status.NOT_JUDGED
    assert str(found.reason).startswith(reason)


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        (Ended.DONE, "the answers of this account show no case of it"),
        (Ended.BUDGET, "not asked within this budget (--budget)"),
        (Ended.TIME, "not asked within this time (--max-time)"),
        (Ended.TARGET, "not asked, as the target did not answer any more"),
        (Ended.BUSY, "not asked, as the target answered 429, or asked to be left alone"),
        (Ended.UNCOUNTED, "not asked, as the requests of the day could not be counted"),
        (Ended.SIGNAL, "not asked before the run was interrupted"),
    ],
)
def test_what_ended_the_run_is_the_reason(ended: Ended, reason: str) -> None:
    """A larger budget is advised only where the budget ended it."""
    assert standing("wide-window-is-answered", knowledge=SEVERAL_KEYS, ended=ended).reason == reason


def test_where_nothing_was_judged_no_option_is_advised() -> None:
    """Where nobody answered, nothing of it would help."""
    nothing = standing("filter-additive", judgement=Judgement((), {}))

    assert nothing.reason == "no answer was the target's"


def test_a_small_budget_is_the_reason_for_what_was_not_asked() -> None:
    """Of a correct stranger's 60 requests."""
    report = checked(budget=20, now=NOW)
    found = standing("head-answers-as-get", report)

    assert report.ended is Ended.BUDGET
    assert (found.status, found.reason) == (Status.NOT_JUDGED, "not asked within this budget (--budget)")


def test_counts_leave_out_what_there_is_none_of() -> None:
    """Held and broken are always counted."""
    found = list(standings(REPORT))

    assert counts(found) == f"1 rules held, 1 broken, 1 differ, {len(found) - 3} not judged"
    assert counts([]) == "0 rules held, 0 broken"
