"""What a play is told over HTTP: its clock, account, policies, roles and faults."""

import pytest

from tests.acme import FULL, MONTH_TO_DATE
from tests.control.controlled import controlled


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


def test_parts_of_a_play_are_replaced_whole_and_all_at_once() -> None:
    """What was said of them before is gone; where one can't be, all stay as they were."""
    twin = controlled()
    twin.tell(
        "POST", "/plays", {"policies": {"projects": "separate"}, "allow": ["to-is-unix-seconds"]}, status=201
    )

    changed = twin.tell(
        "PATCH",
        "/plays/1",
        {"now": 1772366400, "world": {"counts": {"web": {"2026-03-01": 6}}}, "policies": {"error_id": "on"}},
    )
    twin.tell("PATCH", "/plays/1", {"tokens": {FULL: "revoked"}, "allow": []})
    _, remedy = twin.refused("PATCH", "/plays/1", {"now": None, "tokens": {}, "profile": "observd"})

    assert changed["clock"] == {"now": "2026-03-01T12:00:00Z", "frozen": True}
    assert remedy.startswith("observed")
    assert twin.tell("GET", "/plays/1") == changed
    assert twin.tell("GET", "/plays/1/policies")["decided"] == {"error_id": "on"}
    assert twin.served.plays.numbered(1).play.setup.allowed == frozenset()
    assert twin.named(1, FULL).status == 401
    assert twin.named(1, "api-other").values == [3]


@pytest.mark.parametrize(
    ("body", "problem", "remedy"),
    [
        ({}, "the body can't be '{}'", "one or more of now, world"),
        ({"tokens": {"api-1": "revokd"}}, "there is no role 'revokd'", "revoked"),
        ({"tokens": {"api-1": 1}}, "the field 'tokens.api-1' can't be '1'", "full, revoked"),
        ({"allow": ["nothing"]}, "there is no rule 'nothing'", ""),
        ({"world": {"name": "idel"}}, "there is no world named 'idel'", "idle"),
        ({"token": {}}, "the body has no field 'token'", "tokens"),
    ],
)
def test_a_part_that_can_not_be_is_refused_with_what_can(body: object, problem: str, remedy: str) -> None:
    """By the document, or by whom the part belongs to."""
    said, helps = controlled().refused("PATCH", "/plays/default", body)

    assert said.startswith(problem)
    assert helps.startswith(remedy)


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
    assert twin.refused("PUT", "/plays/1/role", {"token": FULL, "role": "full"})[0].startswith(
        "only a play's own"
    )


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


def test_a_fault_is_for_the_requests_that_are_passed_on_with_its_name() -> None:
    """Whoever passes them on decides which these are."""
    twin = controlled()
    twin.tell("POST", "/plays", {}, status=201)
    twin.tell("POST", "/plays/1/faults", {"name": 503, "named": "odd", "times": 2}, status=201)

    for said, status in (("", 200), ("faults=odd", 503), ("faults=even", 200), ("faults=even,odd", 503)):
        assert twin.named(1, FULL, said).status == status
    assert twin.named(1, FULL, "faults=odd").status == 200
    problem, remedy = twin.refused("POST", "/plays/1/faults", {"name": 503, "named": "odd", "when": {}})
    assert "named" in problem
    assert remedy == "`named` or `when`"


@pytest.mark.parametrize(
    ("body", "problem", "remedy"),
    [
        ({"name": 503, "named": "a b"}, "the field 'named' can't be 'a b'", "letters, digits"),
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

    _, remedy = twin.refused("POST", "/plays/default/clock/advance", body)

    assert "timedelta" not in remedy
    assert twin.tell("GET", "/plays/default/clock")["now"] == "2026-03-03T12:00:00Z"


def test_a_limit_that_is_spent_is_renewed_by_the_clock() -> None:
    """The play's own: another play, and the default one, have spent nothing."""
    twin = controlled()
    policies = {"policies": {"quota": "2/60s"}}
    twin.tell("PATCH", "/plays/default/policies", policies)
    one, two = (twin.tell("POST", "/plays", policies, status=201)["token"] for _ in range(2))

    assert [twin.ask(one).status for _ in range(3)] == [200, 200, 429]
    assert [twin.ask(two).status, twin.ask().status] == [200, 200]
    twin.tell("POST", "/plays/1/clock/advance", {"seconds": 59})
    assert twin.ask(one).status == 429
    twin.tell("POST", "/plays/1/clock/advance", {"seconds": 1})
    assert [twin.ask(one).status for _ in range(3)] == [200, 200, 429]
