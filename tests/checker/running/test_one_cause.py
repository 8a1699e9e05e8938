"""Whole checks of targets that do one thing otherwise, or two: one finding for each cause."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.local_days import CREATED, LocalDays, checked, zone
from tests.sampling import sampled
from usagetwin.days import SECONDS_PER_DAY
from usagetwin_checker.running.score import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.checker.local_days import Asked, Points
    from usagetwin_checker.findings import Finding

    Found = tuple[Finding, ...]
    Change = Callable[[Asked], Asked]

pytestmark = pytest.mark.no_cover  # whole checks: traced, they take twice as long
NOW: Final = "2026-03-17T15:20:00Z"
SMALL: Final = 60


def findings_of(*otherwise: "Change", wrong: "Callable[[Asked, Points], Points] | None" = None) -> "Found":
    """Check a server that answers other queries than it is asked, and is `wrong` in what it answers then."""
    server, honest = LocalDays(zone("UTC"), NOW), LocalDays(zone("UTC"), NOW)

    def answer(asked: "Asked", _points: "Points") -> "Points":
        for change in otherwise:
            asked = change(asked)
        points = honest.points(asked)
        return points if wrong is None else wrong(asked, points)

    server.bug = answer
    return checked(server, budget=SMALL).findings


def one_more_in_30_days(asked: "Asked", points: "Points") -> "Points":
    """Count one session too many in every thirty days."""
    more = asked.view == "rolling_30d"
    return [{**point, "0": point["0"] + more} for point in points]


def no_from(asked: "Asked") -> "Asked":
    """Begin with the account."""
    return replace(asked, from_s=0)


def no_keys(asked: "Asked") -> "Asked":
    """Count all projects."""
    return replace(asked, keys=tuple(CREATED))


def longer(asked: "Asked") -> "Asked":
    """End two days late."""
    return replace(asked, to_s=asked.to_s + 2 * SECONDS_PER_DAY)


ONE: Final[dict[str, tuple["Change", str, str]]] = {
    "no from": (no_from, "series-starts-at-from", "`from` is ignored"),
    "no projectKey": (no_keys, "filter-additive", "`projectKey` is ignored"),
    "a later to": (longer, "series-ends-at-to", "the window ends two days late"),
}


@pytest.mark.parametrize("name", sampled(ONE, [name for name in ONE if name != "no from"]))
def test_one_cause_gives_one_finding(name: str) -> None:
    """Of the rule that a person would name; it says what the target does, and what else that breaks."""
    wrong, rule_id, said = ONE[name]

    first, *others = findings_of(wrong)

    assert others == []
    assert first.rule_id == rule_id
    assert first.message.startswith(f"{said}: ")
    assert first.also


@pytest.mark.parametrize(
    ("fault", "rule_id"),
    sampled(
        [
            ("granularity-defaults-to-monthly", "granularity-defaults-to-daily"),
            ("from-defaults-to-today", "from-defaults-to-month-start"),
            ("rolling-is-refused", "documented-query-is-answered"),
            ("credential-not-needed", "no-answer-without-credential"),
            ("parameter-order-matters", "parameter-order-is-irrelevant"),
            ("long-windows-default-to-monthly", "granularity-defaults-to-daily"),
        ],
        [
            ("from-defaults-to-today", "from-defaults-to-month-start"),
            ("rolling-is-refused", "documented-query-is-answered"),
            ("credential-not-needed", "no-answer-without-credential"),
        ],
    ),
)
def test_a_known_fault_gives_one_finding(fault: str, rule_id: str) -> None:
    """In strict mode, where most rules are judged, with what is known of the twin."""
    report = run(fault, strict=True, budget=SMALL)

    assert [finding.rule_id for finding in report.findings] == [rule_id]


@pytest.mark.parametrize("name", sampled(ONE, ["a later to"]))
def test_another_fault_beside_it_keeps_its_finding(name: str) -> None:
    """A cause explains only what would not be found if it were assumed."""
    wrong, rule_id, _ = ONE[name]

    found = findings_of(wrong, wrong=one_more_in_30_days)

    assert {finding.rule_id for finding in found} == {rule_id, "rolling-30d-sums"}
    assert "rolling-30d-sums" not in {also for finding in found for also in finding.also}


@pytest.mark.proof
def test_two_causes_give_two_findings() -> None:
    """Each with what it explains."""
    found = findings_of(no_from, longer)

    assert [finding.rule_id for finding in found] == ["series-starts-at-from", "series-ends-at-to"]
