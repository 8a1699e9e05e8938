"""The reply cache: when the inner part is asked again, and when it is not."""

from typing import TYPE_CHECKING

import pytest

from tests.asgi.counting import Counting, MovingClock
from tests.inprocess import ask
from usagetwin.asgi.notes import Instant
from usagetwin.asgi.reply_cache import LONGEST_QUERY, MOST_BYTES, ReplyCache

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tests.conftest import MakeApp


def _cached(inner: Counting, clock: MovingClock | None = None) -> Instant:
    return Instant(ReplyCache(inner), clock or MovingClock())


def test_a_repeated_request_is_answered_from_memory() -> None:
    """From the third time on: the second time shows that it repeats."""
    inner = Counting()
    app = _cached(inner)

    replies = [ask(app, "from=1") for _ in range(5)]

    assert [reply.body for reply in replies] == [b"1", b"2", b"2", b"2", b"2"]
    assert all(reply == replies[1] for reply in replies[2:])


def test_what_is_asked_once_only_takes_no_memory() -> None:
    """However many different questions come, those that repeat stay."""
    inner = Counting(body=b"x" * (MOST_BYTES // 8))
    app = _cached(inner)
    _twice(app, "from=repeats")

    for number in range(20):
        ask(app, f"from={number}")
    asked = inner.asked
    ask(app, "from=repeats")

    assert inner.asked == asked == 22


def test_a_question_that_repeats_is_kept_at_once_in_the_next_second() -> None:
    """It is known by then that it repeats."""
    inner, clock = Counting(), MovingClock(1000)
    app = _cached(inner, clock)
    ask(app)
    clock.now_s = 1001

    assert [ask(app).body for _ in range(2)] == [b"2", b"2"]


def test_too_many_different_questions_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked before all of them counts as new again."""
    monkeypatch.setattr("usagetwin.asgi.reply_cache.MOST_SEEN", 3)
    app = _cached(Counting())
    for number in (1, 2, 3, 4, 1):
        ask(app, f"from={number}")

    assert [ask(app, "from=1").body for _ in range(2)] == [b"6", b"6"]
    assert [ask(app, "from=2").body for _ in range(3)] == [b"7", b"8", b"8"]


@pytest.mark.parametrize(
    "other",
    [
        {"query": "from=2"},
        {"query": "from=1&"},
        {"path": "/other"},
        {"path": "/%6fther"},
        {"headers": (("authorization", "other"),)},
    ],
)
def test_another_path_query_or_credential_is_another_request(other: dict[str, object]) -> None:
    """Each is part of what decides the reply, as raw bytes."""
    inner = Counting()
    app = _cached(inner)
    _twice(app, "from=1")

    reply = ask(app, **{"query": "from=1", **other})  # type: ignore[arg-type]  # -- a table of options

    assert reply.body == b"3"


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "HEAD"},
        {"method": "POST"},
        {"headers": ()},
        {"headers": (("authorization", ""), ("authorization", "t"))},
        {"headers": (("authorization", "t"), ("authorization", "t"))},
        {"query": "x" * (LONGEST_QUERY + 1)},
    ],
)
def test_what_a_key_could_not_tell_apart_is_never_kept(asked: dict[str, object]) -> None:
    """Other methods, no or several credentials, and very long queries."""
    inner = Counting()
    app = _cached(inner)

    for _ in range(3):
        ask(app, **asked)  # type: ignore[arg-type]  # -- a table of options

    assert inner.asked == 3


@pytest.mark.parametrize("status", [201, 204, 301, 400, 401, 403, 404, 429, 500])
def test_only_a_200_is_kept(status: int) -> None:
    """An error is made afresh each time."""
    inner = Counting(status)
    app = _cached(inner)

    for _ in range(3):
        ask(app)

    assert inner.asked == 3


def test_a_reply_does_not_outlive_its_instant() -> None:
    """One second later, or earlier, the inner part is asked again."""
    inner, clock = Counting(), MovingClock(1000)
    app = _cached(inner, clock)

    bodies = []
    for clock.now_s in (1000, 1000, 1000, 1001, 1001, 1000):
        bodies.append(ask(app).body)

    assert bodies == [b"1", b"2", b"2", b"3", b"3", b"4"]


def test_a_reply_that_the_next_second_overtook_is_not_kept() -> None:
    """It was made for an instant that has passed by the time it is done."""
    clock = MovingClock(1000)
    app: Instant

    class Overtaken(Counting):
        async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
            if self.asked == 1:
                self.asked += 1
                clock.now_s = 1001
                await app({**scope, "query_string": b"another"}, receive, _drop)
                self.asked = 10
            await super().__call__(scope, receive, send)

    inner = Overtaken()
    app = _cached(inner, clock)

    assert [ask(app).body for _ in range(4)] == [b"1", b"11", b"12", b"12"]


async def _drop(_message: object) -> None:
    """Take a message, and forget it."""


def test_memory_is_bounded_by_bytes() -> None:
    """When the bodies add up to more than the bound, all are forgotten, and it begins again."""
    inner = Counting(body=b"x" * (MOST_BYTES // 8))
    app = _cached(inner)

    for number in range(7):
        _twice(app, f"from={number}")
    ask(app, "from=0")
    kept = inner.asked
    for number in range(7, 10):
        _twice(app, f"from={number}")
    ask(app, "from=0")

    assert kept == 14
    assert inner.asked == 21


def _twice(app: Instant, query: str) -> None:
    for _ in range(2):
        ask(app, query)


def test_what_is_not_http_passes() -> None:
    """A lifespan message, for one."""
    inner = Counting()

    ask(lambda scope, receive, send: ReplyCache(inner)({**scope, "type": "lifespan"}, receive, send))

    assert inner.asked == 1


@pytest.mark.parametrize(
    "query", ["", "aggregationType=incremental", "projectKey=web&projectKey=app&from=0", "from=x"]
)
def test_the_twin_answers_alike_with_and_without_it(make_app: "MakeApp", query: str) -> None:
    """First and repeated answers, headers included."""
    with_cache, without = make_app(), make_app(reply_cache=False)

    answers = [ask(app, query) for app in (with_cache, with_cache, with_cache, without, without)]

    assert all(answer == answers[0] for answer in answers)
