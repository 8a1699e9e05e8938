"""What can be said to a running twin over HTTP, and what it can be asked."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.acme import FULL, INCREMENTAL, MONTH_TO_DATE
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


def test_there_are_as_many_plays_as_there_may_be() -> None:
    """One more is refused, with what to do."""
    twin = controlled(plays=1)
    twin.tell("POST", "/plays", {}, status=201)

    problem, remedy = twin.refused("POST", "/plays", {}, status=409)

    assert problem == "there are 1 plays already, as many as there may be"
    assert remedy.startswith("end plays that are done")


@pytest.mark.parametrize("play", ["default", "1"])
def test_the_clock_is_frozen_advanced_and_released(play: str) -> None:
    """Of the default play as of others."""
    twin = controlled()
    token = twin.tell("POST", "/plays", {}, status=201)["token"] if play == "1" else FULL

    frozen = twin.tell("PUT", f"/plays/{play}/clock", {"now": 1772366400})
    assert frozen == {"now": "2026-03-01T12:00:00Z", "frozen": True}
    assert twin.ask(token).values == [15]
    assert (
        twin.tell("POST", f"/plays/{play}/clock/advance", {"days": 1, "hours": 12})["now"]
        == "2026-03-03T00:00:00Z"
    )
    assert twin.ask(token).values == [31, 73]
    assert twin.tell("PUT", f"/plays/{play}/clock", {"now": None})["frozen"] is False
    assert twin.tell("GET", f"/plays/{play}/clock")["frozen"] is False


def test_an_account_is_a_name_counts_or_a_text() -> None:
    """A file of the twin's machine is none of these."""
    twin = controlled()
    counts = {"web": {"2026-03-01": 5}}
    csv = "date,project,count\n2026-03-01,web,7\n"
    yaml = "name: mine\nabout: Mine.\nprojects:\n  - {key: app, counts: {2026-03-01: 9}}\n"

    assert twin.tell("PUT", "/plays/default/world", {"counts": counts})["projects"] == ["web"]
    assert twin.ask().values == [5, 5, 5]
    twin.tell("PUT", "/plays/default/world", {"csv": csv})
    assert twin.ask().values == [7, 7, 7]
    assert twin.tell("PUT", "/plays/default/world", {"yaml": yaml}) == {"world": "mine", "projects": ["app"]}
    assert twin.tell("PUT", "/plays/default/world", {"name": "idle"})["world"] == "idle"

    for name in ("/etc/passwd", "world.yaml", "../idle"):
        problem, _ = twin.refused("PUT", "/plays/default/world", {"name": name})
        assert problem == f"there is no world named {name!r}"
    problem, remedy = twin.refused("PUT", "/plays/default/world", {"csv": csv.replace("7", "seven")})
    assert (problem, remedy[:7]) == ("line 2: the count 'seven' is not a whole number", "a whole")


def test_the_worlds_that_were_sent_have_one_bound() -> None:
    """A world that takes the place of another one counts alone, and a built-in one not at all."""
    twin = controlled(world_bytes=100)
    twin.tell("POST", "/plays", {}, status=201)
    csv = "date,project,count\n" + "".join(f"2026-03-0{day},web,7\n" for day in range(1, 5))
    assert len(csv) == 87

    for _ in range(2):
        twin.tell("PUT", "/plays/1/world", {"csv": csv})
    problem, remedy = twin.refused("PUT", "/plays/default/world", {"csv": csv}, status=409)
    assert problem == "the worlds that were sent have 174 bytes, and may have 100"
    assert remedy.startswith("end plays")
    twin.tell("PUT", "/plays/1/world", {"name": "idle"})
    twin.tell("PUT", "/plays/default/world", {"csv": csv})


def test_policies_change_together_or_not_at_all() -> None:
    """The profile beside them too."""
    twin = controlled()

    changed = twin.tell("PATCH", "/plays/default/policies", {"policies": {"error_id": "on"}})
    assert (changed["policies"]["error_id"], changed["profile"]) == ("on", "documented")
    _, remedy = twin.refused(
        "PATCH", "/plays/default/policies", {"profile": "observd", "policies": {"beta": "required"}}
    )
    assert remedy.startswith("observed")
    assert twin.tell("GET", "/plays/default/policies") == changed


