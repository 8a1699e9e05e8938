"""What takes long is done in steps: no request keeps the others waiting, and none takes more than it may."""

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from tests.account.world.heavy import many_events, many_projects
from tests.inprocess import answered, ask, ask_all
from tests.serving.holding import longest_work_between_pauses
from usagetwin import Settings, create_app
from usagetwin.account import answers
from usagetwin.account.blocks import BLOCK_DAYS, SLICE
from usagetwin.account.world.model import MAX_DAY_COST
from usagetwin.asgi import answerer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.types import ASGIApp

NOW = "2026-03-17T15:20:00Z"
FAR = "2286-11-01"
MOST = answerer.WORK + SLICE + 5_000 * BLOCK_DAYS  # a slice may end with a project of the most events


def app_of(world: "Path | str", now: str = NOW, policies: "Mapping[str, str] | None" = None) -> "ASGIApp":
    """Make a twin."""
    return create_app(Settings(world=str(world), now=now, policies=policies or {}))


@pytest.mark.parametrize(
    ("query", "policies"),
    [
        ("from=0&aggregationType=rolling_30d", {}),
        ("from=0&granularity=monthly", {}),
        ("from=0&projectKey=default&projectKey=mobile", {"projects": "separate"}),
    ],
)
def test_a_window_of_centuries_is_answered_in_steps(
    monkeypatch: pytest.MonkeyPatch, query: str, policies: dict[str, str]
) -> None:
    """No stretch of work between two pauses is longer than the bound."""
    most, pauses, answer = longest_work_between_pauses(
        monkeypatch, app_of("business-week", FAR, policies), query
    )

    assert answer.status == 200
    assert most <= answerer.WORK + SLICE + 2 * answers.DAYS_A_STRETCH
    assert pauses > 3


def test_ten_thousand_projects_are_answered_in_steps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: "Path"
) -> None:
    """The first question, which counts this month and today for all of them."""
    most, pauses, answer = longest_work_between_pauses(monkeypatch, app_of(many_projects(tmp_path)), "")

    assert (answer.status, len(answer.values)) == (200, 17)
    assert most <= answerer.WORK + SLICE + BLOCK_DAYS
    assert pauses > 20


def test_events_are_part_of_the_work(monkeypatch: pytest.MonkeyPatch, tmp_path: "Path") -> None:
    """As many as the limit allows, all on the same day, in a window of a year."""
    app = app_of(many_events(tmp_path, 1_900, repeat=10))

    most, pauses, answer = longest_work_between_pauses(monkeypatch, app, "from=1740000000&to=1771500000")

    assert (answer.status, len(answer.values)) == (200, 366)
    assert most <= MOST
    assert pauses > 100


def test_others_are_answered_while_a_long_one_is_made(tmp_path: "Path") -> None:
    """A small question that comes after a large one is answered before it."""
    app = app_of(many_projects(tmp_path, 5_000))
    order: list[str] = []

    async def one(name: str, query: str) -> None:
        assert (await answered(app, query)).status == 200
        order.append(name)

    async def both() -> None:
        await asyncio.gather(one("large", ""), one("small", "projectKey=team-0001"))

    asyncio.run(both())

    assert order == ["small", "large"]


def test_an_answer_in_pieces_has_the_bytes_of_one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of points in a piece."""
    queries = [
        "from=0",
        "from=0&projectKey=mobile&projectKey=checkout&granularity=monthly",
        "from=0&projectKey=%22series%22%3A%5B&projectKey=mobile",
    ]
    policies = {"projects": "separate", "unknown_project": "empty"}
    at_once = [answer.body for answer in ask_all(app_of("business-week", policies=policies), queries)]

    for work in (1, 7, 64):
        monkeypatch.setattr(answerer, "WORK", work)
        assert [
            answer.body for answer in ask_all(app_of("business-week", policies=policies), queries)
        ] == at_once


@pytest.mark.parametrize(
    ("now", "query", "settings", "parts"),
    [
        ("2040-01-01", "from=0", {"projects": 10_000}, ["58440000 counts", "20000000", "narrower window"]),
        (
            FAR,
            "from=0&" + "&".join(f"projectKey=team-{n}" for n in range(1, 8)),
            {"separate": 7},
            ["values", "400000"],
        ),
    ],
)
def test_a_question_that_takes_too_much_is_refused_with_the_bound(
    tmp_path: "Path", now: str, query: str, settings: dict[str, int], parts: list[str]
) -> None:
    """At once, whatever is kept of earlier questions; with the remedy."""
    policies = {"projects": "separate"} if "separate" in settings else {}
    app = app_of(many_projects(tmp_path, settings.get("projects", 7)), now, policies)

    answer = ask(app, query)

    assert answer.status == 400
    assert json.loads(answer.body)["code"] == "invalid_request"
    assert [part for part in parts if part not in json.loads(answer.body)["message"]] == []


def test_what_the_document_promises_is_within_the_bound(tmp_path: "Path") -> None:
    """A window shorter than 365 days, for the largest world that can be served."""
    assert MAX_DAY_COST * (365 + 31 + 31) <= answers.MOST_COUNTS
    answer = ask(app_of(many_events(tmp_path, 4_999, repeat=4)), "from=1740000000&to=1740100000")
    assert answer.status == 200
