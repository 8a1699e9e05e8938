"""The twin inside other applications and servers."""

import asyncio
import contextlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.acme import NOW, PATH, assert_default_answer
from tests.answer import assert_error
from tests.inprocess import ask
from tests.wire import connection_to, get

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message

    from tests.conftest import MakeApp


@pytest.fixture(scope="module")
def mounted(make_app: "MakeApp") -> "ASGIApp":
    """Give a Starlette application with a twin of each kind under a prefix."""
    observed = make_app(profile="observed", policies={"beta": "ignored"})
    return Starlette(routes=[Mount("/prefix", make_app()), Mount("/seen/it", observed)])


def test_under_a_prefix_the_answer_links_to_itself_with_the_prefix(mounted: "ASGIApp") -> None:
    """`href` is the path as the client sent it."""
    answer = ask(mounted, "granularity=daily", path=f"/prefix{PATH}")

    assert_default_answer(answer)
    assert answer.json()["_links"]["self"]["href"] == f"/prefix{PATH}?granularity=daily"


def test_under_a_prefix_errors_are_the_same(mounted: "ASGIApp") -> None:
    """404, 405, 401 and 400 are ours; a trailing slash is not redirected."""
    assert_error(ask(mounted, path="/prefix/nope"), 404, "not_found")
    assert_error(ask(mounted, path=f"/prefix{PATH}/"), 404, "not_found")
    assert_error(ask(mounted, path=f"/prefix{PATH}", method="POST"), 405, "method_not_allowed")
    assert_error(ask(mounted, path=f"/prefix{PATH}", headers=()), 401, "unauthorized")
    assert_error(ask(mounted, "from=x", path=f"/prefix{PATH}"), 400, "invalid_request")


def test_under_a_prefix_a_preflight_request_is_answered(mounted: "ASGIApp") -> None:
    """The path is compared without the prefix."""
    headers = (("origin", "https://a.test"), ("access-control-request-method", "GET"))

    assert ask(mounted, path=f"/seen/it{PATH}", method="OPTIONS", headers=headers).status == 204
    assert ask(mounted, path=f"/seen/it{PATH}").header("access-control-allow-origin") == "*"


def test_two_mounts_do_not_share_replies(make_app: "MakeApp") -> None:
    """One application under two prefixes links each answer to itself."""
    app = make_app()
    both = Starlette(routes=[Mount("/a", app), Mount("/b", app)])

    hrefs = [ask(both, path=f"/{name}{PATH}").json()["_links"]["self"]["href"] for name in "abab"]

    assert hrefs == [f"/{name}{PATH}" for name in "abab"]


def test_the_lifespan_of_an_asgi_server_is_answered(make_app: "MakeApp") -> None:
    """Startup and shutdown complete."""
    sent: list[str] = []
    messages = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> "Message":
        return {"type": next(messages)}

    async def send(message: "Message") -> None:
        sent.append(message["type"])

    async def live() -> None:
        await make_app()({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)

    asyncio.run(live())

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_another_server_makes_it_from_the_environment(acme_file: str, unused_port: int) -> None:
    """`uvicorn --factory usagetwin:create_app`, with uvicorn's own protocol and no option of ours."""
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "usagetwin:create_app", "--port", str(unused_port)],
        env=os.environ | {"USAGETWIN_WORLD": acme_file, "USAGETWIN_NOW": NOW},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    try:
        started = any("Uvicorn running on" in line for line in iter(process.stderr.readline, ""))
        with contextlib.closing(connection_to(f"http://127.0.0.1:{unused_port}")) as connection:
            answers = get(connection), get(connection, "from=x")
    finally:
        process.terminate()
        process.communicate(timeout=60)

    assert started
    assert_default_answer(answers[0])
    assert_error(answers[1], 400, "invalid_request")
