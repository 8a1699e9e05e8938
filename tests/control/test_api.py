"""What can be said to a running twin over HTTP, and what it can be asked."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.acme import FULL, MONTH_TO_DATE
from tests.control.controlled import controlled
from usagetwin.data import openapi_folder
from usagetwin.yaml_reader import typed

UNNAMED = "undocumented-parameters-ignored"


def document() -> Any:  # noqa: ANN401 -- YAML
    """Give the document of the API."""
    return typed((openapi_folder() / "control.yaml").read_text(encoding="utf-8"))


def test_the_document_is_openapi_3_0() -> None:
    """So that Connexion, and any other tool, loads it as it is."""
    assert document()["openapi"].startswith("3.0.")
    validate(document())


def test_a_play_is_made_listed_shown_and_ended() -> None:
    """Only who makes it is told its token."""
    twin = controlled()

    made = twin.tell("POST", "/plays", {"name": "billing", "now": "2026-03-02T12:00:00Z"}, status=201)
    token = made.pop("token")
    assert twin.ask(token).values == [31, 52]
    assert twin.ask().values == MONTH_TO_DATE

    listed = twin.tell("GET", "/plays")
    assert [(each["play"], each["name"]) for each in listed["plays"]] == [("default", ""), ("1", "billing")]
    assert (listed["most"], listed["idle_seconds"]) == (256, 1800)
    assert twin.tell("GET", "/plays/1") == {**made, "requests": 1}
    assert token not in str(listed)

    twin.tell("DELETE", "/plays/1")
    assert twin.ask(token).status == 401
    problem, _ = twin.refused("GET", "/plays/1", status=404)
    assert problem == "the play 1 has ended"


def test_a_play_begins_as_it_is_told_to() -> None:
    """With a world, a profile, policies and rules that its requests may break."""
    twin = controlled()
    body = {"world": "idle", "profile": "observed", "policies": {"quota": 2}, "allow": [UNNAMED]}

    made = twin.tell("POST", "/plays", body, status=201)

    assert (made["world"], made["profile"]) == ("idle", "observed")
    assert twin.ask(made["token"], "page=1").status == 403  # for the beta header
    assert twin.tell("GET", "/plays/1")["broken"] == {"beta-header-required": 1}
    assert twin.tell("GET", "/plays/1/policies")["decided"] == {"quota": "2"}


def test_a_play_bounds_the_wait_of_its_requests() -> None:
    """By a number of seconds that somebody can wait."""
    twin = controlled()

    twin.tell("POST", "/plays", {"longest_wait": 7.5}, status=201)
    twin.tell("POST", "/plays", {}, status=201)
    assert [each.play.patience.left_s for each in twin.served.plays.all()] == [7.5, 60]
    for wrong in (0, -1, 86401, "7"):
        problem, remedy = twin.refused("POST", "/plays", {"longest_wait": wrong})
        assert problem.startswith("the field 'longest_wait' can't be")
        assert remedy.startswith("a number of seconds above 0")


def test_there_are_as_many_plays_as_there_may_be() -> None:
    """One more is refused, with what to do."""
    twin = controlled(plays=1)
    twin.tell("POST", "/plays", {}, status=201)

    problem, remedy = twin.refused("POST", "/plays", {}, status=409)

    assert problem == "there are 1 plays already, as many as there may be"
    assert remedy.startswith("end plays that are done")


@pytest.mark.parametrize("play", ["default", "1"])
def test_a_play_is_reset_to_how_it_began(play: str) -> None:
    """Without faults, requests and findings; it does not lose its token."""
    twin = controlled()
    body = {"now": "2026-03-03T12:00:00Z"}
    token = twin.tell("POST", "/plays", body, status=201)["token"] if play == "1" else FULL
    before = twin.tell("GET", f"/plays/{play}")
    twin.tell("PUT", f"/plays/{play}/world", {"name": "idle"})
    twin.tell("POST", f"/plays/{play}/faults", {"name": 500}, status=201)
    assert twin.ask(token, "page=1").status == 500

    assert twin.tell("POST", f"/plays/{play}/reset") == before
    assert twin.ask(token).values == MONTH_TO_DATE


def test_the_default_play_does_not_end() -> None:
    """It answers everyone."""
    assert (
        controlled().refused("DELETE", "/plays/default", status=409)[1]
        == "POST /__twin__/plays/default/reset"
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "remedy"),
    [
        ("GET", "", 404, "one of plays"),
        ("GET", "/", 404, "one of plays"),
        ("GET", "/play", 404, "plays"),
        ("GET", "/plays/", 404, "plays (valid"),
        ("GET", "/plays/1/clok", 404, "clock"),
        ("GET", "/plays/web", 404, "`default`, or the number"),
        ("GET", "/plays/99999999999999999999999", 404, "a play of the list"),
        ("POST", "/plays/default", 405, "one of DELETE, GET"),
        ("DELETE", "/plays/default/faults/x", 404, "one of plays"),
        ("DELETE", "/plays/default/faults/7", 404, "a fault that was added"),
    ],
)
def test_a_path_that_is_none_is_refused_with_what_is(
    method: str, path: str, status: int, remedy: str
) -> None:
    """As JSON, whatever it is."""
    assert remedy in controlled().refused(method, path, status=status)[1]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "after=-1", "nonsense=1"])
def test_a_query_that_is_none_is_refused(query: str) -> None:
    """An unknown parameter too, as a misspelled one would filter nothing."""
    document = controlled().tell("GET", "/plays/default/journal", status=400, query=query)

    assert document["code"] == "invalid_request"
