"""A play on a running twin, as a test uses it: what the plugin's own tests do not show."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.acme import NOW_S
from tests.stage.records import acme
from tests.testing.running import running, serving
from tests.wire import connection_to, get
from usagetwin.control.speaking import RefusedError
from usagetwin.errors import SettingError
from usagetwin.stage.accounts import world_of
from usagetwin.stage.faults import PredicateError, make_fault
from usagetwin.stage.patience import Patience
from usagetwin.stage.setup import Setup
from usagetwin_checker.testing.distant_play import DistantPlay
from usagetwin_checker.testing.running_twin import RunningTwin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.answer import Answer
    from usagetwin.stage.journal import Recorded

SETUP = Setup(world=acme(), frozen_s=NOW_S)


@contextmanager
def playing(url: str, setup: Setup = SETUP) -> "Iterator[tuple[DistantPlay, str]]":
    """Let a play be on at a running twin, and give it with the base URL that leads to it."""
    play = DistantPlay(RunningTwin(url), setup, name="a test", patience=Patience())
    with serving(play) as here:
        try:
            yield play, here
        finally:
            play.close()


def ask(url: str, query: str = "") -> "Answer":
    """Ask once, on a connection of its own."""
    connection = connection_to(url)
    try:
        return get(connection, query)
    finally:
        connection.close()


def test_requests_that_the_twin_keeps_no_more_are_known_by_what_came_here() -> None:
    """In their order, beside those that it has."""
    with running(requests=3) as url, playing(url) as (play, here):
        for number in range(5):
            ask(here, f"projectKey=web&from={number}&to={number}" if number else "projectKey=none")
        requests = play.journal.requests

    assert [each.number for each in requests] == [1, 2, 3, 4, 5]
    assert [each.status for each in requests] == [404, 200, 200, 200, 200]
    assert [each.value("to") for each in requests] == [None, "1", "2", "3", "4"]
    assert play.journal.requests == requests


def test_a_long_journal_comes_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it."""
    monkeypatch.setattr("usagetwin_checker.testing.distant_journal.PAGE", 2)

    with running() as url, playing(url) as (play, here):
        for _ in range(5):
            ask(here)
        assert [each.number for each in play.journal.requests] == [1, 2, 3, 4, 5]


def test_a_play_that_has_ended_is_an_error_of_its_test_once() -> None:
    """And what was read before stays."""
    with running() as url, playing(url) as (play, here):
        ask(here)
        ask(here, "page=1")
        before = play.journal.requests, play.findings
        play.faults.add(make_fault("reset"))
        play.say("DELETE", "")

        assert (play.journal.requests, play.findings) == before
        assert [each.shown for each in play.faults.added] == [0]
        assert [type(error) for error in play.errors] == [RefusedError]
        assert ask(here).status == 401
    assert [str(error) for error in play.errors] == ["the play 1 has ended\n  try   " + play.errors[0].remedy]  # type: ignore[attr-defined]  # -- of a SettingError


def test_a_setup_that_can_not_be_told_leaves_no_play() -> None:
    """Of the account that is too large for all plays together, and of one that is too large to be sent."""
    large = world_of({f"project-{number:05}-{'x' * 200}": {"2026-03-01": 5} for number in range(5_000)})
    with running(world_bytes=100) as url:
        twin = RunningTwin(url)
        for setup, said in (
            (SETUP, "the worlds that were sent have"),
            (replace(SETUP, world=large), "larger than the 1 MiB"),
        ):
            with pytest.raises(SettingError, match=said):
                DistantPlay(twin, setup, name="", patience=Patience())

        assert [each["play"] for each in twin.say("GET", "/plays")["plays"]] == ["default"]


def test_a_change_that_is_refused_changes_nothing() -> None:
    """What the play is stays known."""
    with running() as url, playing(url) as (play, here):
        with pytest.raises(SettingError, match="can't stand at"):
            play.change(frozen_s=1e12)

        assert play.setup == SETUP
        assert ask(here).status == 200


def test_a_fault_that_was_taken_back_over_there_is_left_alone() -> None:
    """As one that is taken back twice."""
    fault = make_fault("server-error", times=2)
    with running() as url, playing(url) as (play, here):
        play.faults.add(fault)
        assert ask(here).status == 500
        play.faults.remove(fault)
        play.faults.remove(fault)

        assert ask(here).status == 200
        assert ([each.shown for each in play.faults.added], play.faults.never_shown) == ([1], ())


def test_a_predicate_that_raises_is_told_to_the_client_and_kept_for_the_test() -> None:
    """The twin is not asked; once the fault is taken back, it is."""

    def fail(_request: "Recorded") -> bool:
        message = "the predicate's own"
        raise LookupError(message)

    fault = make_fault("reset", when=fail)
    with running() as url, playing(url) as (play, here):
        play.faults.add(fault)
        assert "the predicate's own" in ask(here).body.decode()
        play.faults.remove(fault)
        assert ask(here).status == 200

        assert [each.status for each in play.journal.requests] == [200, 500]
        assert [type(error) for error in play.errors] == [PredicateError]


def test_threads_change_and_ask_at_once() -> None:
    """Every change counts, and each request is there once."""
    with running() as url, playing(url) as (play, here):

        def use(number: int) -> None:
            play.faults.add(make_fault("server-error", when={"projectKey": f"none-{number}"}))
            assert ask(here, f"projectKey=none-{number}").status == 500

        threads = [threading.Thread(target=use, args=[number]) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [each.number for each in play.journal.requests] == [1, 2, 3, 4, 5, 6]
        assert {each.fault for each in play.journal.requests} == {"server-error"}
        assert [each.shown for each in play.faults.added] == [1] * 6
