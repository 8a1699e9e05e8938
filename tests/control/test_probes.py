"""What a twin tells of itself: to anybody, of any name, and only to be read."""

from typing import TYPE_CHECKING

import pytest

from tests import inprocess
from tests.asgi.counting import Counting
from tests.stage.records import acme
from usagetwin.control.front import Control
from usagetwin.control.probes import State, Watched
from usagetwin.settings import Settings
from usagetwin.stage.plays import Limits, Plays
from usagetwin.stage.served import ServedStage

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from tests.answer import Answer


def metrics(accept: str) -> tuple[bytes, str]:
    """Stand for what a process has counted, which is another module's."""
    return f"accepted: {accept}".encode(), "text/plain"


def controlled(state: State) -> "ASGIApp":
    """Give a twin that can be told things by those who have the token."""
    served = ServedStage(Settings(), acme(), Plays(Limits()))
    return Control(served, served, token="secret", state=state, metrics=metrics)


def plain(state: State) -> "ASGIApp":
    """Give one that can't be told anything."""
    return Watched(Counting(404), state, metrics)


def asked(app: "ASGIApp", path: str, method: str = "GET", *headers: tuple[str, str]) -> "Answer":
    """Ask as a probe does: by an address, with no token."""
    return inprocess.ask(
        app, method=method, path=f"/__twin__{path}", headers=(("host", "10.1.2.3"), *headers)
    )


@pytest.mark.parametrize("make", [controlled, plain])
def test_live_and_ready_are_apart(make: "Callable[[State], ASGIApp]") -> None:
    """A process that stops, or starts, lives."""
    state = State()
    app = make(state)

    before = [asked(app, path) for path in ("/health/live", "/health/ready", "/health")]
    state.is_ready = True
    after = [asked(app, path) for path in ("/health/live", "/health/ready", "/health")]

    assert [answer.status for answer in before] == [200, 503, 503]
    assert [answer.json() for answer in before] == [{"live": True}, *[{"live": True, "ready": False}] * 2]
    assert [answer.status for answer in after] == [200, 200, 200]
    assert {answer.header("cache-control") for answer in (*before, *after)} == {"no-store"}


@pytest.mark.parametrize("make", [controlled, plain])
def test_metrics_are_told_as_they_are_accepted(make: "Callable[[State], ASGIApp]") -> None:
    """By a scrape, which says what it reads."""
    answer = asked(make(State()), "/metrics", "GET", ("accept", "application/openmetrics-text"))

    assert (answer.status, answer.header("content-type")) == (200, "text/plain")
    assert answer.body == b"accepted: application/openmetrics-text"


@pytest.mark.parametrize("make", [controlled, plain])
def test_they_can_only_be_read(make: "Callable[[State], ASGIApp]") -> None:
    """HEAD as well; any other method is refused with those that are not."""
    app = make(State())

    head, post = asked(app, "/health/live", "HEAD"), asked(app, "/metrics", "POST")

    assert (head.status, head.body, head.header("content-length")) == (200, b"", "13")
    assert (post.status, post.header("allow")) == (405, "GET, HEAD")


def test_without_metrics_their_path_is_as_any_other() -> None:
    """The control API's to answer, or the twin's."""
    served = ServedStage(Settings(), acme(), None)

    assert asked(Control(served, served, token="secret"), "/metrics").status == 401
    assert asked(Watched(Counting(404), State(), None), "/metrics").status == 404


@pytest.mark.parametrize("path", ["/health/live/", "/healthy", "/plays", ""])
def test_all_else_below_is_guarded_as_ever(path: str) -> None:
    """Nothing that could be told anything is open."""
    assert asked(controlled(State()), path).status == 401


def test_what_is_not_http_passes() -> None:
    """Such as the server's own events."""
    app = Counting()
    inprocess.ask(
        lambda scope, receive, send: Watched(app, State(), None)({**scope, "type": "lifespan"}, receive, send)
    )

    assert app.asked == 1
