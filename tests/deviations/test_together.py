"""Variations that one twin shows together."""

import pytest

from tests.checker.honest import honest
from tests.combinations import drawn
from usagetwin.deviations import variations
from usagetwin.deviations.together import HAVE_ALREADY, ROWS, layers
from usagetwin.errors import SettingError
from usagetwin.profiles import written
from usagetwin_checker.asking.plan import Plan, probe
from usagetwin_checker.findings import BINDING
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.learning import learn


def test_each_variation_has_its_place() -> None:
    """One of them, and nothing else has."""
    placed = [name for row in ROWS for name in row]

    assert sorted(placed) == sorted(variations())
    assert {*HAVE_ALREADY, *(name for names in HAVE_ALREADY.values() for name in names)} <= {*placed}


def test_variations_change_an_answer_in_one_order() -> None:
    """However they are named."""
    assert [each.name for each in layers(["time-at-end", "sparse"])] == ["sparse", "time-at-end"]


def test_a_variation_that_there_is_not_is_refused() -> None:
    """With the name that is near."""
    with pytest.raises(SettingError, match="sparse"):
        layers(["sparce"])


SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(1, 60))]


@pytest.mark.parametrize("seed", SEEDS)
def test_together_they_break_no_rule_that_binds(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each is legal, and so is every drawn combination: nothing of schema or prose breaks, and no 500."""
    file = tmp_path_factory.mktemp("profile") / "drawn.yaml"
    profile = drawn(seed)
    file.write_text(written(profile))
    with honest(now="2026-03-17T15:20:00Z", profile=str(file)) as (target, known):
        assert known.now is not None
        before = [target.send(step.ask) for step in probe()]
        plan = Plan(known.now, sorted(known.keys))
        asked = [target.send(step.ask) for step in list(plan.steps())[:120]]
        exchanges = [*before, *asked]

    broken = judge(exchanges, learn(known, before, ())).findings

    assert [each.failure for each in exchanges if each.failure] == []
    assert [f"{each.rule_id}: {each.message}" for each in broken if each.rule.tier in BINDING] == []
