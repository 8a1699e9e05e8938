"""The record of what a test asked."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final

from usagetwin.stage.journal import Journal, Recorded

TOKEN: Final = "api-11111111-1111-4111-8111-11111111beef"


def recorded(query_string: str = "", parameters: tuple[tuple[str, str], ...] = ()) -> Recorded:
    """Give one request that the journal has yet to number."""
    return Recorded(
        number=0,
        method="GET",
        host="app.launchdarkly.com",
        path="/api/v2/usage/observability/sessions",
        parameters=parameters,
        query_string=query_string,
        headers=(("authorization", TOKEN), ("accept", "application/json"), ("accept", "text/plain")),
        body=b"",
        at=datetime(2026, 3, 3, 12, tzinfo=UTC),
    )


def test_requests_are_numbered_from_one_in_the_order_of_arrival() -> None:
    """The first request is number 1, and what was given a number keeps it."""
    journal = Journal()

    numbers = [journal.add(recorded(query)).number for query in ("a", "b", "c")]

    assert numbers == [1, 2, 3]
    assert [(each.number, each.query_string) for each in journal.requests] == [(1, "a"), (2, "b"), (3, "c")]
    assert len(journal) == 3


def test_an_answer_completes_its_own_record_alone() -> None:
    """Status and fault are noted as they become known, each without touching the other or a neighbour."""
    journal = Journal()
    for _ in range(3):
        journal.add(recorded())

    journal.note(2, fault="reset")
    journal.note(3, status=200)
    journal.note(3, fault="slow-body")
    journal.note(3, status=201)

    assert [(each.status, each.fault) for each in journal.requests] == [
        (None, None),
        (None, "reset"),
        (201, "slow-body"),
    ]


def test_what_was_read_of_the_journal_stays_as_it_was() -> None:
    """A record that a test holds does not change when its answer comes."""
    journal = Journal()
    journal.add(recorded())
    held = journal.requests

    journal.note(1, status=200)

    assert held[0].status is None
    assert journal.requests[0].status == 200


def test_many_threads_can_record_at_once() -> None:
    """No record is lost, and the numbers run from 1 without a gap."""
    journal = Journal()

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda query: journal.add(recorded(query)), map(str, range(500))))

    assert sorted(each.number for each in added) == list(range(1, 501))
    assert {each.number: each.query_string for each in added} == {
        each.number: each.query_string for each in journal.requests
    }


def test_the_credential_is_not_in_the_repr() -> None:
    """A failing test prints its requests into the log of a CI, which is no place for a token."""
    assert TOKEN not in repr(recorded())
    assert "sessions" in repr(recorded())


def test_a_header_is_found_in_whatever_case_it_is_named() -> None:
    """The first of duplicate lines counts; a header that did not come is None."""
    assert recorded().header("Authorization") == TOKEN
    assert recorded().header("ACCEPT") == "application/json"
    assert recorded().header("ld-api-version") is None


def test_parameters_are_found_by_their_names_on_the_wire() -> None:
    """`value` gives the first value, `values` all of them in wire order."""
    request = recorded(parameters=(("projectKey", "web"), ("from", "1"), ("projectKey", "app")))

    assert request.value("projectKey") == "web"
    assert request.values("projectKey") == ("web", "app")
    assert request.value("to") is None
    assert request.values("to") == ()


def test_the_target_is_path_and_query() -> None:
    """Without a query there is no question mark."""
    assert recorded("from=1").target == "/api/v2/usage/observability/sessions?from=1"
    assert recorded().target == "/api/v2/usage/observability/sessions"


def test_a_bounded_journal_keeps_the_newest() -> None:
    """Under the numbers that they came with, and counts all."""
    journal = Journal(most=3)

    for query in "abcde":
        journal.add(recorded(query))
    journal.note(1, status=200)
    journal.note(4, status=201)

    assert [(each.number, each.query_string, each.status) for each in journal.requests] == [
        (3, "c", None),
        (4, "d", 201),
        (5, "e", None),
    ]
    assert (len(journal), journal.last_number, journal.last_left) == (5, 5, 2)


def test_a_bounded_journal_keeps_what_the_memory_holds() -> None:
    """But always the newest, however large it is."""
    journal = Journal(most_bytes=10_000)

    for _ in range(50):
        journal.add(recorded("x" * 500))
    several = len(journal.requests)
    journal.add(recorded("x" * 100_000))

    assert 2 <= several < 10
    assert [each.number for each in journal.requests] == [51]


def test_the_memory_of_a_journal_is_that_of_what_it_keeps() -> None:
    """Nothing is left of what has gone."""
    journal = Journal(most=2)
    for query in ("a" * 5_000, "b", "c"):
        journal.add(recorded(query))
    two = journal.bytes

    journal.shed(0.5)
    one = journal.bytes
    journal.clear()

    assert two == 2 * one
    assert journal.bytes == 0


def test_the_estimate_of_memory_is_none_that_is_exceeded() -> None:
    """So that a bound is one."""
    journal = Journal()
    tracemalloc.start()
    try:
        for number in range(1_000):
            parameters = tuple((f"name-{number}-{each}", f"value-{each}") for each in range(10))
            journal.add(recorded(f"{number}{'x' * 300}", parameters))
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert used <= journal.bytes <= 4 * used


def test_what_leaves_is_shown_before() -> None:
    """To whoever asked for it."""
    journal, shown = Journal(most=2), list[tuple[int, ...]]()
    journal.before_leaving(lambda leaving: shown.append(tuple(each.number for each in leaving)))

    for query in "abcd":
        journal.add(recorded(query))
    journal.shed(0)

    assert shown == [(1,), (2,), (3,)]
    assert [each.number for each in journal.requests] == [4]


def test_a_cleared_journal_counts_anew_and_goes_on_with_its_numbers() -> None:
    """What is still being answered is not taken for a request that came later."""
    journal = Journal()
    journal.add(recorded("before"))

    journal.clear()
    journal.note(1, status=200)
    journal.add(recorded("after"))

    assert [(each.number, each.query_string, each.status) for each in journal.requests] == [
        (2, "after", None)
    ]
    assert len(journal) == 1


def test_a_look_has_what_is_behind_a_number_and_all_numbers() -> None:
    """Of what is kept; of a number that is yet to come nothing."""
    journal = Journal(most=3)
    for query in "abcde":
        journal.add(recorded(query))

    looks = [journal.look(after) for after in (0, 3, 5, 9)]

    assert [[each.number for each in look.requests] for look in looks] == [[3, 4, 5], [4, 5], [], []]
    assert {(look.total, look.last, look.left, look.is_on) for look in looks} == {(5, 5, 2, True)}
    journal.clear()
    assert (journal.look().total, journal.look().last, journal.look().left) == (0, 5, 5)
