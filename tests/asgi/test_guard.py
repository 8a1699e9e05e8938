"""The guard: whatever fails inside, the client gets JSON of ours, and the log has the reason."""

import logging
import re
from typing import TYPE_CHECKING

import pytest

from tests.answer import assert_error
from tests.asgi.counting import Counting, MovingClock
from tests.inprocess import ask
from usagetwin import Settings, create_app
from usagetwin.account.world import Project, World, load_world
from usagetwin.asgi.guard import Guard
from usagetwin.asgi.notes import Instant
from usagetwin.policies import make_policies
from usagetwin.request.validator import validator

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

CREATED = 20_000  # 2024-10-04
NOW = "2024-10-10T12:00:00Z"


class Failing:
    """Counts that can't be had."""

    def counts(self, first: int, last: int) -> list[int]:
        """Fail, with words that no client may read."""
        message = f"the secret disk has no days {first} to {last}"
        raise OSError(message)


class Negative:
    """Counts that no project can have."""

    def counts(self, first: int, last: int) -> list[int]:
        """Give a negative count for every day, so that our own answer breaks the contract."""
        return [-1] * (last - first + 1)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> "ASGIApp":
    """Give a twin whose one project has the counts of the test's parameter, and its settings."""
    counts, settings = request.param
    world = World("broken", "", 0, (Project("p", CREATED, counts),), {}, {})
    monkeypatch.setattr("usagetwin.app.load_world", lambda _name: world)
    return create_app(Settings(now=NOW, **settings))


@pytest.mark.parametrize(
    "broken", [(Failing(), {}), (Negative(), {})], indirect=True, ids=["fails", "breaks"]
)
def test_a_defect_is_a_500_whose_request_id_the_log_has(
    broken: "ASGIApp", caplog: pytest.LogCaptureFixture
) -> None:
    """The body has no word of what happened; the log has all of it, under the same id."""
    with caplog.at_level(logging.ERROR, "usagetwin.error"):
        answer = ask(broken)

    message = assert_error(answer, 500, "internal_error")
    (request_id,) = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", message)
    assert request_id in caplog.text
    assert "Traceback" in caplog.text
    assert not re.search(rb"Traceback|secret|disk|\.py|Error:", answer.body)


@pytest.mark.parametrize("broken", [(Failing(), {})], indirect=True)
def test_each_defect_has_its_own_request_id(broken: "ASGIApp") -> None:
    """Two equal requests can be told apart in the log."""
    assert ask(broken).body != ask(broken).body


@pytest.mark.parametrize("broken", [(Negative(), {})], indirect=True)
def test_the_log_says_what_the_contract_has_against_our_answer(
    broken: "ASGIApp", caplog: pytest.LogCaptureFixture
) -> None:
    """In the words of the reference validator, with the place."""
    ask(broken)

    assert "the contract refuses our own 200" in caplog.text
    assert "series" in caplog.text
    assert "less than the minimum of 0" in caplog.text


@pytest.mark.parametrize("broken", [(Failing(), {"policies": {"error_id": "on"}})], indirect=True)
def test_with_error_id_the_request_id_is_the_id(broken: "ASGIApp") -> None:
    """One id, in both places."""
    fields = ask(broken).json()

    assert set(fields) == {"code", "message", "id"}
    assert fields["id"] in fields["message"]


@pytest.mark.parametrize("broken", [(Failing(), {})], indirect=True)
def test_errors_that_need_no_counts_stay_what_they_are(broken: "ASGIApp") -> None:
    """The defect shows only where the counts are asked for."""
    assert [ask(broken, query).status for query in ("from=x", "projectKey=nope")] == [400, 404]
    assert ask(broken, method="HEAD").status == 500
    assert ask(broken, method="HEAD").body == b""


@pytest.mark.parametrize("broken", [(Failing(), {"profile": "observed"})], indirect=True)
def test_a_defect_has_the_headers_of_its_profile(broken: "ASGIApp") -> None:
    """A browser must be able to read the error."""
    answer = ask(broken, headers=(("authorization", "t"), ("ld-api-version", "beta")))

    assert answer.status == 500
    assert answer.header("access-control-allow-origin") == "*"
    assert answer.header("x-ratelimit-route-remaining") == "999"


async def silent(_scope: "Scope", _receive: "Receive", _send: "Send") -> None:
    """Answer nothing at all."""


async def validated_as_another(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
    """Answer with a status that the body was not validated for."""
    body = validator().written(400, {"code": "invalid_request", "message": "No."})
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize(
    "app",
    [Counting(), Counting(body=b'{"_links":{},"metadata":[],"series":[]}'), silent, validated_as_another],
    ids=["no JSON", "valid, but nobody looked", "nothing", "another status"],
)
def test_an_answer_that_nobody_validated_is_refused(app: "ASGIApp", caplog: pytest.LogCaptureFixture) -> None:
    """An inner part sends what the validator has written, for the status that it goes with, or raises."""
    guarded = Guard(app, validator(), make_policies("documented", {}, {}))

    with caplog.at_level(logging.ERROR, "usagetwin.error"):
        answer = ask(Instant(guarded, MovingClock()))

    assert_error(answer, 500, "internal_error")
    assert "nobody validated" in caplog.text


def test_the_worlds_that_come_with_us_never_fail() -> None:
    """Every one answers its default window, on the leap day."""
    from usagetwin.account.world import world_names

    statuses = {
        name: ask(create_app(Settings(world=name, now="2028-02-29T23:59:59Z"))).status
        for name in world_names()
    }

    assert load_world("business-week").name in statuses
    assert set(statuses.values()) == {200}
