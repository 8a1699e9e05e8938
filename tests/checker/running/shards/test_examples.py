"""Tests of `usagetwin_checker.running.shards.examples`: what shards are lent, and what of theirs is kept."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings
from hypothesis.database import ExampleDatabase, InMemoryExampleDatabase

from tests.checker.running.shards.cut import cut, faulty
from usagetwin_checker.running.shards.examples import Learned, Lent, keep, remembered
from usagetwin_checker.running.shards.part import Task, run_shard

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY: Final = b"key"


def within(database: ExampleDatabase | None) -> "Iterator[None]":
    """Have a usual database of this test's own, or none."""
    settings.register_profile("before", settings.default)
    settings.register_profile("shards", settings.default, database=database)
    settings.load_profile("shards")
    yield
    settings.load_profile("before")


@pytest.fixture
def usual() -> "Iterator[InMemoryExampleDatabase]":
    """Give the usual database, which is empty."""
    database = InMemoryExampleDatabase()
    for _ in within(database):
        yield database


@pytest.fixture
def no_usual() -> "Iterator[None]":
    """Have no usual database."""
    yield from within(None)


def test_a_lent_database_begins_with_what_it_is_given() -> None:
    """And with nothing under other keys."""
    lent = Lent({KEY: frozenset({b"b", b"a"})})

    assert list(lent.fetch(KEY)) == [b"a", b"b"]
    assert list(lent.fetch(b"other")) == []


def test_a_lent_database_remembers_what_changes() -> None:
    """What is saved and deleted again leaves a deletion, and the other way round."""
    lent = Lent({KEY: frozenset({b"a"})})

    lent.save(KEY, b"b")
    lent.delete(KEY, b"a")
    lent.save(KEY, b"c")
    lent.delete(KEY, b"c")

    assert list(lent.fetch(KEY)) == [b"b"]
    assert lent.learned == Learned(frozenset({(KEY, b"b")}), frozenset({(KEY, b"a"), (KEY, b"c")}))


def test_what_one_shard_saved_stays_though_another_has_no_use_for_it(
    usual: InMemoryExampleDatabase,
) -> None:
    """The examples of all of them end up in the usual database."""
    usual.save(KEY, b"old")
    usual.save(KEY, b"kept")

    keep(
        [
            Learned(frozenset({(KEY, b"new")}), frozenset({(KEY, b"old")})),
            Learned(frozenset(), frozenset({(KEY, b"new")})),
        ]
    )

    assert set(usual.fetch(KEY)) == {b"kept", b"new"}


@pytest.mark.usefixtures("no_usual")
def test_without_a_usual_database_nothing_is_kept() -> None:
    """And nothing is remembered."""
    keep([Learned(frozenset({(KEY, b"new")}), frozenset())])

    assert remembered() == {}


@pytest.mark.usefixtures("usual")
def test_what_a_shard_found_is_tried_first_by_the_next_run() -> None:
    """One draw finds a fault by its example, and does not without."""
    where = faulty("metadata-of-one-is-no-list")
    _, (_, drawing) = cut(2, 120)
    one_draw = replace(drawing, max_examples=1)

    keep([run_shard(Task(where, drawing, {})).learned])
    with_example = run_shard(Task(where, one_draw, remembered()))
    without = run_shard(Task(where, one_draw, {}))

    assert [finding.rule_id for finding in with_example.report.findings] == ["metadata-is-a-list-of-objects"]
    assert without.report.findings == ()
