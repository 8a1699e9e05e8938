"""How a process follows the book: when it asks, and what it does when nobody answers."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import MONTH_TO_DATE
from tests.answer import assert_error
from tests.stage.shared.replicas import SETTINGS, replicas
from usagetwin import store
from usagetwin.settings import Settings
from usagetwin.stage.shared import following
from usagetwin.stage.shared.book import Book, Change

if TYPE_CHECKING:
    from tests.stage.shared.replicas import Replicas

THE_2ND: Final = "2026-03-02T12:00:00Z"
ON_THE_2ND: Final = [31, 52]


@pytest.fixture(autouse=True)
def _asked_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a store that is back be asked at once."""
    monkeypatch.setattr(store, "AGAIN_AFTER_S", 0.0)


def forgotten(shared: "Replicas") -> None:
    """Let the store have nothing any more."""
    shared.client.flushall()


def test_a_process_with_a_lease_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a store that is gone meanwhile is not even noticed."""
    monkeypatch.setattr(following, "LEASE_S", 60.0)
    shared = replicas(1)
    (twin,) = shared.twins
    twin.ask()

    shared.server.connected = False
    monkeypatch.setattr(store, "AGAIN_AFTER_S", 60.0)  # in which it would be left alone, had it been asked

    assert twin.ask().values == MONTH_TO_DATE
    shared.server.connected = True
    assert len(twin.tell("GET", "/plays")["plays"]) == 1


def test_a_change_waits_for_those_who_hold_a_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what was answered as told holds for the very next request."""
    monkeypatch.setattr(following, "LEASE_S", 1.0)
    one, two = replicas().twins
    one.tell("GET", "/plays")  # which loads libraries, for longer than that
    assert [each.ask().values for each in (one, two)] == [MONTH_TO_DATE] * 2

    one.tell("PUT", "/plays/default/clock", {"now": THE_2ND})

    assert [each.ask().values for each in (one, two)] == [ON_THE_2ND] * 2


def test_a_play_is_used_by_being_named() -> None:
    """Its idle time begins again, and not by a list of all."""
    shared = replicas(1, idle_s=100)
    (twin,) = shared.twins
    twin.tell("POST", "/plays", {}, status=201)
    (key,) = shared.client.scan_iter("*:play:1")

    for path, left_s in (("/plays", 5), ("/plays/1/faults", 100)):
        shared.client.expire(key, 5)
        twin.tell("GET", path)
        assert shared.client.ttl(key) == left_s


def test_without_the_store_what_was_known_goes_on() -> None:
    """The default play, and plays whose token was seen; an unknown one is refused in words."""
    shared = replicas()
    one, two = shared.twins
    known = one.tell("POST", "/plays", {"now": THE_2ND}, status=201)["token"]
    one.tell("PUT", "/plays/default/clock", {"now": THE_2ND})
    assert [each.ask(known).values for each in (one, two)] == [ON_THE_2ND] * 2
    unknown = one.tell("POST", "/plays", {}, status=201)["token"]
    assert [each.ask().values for each in (one, two)] == [ON_THE_2ND] * 2

    shared.server.connected = False
    assert [each.ask(token).values for each in (one, two) for token in (known, "any")] == [ON_THE_2ND] * 4
    refused = two.ask(unknown)
    assert_error(refused, 503, "service_unavailable")
    assert refused.header("retry-after") == "1"

    shared.server.connected = True
    assert two.ask(unknown).values == MONTH_TO_DATE
    assert [each["number"] for each in two.tell("GET", "/plays/1/journal")["requests"]] == [1, 2]


def test_what_is_told_without_the_store_is_refused_and_changes_nothing() -> None:
    """With what would help."""
    shared = replicas(1)
    (twin,) = shared.twins
    twin.ask()

    shared.server.connected = False
    for method, path, body in (
        ("GET", "/plays", None),
        ("PUT", "/plays/default/clock", {"now": THE_2ND}),
        ("POST", "/plays", {}),
    ):
        problem, remedy = twin.refused(method, path, body, status=503)
        assert "does not answer" in problem
        assert "--store" in remedy

    shared.server.connected = True
    assert twin.ask().values == MONTH_TO_DATE
    assert len(twin.tell("GET", "/plays")["plays"]) == 1


