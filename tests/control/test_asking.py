"""What a play is asked over HTTP: its journal, what its requests broke, what is expected, and the verdict."""

from tests import inprocess
from tests.acme import FULL, INCREMENTAL, MAR_2, MONTH_TO_DATE
from tests.answer import assert_error
from tests.control.controlled import controlled


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


def test_a_play_that_is_named_answers_any_credential_as_it_came() -> None:
    """None too; and a request is found again by its mark."""
    twin = controlled()
    for _ in range(2):
        twin.tell("POST", "/plays", {"now": "2026-03-02T12:00:00Z"}, status=201)
    other = twin.served.plays.numbered(2).token

    assert twin.named(1, FULL).values == [31, 52]
    assert twin.named(1, other).values == [31, 52]
    assert twin.named(1, said="mark=first").status == 401
    assert twin.named(1, f"Bearer {FULL}", said="mark=" + "x" * 65).status == 401

    shown = twin.tell("GET", "/plays/1/journal")["requests"]
    assert [each.get("mark") for each in shown] == [None, None, "first", "x" * 64]
    assert [each["rule"] for each in twin.tell("GET", "/plays/1/findings")["findings"]] == [
        "credential-required",
        "bearer-is-invalid-token",
    ]
    assert twin.tell("GET", "/plays/2/journal")["total"] == 0


def test_who_passes_a_request_on_says_its_instant_where_the_clock_does_not_stand() -> None:
    """As the clock of the client's own process may be another one."""
    twin = controlled()
    twin.tell("POST", "/plays", {}, status=201)
    said = f"now={MAR_2}"

    assert twin.named(1, FULL, said).values == MONTH_TO_DATE
    twin.tell("PATCH", "/plays/1", {"now": None})
    assert twin.named(1, FULL, said).values == [31]
    assert twin.tell("GET", "/plays/1/journal")["requests"][1]["at"] == "2026-03-02T00:00:00Z"


def test_a_deviation_of_all_answers_is_told_where_it_changed_one() -> None:
    """As the plugin's blind spots are."""
    twin = controlled()
    twin.tell("POST", "/plays", {}, status=201)
    twin.tell("PATCH", "/plays/1", {"deviation": "counts-are-strings"})

    assert [point["0"] for point in twin.named(1, FULL).json()["series"]] == ["31", "73", "100"]
    assert twin.named(1).status == 401
    twin.tell("PATCH", "/plays/1", {"deviation": None})
    assert twin.named(1, FULL).values == MONTH_TO_DATE
    shown = twin.tell("GET", "/plays/1/journal")["requests"]
    assert [each.get("deviates") for each in shown] == [True, None, None]
    assert twin.refused("PATCH", "/plays/1", {"deviation": "counts-are-string"})[1].startswith("counts-are")


def test_a_play_that_is_named_and_is_none_is_refused() -> None:
    """As a token is whose play has ended, whatever else the request brings."""
    twin = controlled()
    twin.tell("POST", "/plays", {}, status=201)
    ended = twin.served.plays.numbered(1).token
    twin.tell("DELETE", "/plays/1")

    for named in (ended, f"{ended}; mark=1", "any", "", f"{ended} 1"):
        answer = inprocess.ask(twin.app, headers=(("authorization", FULL), ("usagetwin-play", named)))
        assert_error(answer, 401, "unauthorized")
