"""One test's use of the twin, over HTTP as its code uses it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from http.client import IncompleteRead
from typing import TYPE_CHECKING, Any

import freezegun
import pytest
import time_machine

from tests.acme import (
    FULL,
    INCREMENTAL,
    MAR_1,
    MAR_2,
    MAR_3,
    MONTH_TO_DATE,
    NOW_S,
    PATH,
    assert_default_answer,
)
from tests.answer import assert_error
from tests.stage.staged import setup_of, staged
from tests.wire import connection_to, get, request, send
from usagetwin.account.world import Role
from usagetwin.errors import SettingError
from usagetwin.settings import Settings
from usagetwin.stage.faults import PredicateError, make_fault
from usagetwin.stage.play import Play

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

    from tests.stage.staged import Staged
    from usagetwin.stage.journal import Recorded


@pytest.fixture(scope="module")
def served() -> "Iterator[Staged]":
    """Serve a stage for the tests of this file."""
    with staged() as served:
        yield served


def test_the_twin_answers_as_ever(served: "Staged", acme_file: str) -> None:
    """Through the stage comes what the twin of the same settings answers."""
    with served.play(acme_file):
        assert_default_answer(served.ask())


def test_without_a_play_there_is_no_answer(served: "Staged", acme_file: str) -> None:
    """A request between two plays is told so, in the shape of all errors."""
    with served.play(acme_file) as play:
        served.ask()

    message = assert_error(served.ask(), 503, "no_play")

    assert "No play is on" in message
    assert len(play.journal) == 1


def test_every_request_is_recorded_with_its_status(served: "Staged", acme_file: str) -> None:
    """Valid or not, on whatever path, in the order of arrival."""
    with served.play(acme_file) as play:
        served.ask("projectKey=web&granularity=monthly", Accept="application/json")
        served.ask("granularity=hourly")
        send(served.server.url, request(b"/api/v2/flags?x=1"))
        send(served.server.url, request(PATH.encode(), method=b"POST"))

    first = play.journal.requests[0]
    assert [(each.number, each.method, each.status) for each in play.journal.requests] == [
        (1, "GET", 200),
        (2, "GET", 400),
        (3, "GET", 404),
        (4, "POST", 405),
    ]
    assert first.parameters == (("projectKey", "web"), ("granularity", "monthly"))
    assert first.header("accept") == "application/json"
    assert first.at == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert play.journal.requests[2].target == "/api/v2/flags?x=1"


def test_another_path_is_the_twins_own_404(served: "Staged", acme_file: str) -> None:
    """The twin says which path it has."""
    with served.play(acme_file):
        answer = send(served.server.url, request(b"/api/v2/flags"))

    assert "'/api/v2/flags'" in assert_error(answer, 404, "not_found")


def test_a_body_on_a_get_is_recorded_and_ignored(served: "Staged", acme_file: str) -> None:
    """LaunchDarkly's own command line sends `null`."""
    raw = request(PATH.encode(), f"Authorization: {FULL}\r\nContent-Length: 4\r\n".encode()) + b"null"
    with served.play(acme_file) as play:
        assert_default_answer(send(served.server.url, raw))

    assert play.journal.requests[0].body == b"null"


def test_a_change_takes_effect_with_the_next_request(served: "Staged", acme_file: str) -> None:
    """On the same connection: instant, token, policy, profile and world, one after the other."""
    connection = connection_to(served.server.url)
    with served.play(acme_file) as play:
        before = get(connection)
        play.change(frozen_s=NOW_S - 86400)
        earlier = get(connection)
        play.change(tokens={FULL: Role.REVOKED})
        revoked = get(connection)
        play.change(tokens={}, settings=replace(play.setup.settings, policies={"beta": "required"}))
        gated = get(connection)
        play.change(
            settings=Settings(), world=replace(play.setup.world, projects=play.setup.world.projects[:1])
        )
        smaller = get(connection)
    connection.close()

    assert before.values == MONTH_TO_DATE
    assert earlier.values == [31, 52]
    assert (revoked.status, gated.status) == (401, 403)
    assert smaller.values == [30, 50]
    assert [each.at.day for each in play.journal.requests] == [3, 2, 2, 2, 2]


def test_a_change_that_can_not_be_changes_nothing(served: "Staged", acme_file: str) -> None:
    """The mistake is raised in the test's thread, and the twin answers as before."""
    with served.play(acme_file) as play:
        with pytest.raises(SettingError, match="no policy 'quotas'"):
            play.change(settings=Settings(policies={"quotas": "1"}))

        assert_default_answer(served.ask())


@pytest.mark.parametrize("travel", [freezegun.freeze_time, lambda to: time_machine.travel(to, tick=False)])
def test_an_unfrozen_clock_follows_time_travel(served: "Staged", acme_file: str, travel: Any) -> None:  # noqa: ANN401 -- of either library
    """Of the two libraries that travel in time, also where the twin was made before."""
    with served.play(acme_file, now=None) as play, travel("2026-03-02T18:00:00Z"):
        answer = served.ask("aggregationType=incremental")

    assert answer.values[:1] == INCREMENTAL[:1]
    assert len(answer.values) == 2
    assert play.journal.requests[0].at == datetime(2026, 3, 2, 18, tzinfo=UTC)


