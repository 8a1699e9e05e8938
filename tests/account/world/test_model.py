"""Tests of what a world says about itself."""

import pytest

from usagetwin.account.traffic import GivenCounts, Traffic
from usagetwin.account.world import Project, World

EVEN_WEEK = (100, 100, 100, 100, 100, 100, 100)
GENERATED = Project("made", 0, Traffic(1, "made", 0, 5, EVEN_WEEK, 0, 0))
WEB = Project("web", 0, GivenCounts(0, (5, 7)), last_given=1)
APP = Project("app", 0, GivenCounts(0, (5, 7)), last_given=1)
OLD = Project("old", 0, GivenCounts(0, (5,)), last_given=0)


@pytest.mark.parametrize(
    ("projects", "said"),
    [
        ((GENERATED,), []),
        ((GENERATED, WEB), ["project 'web' are given day by day, end on 1970-01-02, and are zero"]),
        ((OLD,), ["project 'old' are given day by day, end on 1970-01-01, and are zero"]),
        ((WEB, APP), ["2 projects are given day by day, end on 1970-01-02, and are zero"]),
        ((WEB, OLD), ["2 projects are given day by day, end on days from 1970-01-01 to 1970-01-02"]),
    ],
)
def test_a_world_says_where_its_given_counts_end(projects: tuple[Project, ...], said: list[str]) -> None:
    """Counts given day by day are zero after their last day, which a user is told (SEMANTICS 2)."""
    world = World("mine", "Mine.", 0, projects, {}, {})

    notes = world.notes()

    assert len(notes) == len(said)
    assert all(part in note for part, note in zip(said, notes, strict=True))
