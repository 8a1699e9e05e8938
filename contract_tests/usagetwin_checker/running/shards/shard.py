"""Which part of a check a shard is: its seed, and its share of the budget.

Rule: the parts depend on the options alone, never on who runs them, or how many do.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from usagetwin_checker.running.report import Options

SEEDS_APART: Final = 1_000_000  # so that seeds which users count up never meet those of shards
FEWEST: Final = 20  # requests: probes, what is kept for confirming, and something to ask


@dataclass(frozen=True, slots=True)
class Shard:
    """The part of a number, from 1, of so many; a check that is not cut is the one part of itself."""

    number: int = 1
    of: int = 1

    @property
    def plans(self) -> bool:
        """Tell whether it sends the plan, which one part does for all; the others only draw."""
        return self.number == 1

    def __str__(self) -> str:
        """Name it."""
        return f"shard {self.number} of {self.of}"

    def share(self, whole: int) -> int:
        """Give what it has of something that all shards have together; the first ones get what is over."""
        return whole // self.of + (self.number <= whole % self.of)


def shards_of(options: "Options", count: int, default_budget: int) -> "tuple[Options, list[Options]]":
    """Cut a check into parts: give its own options, its budget in them, and those of each part.

    Without a budget each part has `default_budget`. Raises SettingError where a part has too few requests.
    """
    budget = default_budget * count if options.budget is None else options.budget
    if budget < FEWEST * count:
        problem = f"--budget {budget} in --shards {count} leaves a shard {budget // count} requests"
        remedy = f"--budget {FEWEST * count} or more, or fewer shards: each takes {FEWEST} requests at least"
        raise SettingError(problem, remedy)
    whole = replace(options, budget=budget, shard=Shard(of=count))
    return whole, [_part(whole, Shard(number, count)) for number in range(1, count + 1)]


def _part(whole: "Options", shard: Shard) -> "Options":
    examples = None if whole.max_examples is None else shard.share(whole.max_examples)
    return replace(
        whole,
        shard=shard,
        seed=whole.seed + (shard.number - 1) * SEEDS_APART,
        budget=shard.share(whole.budget or 0),
        max_examples=examples,
    )