def test_a_token_has_a_role() -> None:
    """A play's own one, or another one by its name, which is not said again."""
    twin = controlled()
    token = twin.tell("POST", "/plays", {}, status=201)["token"]

    assert twin.tell("PUT", "/plays/1/role", {"role": "throttled"}) == {"role": "throttled"}
    assert twin.ask(token).status == 429
    twin.tell("PUT", "/plays/default/role", {"token": FULL, "role": "revoked"})
    assert twin.ask().status == 401
    problem, remedy = twin.refused("PUT", "/plays/default/role", {"token": FULL, "role": "revokd"})
    assert remedy.startswith("revoked")
    assert FULL not in problem + remedy
    twin.refused("PUT", "/plays/default/role", {"role": "full"})


def test_a_fault_is_added_shown_and_taken_back() -> None:
    """To requests that have the parameters which are meant, as often as it is told."""
    twin = controlled()
    faults = "/plays/default/faults"

    first = twin.tell("POST", faults, {"name": 503, "times": 1, "details": {"retry_after": 7}}, status=201)
    second = twin.tell(
        "POST", faults, {"name": "counts-are-strings", "when": {"projectKey": "web", "to": None}}, status=201
    )
    assert (first["fault"], first["name"], first["details"]) == (1, "unavailable", {"retry_after": 7})
    assert (twin.ask().header("retry-after"), twin.ask().values) == ("7", MONTH_TO_DATE)
    assert [point["0"] for point in twin.ask(query="projectKey=web").json()["series"]] == ["30", "70", "95"]

    assert [each["shown"] for each in twin.tell("GET", faults)["faults"]] == [1, 1]
    assert twin.tell("DELETE", f"{faults}/2") == {**second, "shown": 1}
    _, remedy = twin.refused("DELETE", f"{faults}/2", status=404)
    assert remedy == "one of 1"
    assert twin.tell("DELETE", faults) == {"faults": []}


@pytest.mark.parametrize(
    ("body", "problem", "remedy"),
    [
        ({"name": "rest"}, "there is no fault 'rest'", "reset (valid: delay"),
        ({"name": 200}, "there is no fault 200", "the name of a fault"),
        ({"name": "delay", "details": {"second": 1}}, "the fault 'delay' takes no 'second'", "seconds"),
        ({"name": "delay", "seconds": 1}, "the body has no field 'seconds'", "one of name"),
        ({"name": "delay", "details": {"times": 1}}, "'times' is no detail", '{"name": "delay"'),
        (
            {"name": "reset", "times": 0},
            "the fault 'reset' can't have times=0",
            "times=VALUE, where VALUE is a whole number of at least 1",
        ),
        ({"name": "reset", "when": {"page": 1}}, "there is no parameter 'page' to expect", "one of from"),
        ({"name": "reset", "when": {"to": {}}}, "a parameter can't be {}", "text, a number"),
        (
            {"name": "reset", "when": "web"},
            "the field 'when' can't be 'web'",
            "parameters that a request must have",
        ),
        ({}, "the body lacks the field 'name'", "the name of a fault, or a status"),
        ([], "the body can't be '[]'", "a JSON object"),
    ],
)
def test_a_fault_that_can_not_be_is_refused_with_what_can(body: object, problem: str, remedy: str) -> None:
    """The nearest name, or what a field takes; and nothing is added."""
    twin = controlled()

    refused = twin.refused("POST", "/plays/default/faults", body)

    assert (refused[0][: len(problem)], refused[1][: len(remedy)]) == (problem, remedy)
    assert twin.tell("GET", "/plays/default/faults") == {"faults": []}


def test_the_journal_is_paged_and_filtered_and_cleared() -> None:
    """A play's own from its beginning."""
    twin = controlled()
    token = twin.tell("POST", "/plays", {}, status=201)["token"]
    for query in ("from=1", "page=2", "to=x", "page=4"):
        twin.ask(token, query)

    first = twin.tell("GET", "/plays/1/journal", query="limit=3")
    rest = twin.tell("GET", "/plays/1/journal", query=f"limit=3&after={first['next']}")
    refused = twin.tell("GET", "/plays/1/journal", query="status=400")

    assert [each["number"] for each in first["requests"] + rest["requests"]] == [1, 2, 3, 4]
    assert "next" not in rest
    assert [each["target"].partition("?")[2] for each in refused["requests"]] == ["to=x"]
    assert refused["requests"][0]["message"].startswith("to='x'")
    assert token not in str(first)
    assert twin.tell("DELETE", "/plays/1/journal") == {
        "requests": [],
        "total": 0,
        "kept": 0,
        "recording": True,
    }
    assert twin.tell("GET", "/plays/1/verdict")["verdict"] == "pass"


