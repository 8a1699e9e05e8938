"""Whether an answer is the honest twin's: told before the client has the whole of it."""

from typing import TYPE_CHECKING

import pytest

from tests.acme import NOW_S, assert_default_answer
from tests.inprocess import ask
from tests.stage.staged import staged
from usagetwin.stage.comparing import compared
from usagetwin.stage.faults import make_fault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from tests.stage.staged import Staged


def saying(status: int = 200, body: bytes = b"{}", kind: bytes = b"application/json") -> "ASGIApp":
    """Give an app with one answer, in two pieces."""

    async def app(_scope: "Scope", receive: "Receive", send: "Send") -> None:
        await receive()
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body[:1], "more_body": True})
        await send({"type": "http.response.body", "body": body[1:]})

    return app


def differing(told: list[str], said: str = "differs") -> "Callable[[], Awaitable[None]]":
    """Tell it in a list."""

    async def tell() -> None:
        told.append(said)

    return tell


@pytest.mark.parametrize(
    "deviating", [saying(500), saying(body=b'{"a": 1}'), saying(kind=b"text/plain"), saying(body=b"")]
)
def test_an_answer_that_differs_is_told(deviating: "ASGIApp") -> None:
    """In status, body or headers; and it is the answer that is given."""
    told: list[str] = []

    answer = ask(compared(deviating, saying(), differing(told)))

    assert told == ["differs"]
    assert answer == ask(deviating)


def test_an_answer_that_is_the_same_is_not_told() -> None:
    """However it was cut into pieces."""
    told: list[str] = []

    ask(compared(saying(), saying(), differing(told)))

    assert told == []


def test_it_is_told_before_the_answer_is_whole() -> None:
    """A client that has it can rely on what was told."""
    events: list[str] = []
    inner = compared(saying(500), saying(), differing(events, "told"))

    async def app(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def noting(message: dict[str, object]) -> None:
            body = message["type"] == "http.response.body"
            events.append("whole" if body and not message.get("more_body") else "more")
            await send(message)

        await inner(scope, receive, noting)  # type: ignore[arg-type]  # -- a message is a mapping of any kind

    ask(app)

    assert events == ["more", "more", "told", "whole"]


@pytest.fixture(scope="module")
def served() -> "Iterator[Staged]":
    """Serve a stage for the tests of this file."""
    with staged() as served:
        yield served


def test_a_play_with_a_deviation_knows_which_answers_it_changed(served: "Staged", acme_file: str) -> None:
    """Only the view that deviates is marked, and the rest of the settings holds for both twins."""
    with served.play(acme_file, deviation="incremental-is-cumulative") as play:
        assert_default_answer(served.ask())
        served.ask("aggregationType=incremental")
        served.ask("aggregationType=incremental", Authorization="")

    assert [(request.status, request.deviates) for request in play.journal.requests] == [
        (200, False),
        (200, True),
        (401, False),
    ]


def test_what_changes_in_the_test_changes_for_both_twins(served: "Staged", acme_file: str) -> None:
    """Another instant is no deviation."""
    with served.play(acme_file, deviation="monthly-misses-the-last-day") as play:
        served.ask()
        play.change(frozen_s=NOW_S + 86_400)
        served.ask()
        served.ask("granularity=monthly&from=0")

    assert [request.deviates for request in play.journal.requests] == [False, False, True]


def test_a_quota_counts_for_each_of_them(served: "Staged", acme_file: str) -> None:
    """The honest twin spends its own, so that both refuse the same request."""
    with served.play(acme_file, deviation="monthly-misses-the-last-day", policies={"quota": "2"}) as play:
        for _ in range(3):
            served.ask()

    assert [request.status for request in play.journal.requests] == [200, 200, 429]
    assert not any(request.deviates for request in play.journal.requests)


def test_a_fault_of_the_test_s_own(served: "Staged", acme_file: str) -> None:
    """One of the contract takes the place of the deviation; one of the wire is shown on top of it."""
    with served.play(acme_file, deviation="incremental-is-cumulative") as play:
        play.faults.add(make_fault("counts-are-strings", times=1))
        play.faults.add(make_fault("delay", times=1, seconds=0))
        first = served.ask("aggregationType=incremental").json()["series"]
        second = served.ask("aggregationType=incremental").json()["series"]

    assert [point["0"] for point in first] == ["31", "42", "27"]
    assert [point["0"] for point in second] == [31, 73, 100]
    assert [request.deviates for request in play.journal.requests] == [False, True]


def test_without_a_deviation_nothing_is_compared(served: "Staged", acme_file: str) -> None:
    """A fault is told in the journal's other field."""
    with served.play(acme_file, make_fault("counts-are-strings")) as play:
        served.ask()

    assert [(request.fault, request.deviates) for request in play.journal.requests] == [
        ("counts-are-strings", False)
    ]
