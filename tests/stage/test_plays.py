"""Plays behind tokens: each has a world, a clock, faults and a journal of its own, and an end."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import pytest

from tests import inprocess
from tests.acme import FULL, MONTH_TO_DATE, NOW_S
from tests.answer import assert_error
from tests.stage.records import acme
from usagetwin.errors import SettingError
from usagetwin.stage import changes
from usagetwin.stage.faults import make_fault
from usagetwin.stage.play import Play
from usagetwin.stage.plays import Limits, MadePlay, Plays
from usagetwin.stage.setup import Setup
from usagetwin.stage.stage import Stage

if TYPE_CHECKING:
    from tests.answer import Answer

SETUP: Final = Setup(world=acme(), frozen_s=NOW_S)


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now_s


def staged(**limits: float) -> tuple[Stage, Plays]:
    """Give a stage with a play that is on, and the plays behind its tokens."""
    plays = Plays(Limits(**limits))  # type: ignore[arg-type]  # -- limits by name
    stage = Stage(plays=plays)
    stage.play = Play(SETUP)
    return stage, plays


def ask(stage: Stage, made: MadePlay | str, query: str = "") -> "Answer":
    """Ask with a play's token."""
    token = made if isinstance(made, str) else made.token
    return inprocess.ask(stage, query, headers=(("authorization", token),))


def test_the_end_of_a_play_is_told_once() -> None:
    """To who asked for it, with all that the play was asked."""
    told: list[int] = []
    plays = Plays(Limits(), at_end=lambda made: told.append(made.number))
    made = plays.make(SETUP)

    plays.end(made)
    plays.end(made)

    assert told == [1]


def test_a_token_chooses_a_play_and_others_get_the_one_that_is_on() -> None:
    """Each has a journal of its own, and numbers of its own."""
    stage, plays = staged()
    made = plays.make(SETUP, name="billing")

    ask(stage, made, "projectKey=web")
    ask(stage, FULL, "projectKey=app")

    assert [each.query_string for each in made.play.journal.requests] == ["projectKey=web"]
    assert stage.play is not None
    assert [each.query_string for each in stage.play.journal.requests] == ["projectKey=app"]
    assert (made.number, made.name) == (1, "billing")


def test_two_plays_differ_in_all_that_a_play_has() -> None:
    """World, clock, policies, the token's role and faults: what one is told, the other knows nothing of."""
    stage, plays = staged()
    one, other = plays.make(SETUP), plays.make(SETUP)
    one.play.alter(changes.of_world({"web": {"2026-03-01": 5}}))
    other.play.alter(changes.frozen("2026-03-02T12:00:00Z"))
    assert [ask(stage, each).values for each in (one, other, FULL)] == [[5, 5, 5], [31, 52], MONTH_TO_DATE]

    one.play.faults.add(make_fault("server-error"))
    other.play.alter(changes.listing(other.token, "revoked"))
    assert [ask(stage, each).status for each in (one, other, FULL)] == [500, 401, 200]

    one.play.faults.clear()
    one.play.alter(changes.decided({"quota": 1}))
    assert [ask(stage, one).status for _ in range(2)] == [200, 429]
    other.play.alter(changes.listing(other.token, "full"))
    assert [ask(stage, each).status for each in (other, other, FULL)] == [200] * 3


def test_a_play_lets_its_own_token_in_where_only_listed_ones_are() -> None:
    """Or nobody could ask it."""
    stage, plays = staged()
    made = plays.make(SETUP)
    made.play.alter(changes.decided({"unknown_tokens": "reject"}))

    assert ask(stage, made).status == 200


def test_a_client_that_errs_about_its_token_errs_in_its_own_play() -> None:
    """`Bearer` before it is refused there, and found."""
    stage, plays = staged()
    made = plays.make(SETUP)

    assert_error(ask(stage, f"Bearer {made.token}"), 401, "invalid_token")

    assert [finding.rule for finding in made.play.findings] == ["bearer-is-invalid-token"]