def test_a_store_that_goes_while_a_change_is_made_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here or there."""
    shared = replicas()
    one, two = shared.twins
    token = one.tell("POST", "/plays", {}, status=201)["token"]
    assert one.ask(token).values == MONTH_TO_DATE
    read = one.served._read  # type: ignore[attr-defined]  # noqa: SLF001 -- the moment in question

    def read_and_lose() -> None:
        read()
        shared.server.connected = False

    monkeypatch.setattr(one.served, "_read", read_and_lose)
    one.refused("PUT", "/plays/1/clock", {"now": THE_2ND}, status=503)
    monkeypatch.undo()

    shared.server.connected = True
    assert [each.ask(token).values for each in (one, two)] == [MONTH_TO_DATE] * 2
    assert one.tell("GET", "/plays/1/clock")["now"] == SETTINGS.now


def test_a_change_that_was_written_is_done_though_the_store_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is told that it failed would say it again."""
    shared = replicas()
    one, two = shared.twins
    one.tell("POST", "/plays", {}, status=201)
    write = Book.write

    def write_and_lose(book: Book, change: Change, turn: str) -> float:
        left_s = write(book, change, turn)
        shared.server.connected = False
        return left_s

    monkeypatch.setattr(Book, "write", write_and_lose)
    one.tell("PUT", "/plays/1/clock", {"now": THE_2ND})

    monkeypatch.undo()
    shared.server.connected = True
    shared.client.delete(*shared.client.keys("*:lock"))  # as it ends by itself
    assert two.tell("GET", "/plays/1/clock")["now"] == THE_2ND


def test_a_fault_that_needs_counting_is_not_shown_without_the_store() -> None:
    """Others are; and what was asked meanwhile is not recorded."""
    shared = replicas(1)
    (twin,) = shared.twins
    for fault in (
        {"name": "server-error", "times": 2},
        {"name": "unavailable"},
        {"name": "status", "details": {"status": 502}, "chance": 1},
    ):
        twin.tell("POST", "/plays/default/faults", fault, status=201)

    statuses = []
    for is_there, times in ((True, 1), (False, 2), (True, 2)):
        shared.server.connected = is_there
        statuses += [twin.ask().status for _ in range(times)]

    assert statuses == [500, 503, 503, 500, 502]
    journal = twin.tell("GET", "/plays/default/journal")["requests"]
    assert [(each["number"], each["status"]) for each in journal] == [(1, 500), (2, 500), (3, 502)]


def test_a_store_that_forgot_has_no_plays() -> None:
    """Their tokens are refused as those of plays that have ended, and the options hold again."""
    shared = replicas()
    one, two = shared.twins
    token = one.tell("POST", "/plays", {}, status=201)["token"]
    one.tell("PUT", "/plays/default/clock", {"now": THE_2ND})
    one.tell("POST", "/plays/default/faults", {"name": "unavailable", "times": 1}, status=201)
    one.tell("PUT", "/plays/default/journal", {"recording": True})
    assert [one.ask(token).status, one.ask().status, two.ask().values] == [200, 503, ON_THE_2ND]

    forgotten(shared)

    assert one.ask(token).status == 401
    assert [each.ask().values for each in (one, two)] == [MONTH_TO_DATE] * 2
    assert two.tell("GET", "/plays/default/journal") == {
        "requests": [],
        "total": 0,
        "kept": 0,
        "recording": False,
    }
    assert one.tell("POST", "/plays", {}, status=201)["play"] == "1"


def test_a_fault_that_the_store_forgot_is_not_taken_for_another() -> None:
    """Whose number is the same, as in a process that was not asked meanwhile."""
    shared = replicas()
    one, two = shared.twins
    shown = []
    for name in ("unavailable", "server-error", "server-error"):
        two.tell("POST", "/plays/default/faults", {"name": name, "times": 1}, status=201)
        shown += [one.ask().status for _ in range(2)]
        forgotten(shared)

    assert shown == [503, 200, 500, 200, 500, 200]


