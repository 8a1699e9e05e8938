"""Tests of `usagetwin_checker.running.shards.shard`: the parts that a check is cut into."""

import pytest

from usagetwin.errors import SettingError
from usagetwin_checker.running.report import Options
from usagetwin_checker.running.shards.shard import Shard, shards_of


def test_parts_have_the_whole_budget_between_them() -> None:
    """The first ones get what is over, of the conversations as well."""
    whole, parts = shards_of(Options(budget=103, max_examples=7), 4, 1000)

    assert [part.budget for part in parts] == [26, 26, 26, 25]
    assert [part.max_examples for part in parts] == [2, 2, 2, 1]
    assert whole.budget == 103


def test_without_a_budget_each_part_has_the_usual_one() -> None:
    """So that more shards mean more requests."""
    whole, parts = shards_of(Options(), 3, 1000)

    assert [part.budget for part in parts] == [1000, 1000, 1000]
    assert (whole.budget, whole.max_examples) == (3000, None)


def test_parts_draw_by_seeds_that_no_near_seed_of_a_user_gives() -> None:
    """The first has the seed of the check itself, so that one shard draws what a check draws."""
    _, parts = shards_of(Options(seed=3), 3, 1000)

    assert [part.seed for part in parts] == [3, 1_000_003, 2_000_003]


def test_the_first_part_has_the_plan() -> None:
    """It is sent once for all."""
    _, parts = shards_of(Options(), 3, 1000)

    assert [part.shard.plans for part in parts] == [True, False, False]
    assert str(parts[1].shard) == "shard 2 of 3"


def test_a_check_that_is_not_cut_is_its_own_one_part() -> None:
    """It plans, and has all of everything."""
    assert Options().shard == Shard(1, 1)
    assert Shard().plans
    assert Shard().share(17) == 17


def test_too_small_parts_are_refused() -> None:
    """With the budget that would do."""
    with pytest.raises(SettingError, match="--budget 79 in --shards 4 leaves a shard 19 requests") as refused:
        shards_of(Options(budget=79), 4, 1000)

    assert "--budget 80 or more" in refused.value.remedy
