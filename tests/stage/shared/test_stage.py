"""Twins that have their plays together: what one is told, all answer by."""

from tests.acme import MONTH_TO_DATE
from tests.stage.shared.replicas import replicas

THE_2ND = "2026-03-02T12:00:00Z"
NUMBERED = [(1, 200), (2, 400), (3, 200)]


def test_a_play_made_on_one_is_known_to_all() -> None:
    """With its clock, and what is told to it afterwards by another."""
    one, two = replicas().twins

    token = one.tell("POST", "/plays", {"now": THE_2ND}, status=201)["token"]
    assert two.ask(token).values == [31, 52]
    assert two.tell("PUT", "/plays/1/world", {"counts": {"web": {"2026-03-01": 7}}})["projects"] == ["web"]
    assert one.ask(token).values == [7, 7]
    assert two.ask().values == MONTH_TO_DATE
    two.tell("DELETE", "/plays/1")
    assert one.ask(token).status == 401


def test_the_default_play_is_told_things_for_all() -> None:
    """From the next request on, wherever it comes."""
    one, two = replicas().twins
    assert [each.ask().values for each in (one, two)] == [MONTH_TO_DATE] * 2

    one.tell("PUT", "/plays/default/clock", {"now": THE_2ND})
    assert [each.ask().values for each in (one, two)] == [[31, 52]] * 2
    two.tell("POST", "/plays/default/reset")
    assert [each.ask().values for each in (one, two)] == [MONTH_TO_DATE] * 2


def test_a_fault_with_a_count_is_shown_that_often_by_all() -> None:
    """Not by each."""
    one, two = replicas().twins
    one.tell("POST", "/plays/default/faults", {"name": "unavailable", "times": 3}, status=201)

    statuses = [each.ask().status for each in (one, two, one, two, two, one)]

    assert statuses == [503, 503, 503, 200, 200, 200]
    assert two.tell("GET", "/plays/default/faults")["faults"][0]["shown"] == 3


def test_a_fault_by_chance_has_one_row_for_all() -> None:
    """Which is the row of a single twin."""
    said = {"name": "unavailable", "chance": 0.5, "seed": 3}
    (alone,) = replicas(1).twins
    one, two = replicas().twins
    for twin in (alone, one):
        twin.tell("POST", "/plays/default/faults", said, status=201)

    shared = [each.ask().status for _ in range(8) for each in (one, two)]

    assert shared == [alone.ask().status for _ in range(16)]
    assert len(set(shared)) == 2


def test_the_journal_and_the_verdict_are_one_for_all() -> None:
    """Numbered in the order that requests came in, and judged by what held then."""
    one, two = replicas().twins
    token = one.tell("POST", "/plays", {}, status=201)["token"]

    one.ask(token, "page=1")
    two.ask(token, "from=x")
    one.tell("PATCH", "/plays/1", {"allow": ["undocumented-parameters-ignored"]})
    two.ask(token, "page=1")

    journal = two.tell("GET", "/plays/1/journal")
    assert [(each["number"], each["status"]) for each in journal["requests"]] == [
        (1, 200),
        (2, 400),
        (3, 200),
    ]
    assert "'x'" in journal["requests"][1]["message"]
    assert (journal["total"], journal["kept"]) == (3, 3)
    for twin in (one, two):
        verdict = twin.tell("GET", "/plays/1/verdict")
        assert verdict["broken"] == {"from-is-unix-seconds": 1, "undocumented-parameters-ignored": 1}
        assert [each["request"] for each in twin.tell("GET", "/plays/1/findings")["findings"]] == [1, 2]
    one.tell("DELETE", "/plays/1/journal")
    assert two.tell("GET", "/plays/1/verdict")["verdict"] == "pass"
    one.ask(token)
    for twin in (one, two):
        assert [each["number"] for each in twin.tell("GET", "/plays/1/journal")["requests"]] == [4]