def test_a_journal_that_the_store_forgot_is_not_taken_for_another() -> None:
    """Whose numbers are the same."""
    shared = replicas()
    one, two = shared.twins
    shown = []
    for query in ("page=1", "page=2"):
        token = two.tell("POST", "/plays", {}, status=201)["token"]
        two.ask(token, query)
        for _ in range(3):
            (request,) = one.tell("GET", "/plays/1/journal")["requests"]
        shown.append(request["target"][-6:])
        forgotten(shared)

    assert shown == ["page=1", "page=2"]


def test_the_default_play_records_for_all_when_it_is_told_to() -> None:
    """From the next request on, and no more afterwards."""
    one, two = replicas().twins
    one.ask()
    two.ask()

    one.tell("PUT", "/plays/default/journal", {"recording": True})
    two.ask(query="page=1")
    two.tell("PUT", "/plays/default/journal", {"recording": False})
    one.ask(query="page=2")

    for twin in (one, two):
        assert [each["target"][-6:] for each in twin.tell("GET", "/plays/default/journal")["requests"]] == [
            "page=1"
        ]


def test_a_play_that_was_idle_for_long_has_ended_for_all() -> None:
    """As Redis ends its keys."""
    shared = replicas()
    one, two = shared.twins
    token = one.tell("POST", "/plays", {}, status=201)["token"]
    assert two.ask(token).status == 200

    for key in shared.client.scan_iter("*:1"):
        shared.client.delete(key)

    assert two.ask(token).status == 401
    assert len(one.tell("GET", "/plays")["plays"]) == 1
    assert one.refused("GET", "/plays/1", status=404)[0] == "the play 1 has ended"


def test_a_deviation_of_the_options_and_of_a_play_are_shown_and_noted() -> None:
    """In the journal of all."""
    one, two = replicas(settings=Settings(now=SETTINGS.now, deviation="counts-are-strings")).twins
    token = one.tell("POST", "/plays", {}, status=201)["token"]

    assert [point["0"] for point in two.ask(token).json()["series"]] == ["31", "73", "100"]

    assert one.tell("GET", "/plays/1/journal")["requests"][0]["deviates"] is True
    one.tell("PATCH", "/plays/1", {"deviation": None})
    assert two.ask(token).values == MONTH_TO_DATE


def test_twins_of_other_options_share_nothing() -> None:
    """Though the store is one."""
    shared = replicas(1)
    (one,) = shared.twins
    (other,) = replicas(1, settings=Settings(now=THE_2ND), server=shared.server).twins

    token = one.tell("POST", "/plays", {}, status=201)["token"]

    assert other.ask(token).status == 401
    assert len(other.tell("GET", "/plays")["plays"]) == 1


def test_the_bounds_are_those_of_all() -> None:
    """On plays, and on the worlds that are sent."""
    one, two = replicas(plays=2, world_bytes=100).twins
    counts = {"counts": {"web": {"2026-03-01": 7}}}
    for twin in (one, two):
        twin.tell("POST", "/plays", {}, status=201)
    one.refused("POST", "/plays", {}, status=409)

    told = [each.answer("PUT", f"/plays/{play}/world", counts).status for each in (one, two) for play in "12"]
    assert told.count(409) == 0
    large = {"counts": {"web": {f"2026-03-{day:02}": 7 for day in range(1, 5)}}}
    assert one.tell("PUT", "/plays/1/world", large, status=409)["code"] == "worlds_too_large"
    two.tell("DELETE", "/plays/2")
    assert one.tell("PUT", "/plays/1/world", large)["projects"] == ["web"]


def test_no_token_of_a_client_and_no_key_of_a_play_s_token_is_in_the_store() -> None:
    """A play's own is in its script alone, where it says what the token may do."""
    shared = replicas(1)
    (twin,) = shared.twins
    token = twin.tell("POST", "/plays", {}, status=201)["token"]
    twin.ask(token)
    twin.tell("PUT", "/plays/default/journal", {"recording": True})
    twin.ask("api-secret")

    client = shared.client
    keys = list(client.scan_iter())
    texts = [str(client.hgetall(key)) for key in keys if client.type(key) == "hash"]

    assert not any(token in key for key in keys)
    assert not any("api-secret" in text for text in texts)
    assert [token in text for text in texts].count(True) == 1
