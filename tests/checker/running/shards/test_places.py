"""Tests of `usagetwin_checker.running.shards.places`: parts come to the same here and on Dask."""

import os
import signal
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from distributed import Client

from tests.checker.running.shards.clusters import threads
from usagetwin.errors import SettingError
from usagetwin_checker.running.shards import places
from usagetwin_checker.running.shards.places import Done, Here, Lost, OnDask, place

if TYPE_CHECKING:
    from collections.abc import Iterator


def doubled(number: int) -> int:
    """Do the work of these tests."""
    return 2 * number


def refused(number: int) -> int:
    """Refuse to."""
    problem = f"{number} is odd"
    raise SettingError(problem, "another one")


def broken(number: int) -> int:
    """Break down."""
    message = f"no {number}\x1b[31m"
    raise ValueError(message)


def deadly(number: int) -> int:
    """End the worker, where the number is one."""
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def slow(number: int) -> int:
    """Take a while."""
    time.sleep(0.2)
    return number


def going_on() -> bool:
    """Tell that nothing has stopped."""
    return False


@pytest.fixture(scope="module")
def dask() -> "Iterator[OnDask]":
    """Give a cluster of threads in this process."""
    with threads(1) as cluster, Client(cluster, set_as_default=False) as client:
        yield OnDask(client)


def test_parts_are_worked_on_in_their_order_here() -> None:
    """One after another."""
    assert list(Here().each(doubled, [1, 2, 3], going_on)) == [Done(0, 2), Done(1, 4), Done(2, 6)]


def test_nothing_more_is_begun_once_it_is_stopped() -> None:
    """What was done until then is given."""
    done: list[Done[int]] = []

    for each in Here().each(doubled, [1, 2, 3], lambda: len(done) == 2):
        done.append(each)  # noqa: PERF402 -- read while it grows

    assert done == [Done(0, 2), Done(1, 4)]


def test_dask_gives_the_same(dask: OnDask) -> None:
    """In whichever order, each with its index."""
    done = list(dask.each(doubled, [1, 2, 3], going_on))

    assert sorted(done, key=lambda each: each.index) == [Done(0, 2), Done(1, 4), Done(2, 6)]


def test_dask_stops(dask: OnDask) -> None:
    """What was not done by then is given up."""
    done: list[Done[int]] = []

    for each in dask.each(slow, list(range(20)), lambda: len(done) >= 2):
        done.append(each)  # noqa: PERF402 -- read while it grows

    assert 2 <= len(done) < 20


def test_what_a_worker_refuses_is_refused_here(dask: OnDask) -> None:
    """In the same words."""
    with pytest.raises(SettingError, match="1 is odd") as error:
        list(dask.each(refused, [1], going_on))

    assert error.value.remedy == "another one"


def test_what_breaks_on_a_worker_is_told_without_a_trace(dask: OnDask) -> None:
    """By its kind and words, fit for a terminal."""
    with pytest.raises(SettingError, match="a Dask worker failed: ValueError: no 1") as error:
        list(dask.each(broken, [1], going_on))

    assert "\x1b" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_cluster_that_lost_all_workers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be just starting, and so has a minute: none here."""
    monkeypatch.setattr(places, "WORKERLESS_S", 0.1)
    with (
        threads(0) as cluster,
        Client(cluster, set_as_default=False) as client,
        pytest.raises(SettingError, match="no worker is left on the Dask cluster, and 2 parts wait"),
    ):
        list(OnDask(client).each(doubled, [1, 2], going_on))


def test_workers_of_this_machine_give_the_same() -> None:
    """They are processes, which are there for this and then gone."""
    with place(workers=1, scheduler=None) as workers:
        done = list(workers.each(doubled, [2], going_on))

    assert done == [Done(0, 4)]


@pytest.mark.proof
def test_a_part_that_kills_each_worker_is_lost_alone() -> None:
    """The others are done, by workers that take the place of the dead ones."""
    with place(workers=1, scheduler=None) as workers:
        done = {each.index: each.result for each in workers.each(deadly, [0, 1, 2], going_on)}

    assert done == {0: 0, 1: Lost("its worker died each time that it was tried"), 2: 2}


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is asked."""
    monkeypatch.setattr(places, "find_spec", lambda name: None if name == "distributed" else find_spec(name))

    with (
        pytest.raises(SettingError, match="take Dask, which is not installed") as error,
        place(workers=2, scheduler=None),
    ):
        pytest.fail("there is no place")

    assert error.value.remedy == "pip install 'usagetwin[dask]'"


@pytest.mark.parametrize(
    "address",
    ["localhost", "http://127.0.0.1:8786", "tcp://127.0.0.1", "tcp://:8786", "tcp://[::1", "tcp://h:x"],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    """With one that is."""
    with pytest.raises(SettingError, match="is no address of a Dask scheduler") as error, at(address):
        pytest.fail("there is no place")

    assert "tcp://HOST:8786" in error.value.remedy


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Dask's reason, after a short while."""
    monkeypatch.setattr(places, "CONNECT_S", 0.1)

    with (
        pytest.raises(SettingError, match=r"'tcp://127\.0\.0\.1:1' can't be reached"),
        at("tcp://127.0.0.1:1"),
    ):
        pytest.fail("there is no place")


def at(address: str) -> Any:  # noqa: ANN401 -- a context
    """Give the place of a scheduler."""
    return place(workers=None, scheduler=address)
