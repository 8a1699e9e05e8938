"""A world as text reads as the same world."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.acme import WORLD
from usagetwin.account.world import World, load_world, world_names
from usagetwin.account.world.csv_file import read_csv
from usagetwin.account.world.written import written
from usagetwin.account.world.yaml_file import read_yaml
from usagetwin.errors import SettingError
from usagetwin.stage.accounts import world_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize("name", world_names())
def test_a_built_in_world_reads_as_itself(name: str) -> None:
    """With its seed, its traffic and events, its tokens and policies."""
    world = load_world(name)

    assert read_yaml(written(world), "any.yaml") == world


def test_a_file_and_counts_read_as_themselves() -> None:
    """In characters of any script, and words that YAML would take for something else."""
    counts = {"yes": {"2026-03-01": 5}, "日本 🎌 'a\"b: #\\": {"2026-03-01": 0, "2026-03-02": 2**53 - 1}}
    worlds = (
        world_of(counts),
        read_csv("date,project,count\n2026-03-01,null,7\n", "mine.csv"),
        read_yaml(WORLD, "acme.yaml"),
        read_yaml(f"{WORLD}now: 2026-03-03T12:00:00Z\n", "acme.yaml"),
    )

    for world in worlds:
        assert read_yaml(written(world), "any.yaml") == world


class Ours:
    """Counts that a test has thought up."""

    def counts(self, first: int, last: int) -> "Sequence[int]":
        """Give the same for each day."""
        return [1] * (last - first + 1)


def test_what_no_file_describes_is_refused() -> None:
    """Counts of a class of one's own, and parts that no file could give."""
    idle = load_world("idle")
    (first, *others) = idle.projects

    for world in (
        replace(idle, projects=(replace(first, counts=Ours()), *others)),  # type: ignore[arg-type]  # -- wrong on purpose
        replace(idle, seed=idle.seed + 1),
        replace(idle, projects=()),
        replace(idle, about=" "),
    ):
        assert isinstance(world, World)
        with pytest.raises(SettingError, match=r"\n  try   a built-in world"):
            written(world)
