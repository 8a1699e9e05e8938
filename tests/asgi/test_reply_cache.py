"""The reply cache: when the inner part is asked again, and when it is not."""

from typing import TYPE_CHECKING

import pytest

from mockserver.asgi.notes import Instant
from mockserver.asgi.reply_cache import LONGEST_QUERY, MOST_BYTES, ReplyCache
from tests.asgi.counting import Counting, MovingClock
from tests.inprocess import ask

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tests.conftest import MakeApp


def _cached(inner: Counting, clock: MovingClock | None = None) -> Instant:
    return Instant(ReplyCache(inner), clock or MovingClock())


def test_a_repeated_request_is_answered_from_memory() -> None:
    """The inner part is asked once, and all replies are equal."""
    inner = Counting()
    app = _cached(inner)

    replies = [ask(app, "from=1") for _ in range(5)]

    assert inner.asked == 1
    assert all(reply == replies[0] for reply in replies)


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
    ask(app, "from=1")

    reply = ask(app, **{"query": "from=1", **other})  # type: ignore[arg-type]  # -- a table of options

    assert reply.body == b"2"


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
    for clock.now_s in (1000, 1000, 1001, 1001, 1000):
        bodies.append(ask(app).body)

    assert bodies == [b"1", b"1", b"2", b"2", b"3"]


def test_a_reply_that_the_next_second_overtook_is_not_kept() -> None:
    """It was made for an instant that has passed by the time it is done."""
    clock = MovingClock(1000)
    app: Instant

    class Overtaken(Counting):
        async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
            if self.asked == 0:
                self.asked += 1
                clock.now_s = 1001
                await app({**scope, "query_string": b"another"}, receive, _drop)
                self.asked = 10
            await super().__call__(scope, receive, send)

    inner = Overtaken()
    app = _cached(inner, clock)

    assert [ask(app).body for _ in range(3)] == [b"11", b"12", b"12"]


async def _drop(_message: object) -> None:
    """Take a message, and forget it."""


def test_memory_is_bounded_by_bytes() -> None:
    """When the bodies add up to more than the bound, all are forgotten, and it begins again."""
    inner = Counting(body=b"x" * (MOST_BYTES // 8))
    app = _cached(inner)

    for number in range(7):
        ask(app, f"from={number}")
    ask(app, "from=0")
    kept = inner.asked
    for number in range(7, 10):
        ask(app, f"from={number}")
    ask(app, "from=0")

    assert kept == 7
    assert inner.asked == 11


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

    answers = [ask(app, query) for app in (with_cache, with_cache, without, without)]

    assert all(answer == answers[0] for answer in answers)