def test_the_token_of_an_ended_play_is_refused_as_an_unknown_one_is() -> None:
    """So is that of another twin; neither gets numbers of another account."""
    stage, plays = staged()
    made, stranger = plays.make(SETUP), staged()[1].make(SETUP)
    plays.end(made)
    plays.end(made)

    for token in (made.token, stranger.token):
        message = assert_error(ask(stage, token), 401, "unauthorized")
        assert "the play of this token has ended" in message
        assert token not in message
    assert plays.all() == ()
    assert stage.play is not None
    assert len(stage.play.journal) == 0


def test_an_idle_play_ends() -> None:
    """A request, and asking for it by number, is use; being listed is none."""
    clock = Clock()
    plays = Plays(Limits(idle_s=100), seconds=clock)
    asked, looked_at, idle = (plays.make(SETUP) for _ in range(3))

    for _ in range(3):
        clock.now_s += 60
        assert plays.find(asked.token) is asked
        assert plays.numbered(looked_at.number) is looked_at
        plays.all()

    assert plays.all() == (asked, looked_at)
    assert plays.find(idle.token) is None
    with pytest.raises(SettingError, match="the play 3 has ended\n  try   a play of the list"):
        plays.numbered(idle.number)
    with pytest.raises(SettingError, match="the play 4 was never made"):
        plays.numbered(4)


def test_there_are_as_many_plays_as_there_may_be() -> None:
    """One more is refused, until another has ended by itself or by hand."""
    clock = Clock()
    plays = Plays(Limits(plays=2, idle_s=100), seconds=clock)
    first, _ = plays.make(SETUP), plays.make(SETUP)

    with pytest.raises(SettingError, match=r"there are 2 plays already.*\n  try   end plays .* for 100 s"):
        plays.make(SETUP)
    plays.end(first)
    plays.make(SETUP)
    clock.now_s += 101
    plays.make(SETUP)

    assert [made.number for made in plays.all()] == [4]


def test_the_largest_journal_gives_way() -> None:
    """When all together take more memory than they may; what it broke stays known."""
    stage, plays = staged(all_bytes=200_000)
    small, large = plays.make(SETUP), plays.make(SETUP)
    ask(stage, small, "page=1")

    for _ in range(200):
        ask(stage, large, "page=1")

    assert sum(made.play.journal.bytes for made in plays.all()) <= 200_000
    assert len(small.play.journal.requests) == 1
    assert len(large.play.journal.requests) < len(large.play.journal) == 200
    assert large.play.broken == {"undocumented-parameters-ignored": 200}


def test_two_threads_change_one_play_and_nothing_is_lost() -> None:
    """Each change is made of the one before it."""
    _, plays = staged()
    play = plays.make(SETUP).play
    names = [f"api-{number}" for number in range(200)]

    def change(name: str) -> None:
        play.alter(changes.listing(name, "revoked"))
        play.alter(changes.advanced(1))

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(change, name) for name in names]:
            done.result()

    assert play.setup.now_s == NOW_S + 200
    assert set(play.setup.tokens) == set(names)


def test_many_threads_ask_and_change_many_plays() -> None:
    """Each answer is the one of its play, at one of the two instants that it stood at."""
    stage, plays = staged()
    worlds = {number: {"web": {"2026-03-01": number}} for number in range(1, 9)}
    made = {number: plays.make(SETUP) for number in worlds}
    for number, each in made.items():
        each.play.alter(changes.of_world(worlds[number]))

    def use(number: int) -> list[list[int]]:
        answers = []
        for day in (2, 3) * 5:
            made[number].play.alter(changes.frozen(f"2026-03-0{day}T12:00:00Z"))
            answers.append(ask(stage, made[number]).values)
        return answers

    with ThreadPoolExecutor(8) as pool:
        used = dict(zip(made, pool.map(use, made), strict=True))

    assert used == {number: [[number] * 2, [number] * 3] * 5 for number in made}
    assert {len(each.play.journal) for each in made.values()} == {10}


def test_without_limits_no_token_is_a_play_s() -> None:
    """The stage of a test has one play, which answers everyone."""
    stage = Stage()
    stage.play = Play(SETUP)

    assert ask(stage, staged()[1].make(SETUP)).status == 200