def test_the_default_play_records_when_it_is_told_to() -> None:
    """A play that was made always does."""
    twin = controlled()
    twin.tell("POST", "/plays", {}, status=201)

    twin.ask()
    assert twin.tell("GET", "/plays/default/journal") == {
        "requests": [],
        "total": 0,
        "kept": 0,
        "recording": False,
    }
    assert twin.tell("PUT", "/plays/default/journal", {"recording": True}) == {"recording": True}
    twin.ask()
    assert twin.tell("GET", "/plays/default/journal")["total"] == 1
    assert twin.tell("PUT", "/plays/1/journal", {"recording": True}) == {"recording": True}
    twin.refused("PUT", "/plays/1/journal", {"recording": False}, status=409)


def test_what_requests_broke_is_found_and_fails_the_verdict() -> None:
    """With the rule, and what to send instead."""
    twin = controlled()
    token = twin.tell("POST", "/plays", {}, status=201)["token"]
    assert twin.tell("GET", "/plays/1/verdict") == {
        "verdict": "pass",
        "requests": 0,
        "broken": {},
        "text": "",
    }

    twin.ask(token, "from=1772323200000")
    twin.ask(token, "from=1772323200000")

    findings = twin.tell("GET", "/plays/1/findings")
    assert findings["broken"] == {"timestamp-fits-ten-digits": 2}
    assert [(each["request"], each["remedy"]) for each in findings["findings"]] == [
        (1, "from=1772323200"),
        (2, "from=1772323200"),
    ]
    verdict = twin.tell("GET", "/plays/1/verdict")
    assert (verdict["verdict"], verdict["requests"]) == ("fail", 2)
    assert "looks like milliseconds" in verdict["text"]
    assert "(and in 1 more)" in verdict["text"]


def test_the_series_that_is_expected_is_that_of_the_ledger() -> None:
    """At the play's instant and for its policies, whatever faults there are; asking is no request."""
    twin = controlled()
    path = "/plays/default/expected"
    twin.tell("POST", "/plays/default/faults", {"name": 500}, status=201)

    assert twin.tell("GET", path, query="aggregationType=incremental") == {
        "times": ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z"],
        "values": INCREMENTAL,
    }
    assert twin.tell("GET", path)["values"] == MONTH_TO_DATE
    twin.tell("PATCH", "/plays/default/policies", {"policies": {"projects": "separate"}})
    two = twin.tell("GET", path, query="projectKey=web&projectKey=app")
    assert (two["columns"], two["values"]) == ({"web": [30, 70, 95], "app": [1, 3, 5]}, MONTH_TO_DATE)
    document = twin.tell("GET", path, query="from=1772323200000", status=400)
    assert (document["message"].partition(";")[0], document["remedy"]) == (
        "from='1772323200000' looks like milliseconds",
        "from=1772323200",
    )
    for wrong, status in (("projectKey=a,b", 400), ("page=1", 400), ("from=1&from=2", 400)):
        twin.tell("GET", path, query=wrong, status=status)
    assert twin.tell("GET", "/plays/default/journal")["total"] == 0


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


@pytest.mark.parametrize("now", ["2026-13-01", "", -1, 10**12, 10**30, 1.5, [], {}, True])
def test_an_instant_that_is_none_is_refused(now: object) -> None:
    """And the clock stands where it stood."""
    twin = controlled()

    twin.refused("PUT", "/plays/default/clock", {"now": now})

    assert twin.tell("GET", "/plays/default/clock")["now"] == "2026-03-03T12:00:00Z"


@pytest.mark.parametrize(
    "body", [{}, {"hours": -1}, {"hour": 1}, {"hours": "1"}, {"weeks": 10**9}, {"days": 10**400}]
)
def test_a_duration_that_is_none_is_refused(body: object) -> None:
    """The clock goes forward, and no farther than the contract can write."""
    twin = controlled()

    twin.refused("POST", "/plays/default/clock/advance", body)

    assert twin.tell("GET", "/plays/default/clock")["now"] == "2026-03-03T12:00:00Z"