def test_a_fault_of_the_contract_is_shown_by_name(served: "Staged", acme_file: str) -> None:
    """As often as told, and the journal says which request got it."""
    with served.play(acme_file, make_fault("counts-are-strings", times=1)) as play:
        spoiled, honest = served.ask(), served.ask()

    assert [point["0"] for point in spoiled.json()["series"]] == ["31", "73", "100"]
    assert honest.values == MONTH_TO_DATE
    assert [(each.status, each.fault) for each in play.journal.requests] == [
        (200, "counts-are-strings"),
        (200, None),
    ]


def test_a_legal_variation_is_shown_by_name(served: "Staged", acme_file: str) -> None:
    """A client must survive it."""
    with served.play(acme_file, make_fault("time-in-seconds")):
        answer = served.ask()

    assert [point["time"] for point in answer.json()["series"]] == [MAR_1, MAR_2, MAR_3]


def test_each_use_of_a_fault_begins_anew(served: "Staged", acme_file: str) -> None:
    """What a fault of the contract remembers, it remembers for itself alone: tests don't meet in it."""

    def crept() -> list[int]:
        with served.play(acme_file, make_fault("past-counts-creep")):
            return [served.ask().values[0] for _ in range(3)]

    first = crept()

    assert len(set(first)) == 3
    assert crept() == first


def test_a_predicate_that_raises_is_told_to_the_client_and_kept_for_the_test(
    served: "Staged", acme_file: str
) -> None:
    """The client gets a 500 that names the fault; the play keeps the error with its cause."""
    failure = ValueError("no such month")

    def when(_request: "Recorded") -> bool:
        raise failure

    with served.play(acme_file, make_fault("reset", when=when)) as play:
        message = assert_error(served.ask(), 500, "internal_error")

        assert "the predicate of the fault 'reset' raised ValueError: no such month" in message
        assert len(play.errors) == 1
        assert isinstance(play.errors[0], PredicateError)
        assert play.errors[0].__cause__ is failure
        assert play.journal.requests[0].status == 500

        play.faults.clear()
        assert_default_answer(served.ask())


async def fail_at_once(_scope: "Scope", _receive: "Receive", _send: "Send") -> None:
    """Fail before an answer has begun."""
    message = "the app is broken"
    raise RuntimeError(message)


async def fail_later(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
    """Fail in the middle of an answer."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
    await fail_at_once(_scope, _receive, send)


def test_an_app_that_fails_is_told_to_the_client_and_kept_for_the_test(
    served: "Staged", acme_file: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A 500 where that is still possible; else the connection ends, as an answer can't be taken back.

    The server has nothing to log of it.
    """
    setup = setup_of(acme_file)
    plays = [Play(setup), Play(setup)]

    served.stage.begin(plays[0], fail_at_once)
    assert_error(served.ask(), 500, "internal_error")
    served.stage.begin(plays[1], fail_later)
    with pytest.raises(IncompleteRead):
        served.ask()
    served.stage.play = None

    assert [[str(error) for error in play.errors] for play in plays] == [["the app is broken"]] * 2
    assert caplog.records == []


def test_a_quota_is_spent_by_one_test_alone(served: "Staged", acme_file: str) -> None:
    """The next test has the whole quota again."""
    for _ in range(2):
        with served.play(acme_file, policies={"quota": "1"}):
            assert [served.ask().status, served.ask().status] == [200, 429]


def ask_in_vain(served: "Staged") -> None:
    """Ask, and lose the connection."""
    with pytest.raises(ConnectionError):
        served.ask()


def test_a_request_of_one_test_is_never_recorded_for_the_next(served: "Staged", acme_file: str) -> None:
    """One that waits when its test ends stays with that test."""
    with served.play(acme_file, make_fault("timeout")) as first:
        waiting = threading.Thread(target=ask_in_vain, args=[served])
        waiting.start()
        while not len(first.journal):
            waiting.join(0.005)

    with served.play(acme_file) as second:
        waiting.join()
        served.ask()

    assert [each.fault for each in first.journal.requests] == ["timeout"]
    assert [each.status for each in second.journal.requests] == [200]


def test_many_threads_ask_while_another_changes_the_play(served: "Staged", acme_file: str) -> None:
    """Each answer is of one setup, never of two, and the record says which instant that was."""
    frozen = {NOW_S: MONTH_TO_DATE, NOW_S - 86400: [31, 52]}
    with served.play(acme_file) as play:

        def change(number: int) -> None:
            play.change(frozen_s=list(frozen)[number % 2])

        with ThreadPoolExecutor(6) as pool:
            changes = [pool.submit(change, number) for number in range(60)]
            answers = list(pool.map(lambda _: tuple(served.ask().values), range(60)))
        for each in changes:
            each.result()

    assert set(answers) <= {tuple(values) for values in frozen.values()}
    assert [each.number for each in play.journal.requests] == list(range(1, 61))
    assert {each.status for each in play.journal.requests} == {200}


def test_seeded_chance_repeats_over_http(served: "Staged", acme_file: str) -> None:
    """The same requests in the same order meet the same outcome."""

    def outcomes() -> list[int]:
        with served.play(acme_file, make_fault("server-error", chance=0.5, seed=7)):
            return [served.ask().status for _ in range(12)]

    first = outcomes()

    assert set(first) == {200, 500}
    assert outcomes() == first


def test_what_a_play_needs_is_checked_before_it_begins(served: "Staged", acme_file: str) -> None:
    """A quota store that can't be used is a mistake of the settings, not a 500 in the middle of a test."""
    play = Play(setup_of(acme_file, policies={"quota": "1"}, store="nowhere://"))

    with pytest.raises(SettingError, match="the store"):
        served.stage.play = play

    assert served.stage.play is None
