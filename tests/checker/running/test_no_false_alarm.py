"""No false alarm: whatever is asked of the honest twin or of a legal variation, nothing breaks."""

from dataclasses import replace
from itertools import cycle, product
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.checker.honest import checked, honest
from tests.checker.instants import INSTANTS
from tests.sampling import sampled
from usagetwin.account.world import world_names
from usagetwin.deviations import variations
from usagetwin_checker.asking.plan import Plan, probe
from usagetwin_checker.findings import Verdict
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.learning import learn
from usagetwin_checker.running.fuzz import Fuzz

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.talking.targets import AppTarget

pytestmark = pytest.mark.no_cover  # whole checks: traced, they take twice as long
NOW: Final = "2026-03-17T15:20:00Z"
WORLDS: Final = tuple(world_names())
EDGES: Final = dict(zip(WORLDS, INSTANTS[5::3], strict=False))  # each world at another instant
CASES: Final = 100_000
SMALL: Final = 60
DAY_S: Final = 86_400
MONTH_START: Final = "2025-03-01T00:00:00Z"
SHOW_NO_TIME: Final = (
    "sparse",
    "open-bucket-absent",
    "zeros-to-month-end",
    "cap-of-365-days",
    "cap-below-365-days",
    "future-refused",
    "another-house-style",
    "a-day-late-and-elsewhere",
)
POLICIES: Final[tuple[dict[str, Any], ...]] = (
    {"policies": {"projects": "separate"}},
    {"policies": {"unknown_project": "empty"}},
    {"policies": {"open_day": "whole"}},
    {"policies": {"error_id": "on"}},
    {"profile": "observed", "policies": {"quota": "off"}},
    {"policies": {"projects": "separate", "unknown_project": "empty", "error_id": "on"}},
)


def planned(
    target: "AppTarget", knowledge: "Knowledge", most: int | None = None
) -> "tuple[list[Exchange], Knowledge]":
    """Send the probes and the plan, and learn what a stranger would."""
    assert knowledge.now is not None
    before = [target.send(step.ask) for step in probe()]
    plan = Plan(knowledge.now, sorted(knowledge.keys))
    rest = [target.send(step.ask) for step in list(plan.steps())[:most]]
    after = [target.send(step.ask) for step in probe()]
    return [*before, *rest, *after], learn(replace(knowledge, now=None), before, after)


def alarms(
    target: "AppTarget", given: "Knowledge", seed: int, *, examples: int, most: int | None
) -> list[str]:
    """Judge the plan and drawn conversations by the rules of all tiers, with what is given and learned."""
    exchanges, learned = planned(target, given, most)
    found = [
        *judge(exchanges, replace(given, still=True)).findings,
        *judge(exchanges, learned).findings,
        *Fuzz(given, lambda asks: list(map(target.send, asks))).findings(
            (), seed_number=seed, max_examples=examples
        ),
    ]
    return [f"{finding.rule_id}: {finding.message}" for finding in found]


def test_there_are_fifty_instants() -> None:
    """Each is there once."""
    assert len(set(INSTANTS)) == 50


@pytest.mark.parametrize("world", WORLDS)
def test_the_honest_twin_raises_no_alarm(world: str) -> None:
    """Every world at some edge of the calendar: the start of the plan, and drawn conversations."""
    with honest(now=EDGES[world], world=world) as (target, given):
        assert alarms(target, given, 0, examples=10, most=SMALL) == []


@pytest.mark.proof
def test_a_hundred_thousand_cases_raise_no_alarm() -> None:
    """Every world at every instant, in strict mode: not one finding in all of them."""
    cases = 0
    worlds = cycle(WORLDS)
    for number, now in enumerate(INSTANTS):
        whole = next(worlds)
        for world in WORLDS:
            with honest(now=now, world=world) as (target, given):
                most = None if world == whole else 12
                assert alarms(target, given, number, examples=60, most=most) == [], (world, now)
                cases += target.send(probe()[0].ask).number - 1
    assert cases >= CASES


@pytest.mark.parametrize("settings", POLICIES, ids=str)
def test_another_policy_passes(settings: dict[str, Any]) -> None:
    """What the contract leaves open may be decided otherwise, and default mode passes it."""
    report = checked(budget=SMALL, now=NOW, **settings)

    assert report.verdict is Verdict.PASS, report.findings


@pytest.mark.parametrize("name", sampled(variations(), [*variations()][::2]))
def test_a_legal_variation_passes(name: str) -> None:
    """Default mode passes it with 60 requests."""
    report = checked(budget=SMALL, now=NOW, world="business-week", deviation=name)

    assert report.verdict is Verdict.PASS, (report.findings, report.reasons)


@pytest.mark.parametrize("name", sampled(SHOW_NO_TIME, SHOW_NO_TIME[:6]))
def test_the_first_instant_of_a_month_raises_no_alarm(name: str) -> None:
    """The default window is empty, and what the variation leaves out or adds hides the current time."""
    report = checked(budget=SMALL, now=MONTH_START, world="business-week", deviation=name)

    assert report.verdict is Verdict.PASS, (report.findings, report.reasons)


@pytest.mark.parametrize(
    ("ahead_s", "name"),
    sampled(
        product([-400 * DAY_S, -6, 45 * DAY_S, 3_650 * DAY_S], SHOW_NO_TIME),
        [*product([-400 * DAY_S, -6], SHOW_NO_TIME[:6]), *product([45 * DAY_S], SHOW_NO_TIME)],
    ),
)
def test_another_clock_than_the_target_s_raises_no_alarm(name: str, ahead_s: int) -> None:
    """A frozen twin may be of any time: where it hides that, the verdict is inconclusive at worst."""
    report = checked(budget=SMALL, now=MONTH_START, world="business-week", deviation=name, ahead_s=ahead_s)

    assert report.verdict is not Verdict.FAIL, report.findings
    assert report.verdict is Verdict.INCONCLUSIVE or report.knowledge.now is not None


@pytest.mark.parametrize("budget", [1, 2, 3, 4])
def test_an_account_is_not_without_data_because_little_was_asked(budget: int) -> None:
    """Two empty answers say nothing of the years before."""
    report = checked(budget=budget, now=MONTH_START, world="business-week", deviation="open-bucket-absent")

    assert report.verdict is Verdict.INCONCLUSIVE or report.knowledge.now is not None


@pytest.mark.proof
@pytest.mark.parametrize("name", list(variations()))
@pytest.mark.parametrize("now", [NOW, "2024-02-29T23:59:59Z", "2025-03-01T00:00:00Z"])
def test_a_legal_variation_passes_with_the_default_budget(name: str, now: str) -> None:
    """Default mode passes it with the default budget too, at edges of the calendar."""
    report = checked(budget=None, now=now, world="business-week", deviation=name)

    assert report.verdict is Verdict.PASS, (report.findings, report.reasons)
