"""What the siblings of an operation count: bounded by the world's own counts, and pinned."""

from dataclasses import replace
from hashlib import blake2b
from typing import Final

import pytest

from tests.siblings import ERRORS, LOGS, operations
from tests.stage.records import acme
from usagetwin.account.siblings import SiblingCounts, counted, ledger_of
from usagetwin.account.traffic import MAX_COUNT, GivenCounts
from usagetwin.account.world import load_world
from usagetwin.contract.operation import SESSIONS

DAY = 20_515  # 2026-03-03
OPERATIONS = operations()
THOUSANDS = GivenCounts(0, (1000,) * 400)


def share_of(seed: int, path: str, project: str, day: int) -> int:
    """Give the percent of one day, as section 5 of the semantics has it: slowly, alone."""
    named = seed.to_bytes(8, "little") + f"{path}\n{project}".encode() + (day // 32).to_bytes(8, "little")
    digest = blake2b(named, digest_size=64).digest()
    place = 2 * (day % 32)
    drawn = digest[place] + 256 * digest[place + 1]
    return 50 + 101 * drawn // 65_536


def test_the_vendored_operation_counts_what_the_world_has() -> None:
    """Whatever a document calls it: the very same account."""
    world = acme()

    assert counted(world, SESSIONS) is world
    assert counted(world, replace(SESSIONS, id="getObservabilitySessionsUsage")) is world


def test_each_sibling_has_counts_of_its_own_between_half_and_one_and_a_half() -> None:
    """In every world, generated or given day by day, with noise or without."""
    for world in (load_world("business-week"), load_world("idle"), acme()):
        for project in world.projects:
            own = project.counts.counts(DAY - 40, DAY)
            found = {
                operation.path: next(
                    each for each in counted(world, operation).projects if each.key == project.key
                ).counts.counts(DAY - 40, DAY)
                for operation in OPERATIONS
            }
            for counts in found.values():
                assert all(
                    each * 50 // 100 <= count <= each * 150 // 100
                    for each, count in zip(own, counts, strict=True)
                )
            if sum(own) > 100:
                assert len({tuple(counts) for counts in found.values()}) == len(OPERATIONS)


@pytest.mark.parametrize(("first", "last"), [(0, 99), (31, 32), (64, 64), (100, 99)])
def test_a_day_is_counted_alike_in_every_range(first: int, last: int) -> None:
    """By the share that a slow model gives of it."""
    counts = SiblingCounts(7, ERRORS, "web", THOUSANDS).counts(first, last)

    assert counts == [10 * share_of(7, ERRORS, "web", day) for day in range(first, last + 1)]


def test_the_shares_are_pinned() -> None:
    """On every machine: by path, project and seed."""
    drawn_by = [(1, ERRORS, "web"), (1, ERRORS, "app"), (1, LOGS, "web"), (2, ERRORS, "web")]

    found = [SiblingCounts(*named, THOUSANDS).counts(0, 7) for named in drawn_by]

    assert [[count // 10 for count in counts] for counts in found] == PINNED


PINNED: Final = [
    [50, 111, 130, 67, 86, 149, 95, 60],
    [52, 106, 113, 67, 66, 51, 60, 61],
    [56, 146, 85, 69, 139, 119, 78, 87],
    [84, 136, 64, 93, 122, 98, 51, 51],
]


def test_a_count_stays_one_that_every_reader_keeps_exactly() -> None:
    """At most 2^53 - 1, and zero stays zero."""
    counts = SiblingCounts(1, ERRORS, "web", GivenCounts(0, (MAX_COUNT,) * 100 + (0,) * 10)).counts(0, 109)

    assert max(counts) == MAX_COUNT
    assert counts[100:] == [0] * 10


def test_a_day_costs_its_own_count_and_its_share() -> None:
    """So that a long question is worked on in steps as long as any."""
    world = counted(load_world("business-week"), OPERATIONS[1])
    own = load_world("business-week")

    for sibling, project in zip(world.projects, own.projects, strict=True):
        assert sibling.counts.day_cost == getattr(project.counts, "day_cost", 1) + 1  # type: ignore[attr-defined]  # -- of its own counts


def test_a_sibling_s_ledger_has_the_world_s_projects() -> None:
    """Created on the same days."""
    ledger = ledger_of(acme(), OPERATIONS[1])

    assert ledger.keys == ("web", "app")
    assert [ledger.column((key,)).created for key in ledger.keys] == [  # type: ignore[union-attr]  # -- they are known
        each.created for each in acme().projects
    ]
