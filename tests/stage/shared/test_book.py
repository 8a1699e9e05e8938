"""The book of plays: what it holds, within which bounds, and until when."""

from threading import Thread
from typing import TYPE_CHECKING

import pytest
from fakeredis import FakeRedis, FakeServer

from usagetwin.errors import UsageTwinError
from usagetwin.stage.plays import Limits
from usagetwin.stage.shared import book as module
from usagetwin.stage.shared.book import DEFAULT, Book, Change, StoreBusyError
from usagetwin.store import Attempts

if TYPE_CHECKING:
    from collections.abc import Sequence


def books(number: int = 2, **limits: float) -> "Sequence[Book]":
    """Give the same book, as several processes have it."""
    server = FakeServer()
    return [book_in(server, twin="t", **limits) for _ in range(number)]


def book_in(server: FakeServer, *, twin: str = "t", **limits: float) -> Book:
    """Give a book in a store."""
    client = FakeRedis(server=server, decode_responses=True)
    bounds = Limits(**limits)  # type: ignore[arg-type]  # -- limits by name
    return Book(client, Attempts("redis://localhost"), twin=twin, limits=bounds)


def change(play: str = "1", version: str = "v1", *, told: bool = True, cleared: bool = False) -> Change:
    """Give a change of a play whose token has its number for a digest."""
    return Change(
        play=play,
        digest=f"d{play}",
        version=version,
        is_told=told,
        script="{}",
        cleared=cleared,
        gone=(),
        fresh={},
    )


def write(book: Book, written: Change) -> float:
    """Write a change, in a turn of its own."""
    with book.turn() as turn:
        return book.write(written, turn)


def kept(book: Book, play: str) -> list[int]:
    """Give the numbers of the requests that are kept."""
    left, last = book.counted(play, ("left", "last"))
    texts = book.requests(play, range(1, last + 1))
    numbers = [number for number, text in enumerate(texts, 1) if text is not None]
    assert numbers == list(range(left + 1, last + 1))
    return numbers


def test_what_one_writes_another_reads() -> None:
    """By the digest of the token, and by number."""
    one, two = books()

    write(one, change("2", "v7"))

    assert two.look("d2") == ("2", "v7")
    assert two.roster()[1:] == (2, {"2": "v7"})
    assert two.script("2") == ("v7", "{}")
    assert two.look("d1") is None
    assert two.script("1") is None


def test_a_world_is_there_until_it_is_gone() -> None:
    """It stands beside the script."""
    (book,) = books(1)
    with book.turn() as turn:
        sent = Change(
            play="1", digest="d", version="v", is_told=True, script="", cleared=False, fresh={"world:a": "A"}
        )
        book.write(sent, turn)
        assert book.world("1", "a") == "A"
        gone = Change(
            play="1",
            digest="d",
            version="v",
            is_told=True,
            script="",
            cleared=False,
            gone=("world:a",),
            fresh={"world:b": "B"},
        )
        book.write(gone, turn)

    assert (book.world("1", "a"), book.world("1", "b")) == ("", "B")


def test_a_play_ends_for_all_with_all_that_there_is_of_it() -> None:
    """No key is left, but the count of plays."""
    server = FakeServer()
    one, two = book_in(server), book_in(server)
    write(one, change())
    one.add("1", "!{}", ["a-rule"])

    with two.turn() as turn:
        two.end("1", "d1", turn)

    assert one.look("d1") is None
    assert one.add("1", "{}", []) == 0
    assert one.count("1", "shown:1") == 0
    assert FakeRedis(server=server, decode_responses=True).keys() == ["usagetwin-plays:t:made"]


def test_every_key_of_a_play_ends_by_itself() -> None:
    """After the idle time, which each use begins again; a play that ended so is on no list."""
    server = FakeServer()
    book = book_in(server, idle_s=100)
    client = FakeRedis(server=server, decode_responses=True)
    write(book, change())
    book.add("1", "!{}", ["a-rule"])
    keys = [f"usagetwin-plays:t:{key}" for key in ("play:1", "requests:1", "broken:1", "token:d1")]

    for use in (lambda: book.look("d1"), lambda: book.keep("1"), lambda: book.add("1", "{}", [])):
        for key in keys:
            client.expire(key, 5)
        use()
        assert [client.ttl(key) for key in keys] == [100] * 4
    client.delete(keys[0])

    assert book.look("d1") is None
    assert book.roster()[1:] == (1, {})
    assert client.smembers("usagetwin-plays:t:plays") == set()


def test_the_default_play_has_no_end() -> None:
    """Nor anything that is kept of it."""
    server = FakeServer()
    book = book_in(server)
    write(book, change(DEFAULT))
    book.add(DEFAULT, "{}", ["a-rule"])
    client = FakeRedis(server=server)

    assert {client.ttl(key) for key in client.scan_iter() if b"until" not in key} == {-1}
    assert book.roster()[1:] == (0, {})


def test_requests_are_numbered_and_kept_within_bounds() -> None:
    """The newest, by all; of those that are kept no more, what they broke."""
    one, two = books(requests=3)
    write(one, change())

    numbers = [
        book.add("1", f"!{number}" if number == 2 else "{}", ["r"])
        for number, book in enumerate((one, two, one, two, one), 1)
    ]

    assert numbers == [1, 2, 3, 4, 5]
    assert kept(two, "1") == [3, 4, 5]
    assert two.left("1") == ["2!2"]
    assert two.broken("1") == {"r": 5}


def test_large_requests_leave_earlier() -> None:
    """The newest stays, however large; what is noted later counts as well."""
    (book,) = books(1, journal_bytes=1_000)
    write(book, change())
    for _ in range(3):
        book.add("1", "x" * 100, [])
    assert kept(book, "1") == [2, 3]

    book.note("1", 2, "y" * 400)
    book.note("1", 1, "gone")
    assert book.requests("1", [2]) == ["y" * 400]
    book.add("1", "x" * 100, [])
    assert kept(book, "1") == [3, 4]
    book.add("1", "x" * 2_000, [])
    assert kept(book, "1") == [5]


def test_the_largest_journal_gives_way_where_all_are_too_large() -> None:
    """By halves, here from 63 to 31 to 15; looked at with each 64th request of a play."""
    (book,) = books(1, all_bytes=50_000)
    write(book, change("1"))
    write(book, change("2"))
    for _ in range(63):
        book.add("1", "x" * 1_000, [])
    for _ in range(64):
        book.add("2", "x", [])

    assert kept(book, "1") == list(range(49, 64))
    assert len(kept(book, "2")) == 64


def test_what_is_cleared_is_forgotten_and_counted_on() -> None:
    """By number."""
    (book,) = books(1)
    write(book, change())
    book.add("1", "!{}", ["r"])

    write(book, change(cleared=True))

    assert book.counted("1", ("last", "forgotten", "bytes")) == [1, 1, 0]
    assert (book.broken("1"), book.left("1"), kept(book, "1")) == ({}, [], [])
    assert book.add("1", "{}", []) == 2


def test_a_count_goes_no_further_than_it_may() -> None:
    """Whoever counts."""
    one, two = books()
    write(one, change())

    assert [book.count("1", "shown:1", 2) for book in (one, two, one, two)] == [1, 2, 0, 0]
    assert [book.count("1", "shown:2") for book in (one, two)] == [1, 2]
    assert one.counted("1", ["shown:1", "shown:2", "shown:3"]) == [2, 2, 0]


def test_who_tells_the_default_play_something_waits_for_those_who_need_not_ask() -> None:
    """And nobody need not ask any more, until it is told nothing again."""
    one, two = books()

    assert one.lease(5_000) == ("", False)
    assert two.lease(10) == ("", False)
    assert 4 < write(two, change(DEFAULT, "v1")) <= 5
    assert one.lease(5_000) == ("v1", True)
    assert write(two, change(DEFAULT, "v2", told=False)) == 0
    assert one.lease(1) == ("v2", False)


def test_one_turn_comes_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits too long is told so."""
    monkeypatch.setattr(module, "TURN_WITHIN_S", 0.05)
    one, two = books()

    with one.turn(), pytest.raises(StoreBusyError), two.turn():
        raise AssertionError
    with two.turn():
        pass


def test_a_turn_that_was_lost_changes_nothing() -> None:
    """As the turn of a process that was stopped for long, whose lock has ended."""
    server = FakeServer()
    one, two = book_in(server), book_in(server)
    client = FakeRedis(server=server)

    with one.turn() as lost:
        client.delete("usagetwin-plays:t:lock")
        with two.turn() as turn:
            two.write(change("1", "v2"), turn)
            with pytest.raises(StoreBusyError):
                one.write(change("1", "v1"), lost)
            with pytest.raises(StoreBusyError):
                one.end("1", "d1", lost)

    assert one.look("d1") == ("1", "v2")


def test_changes_of_many_at_once_all_count() -> None:
    """Each reads in its turn what the one before has written."""
    several = books(4)

    def make(book: Book) -> None:
        for _ in range(10):
            with book.turn() as turn:
                _, made, _ = book.roster()
                book.write(change(str(made + 1)), turn)

    threads = [Thread(target=make, args=(book,)) for book in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    _, made, plays = several[0].roster()
    assert made == len(plays) == 40
    assert list(plays) == [str(number) for number in range(1, 41)]


def test_a_book_has_a_name_that_it_loses_with_all_that_it_had() -> None:
    """So that who has read it knows another one from it, whose numbers are the same."""
    server = FakeServer()
    one, two = book_in(server), book_in(server)
    name, *_ = one.roster()
    assert two.roster()[0] == name

    FakeRedis(server=server).flushall()

    assert two.roster()[0] == one.roster()[0] != name


def test_twins_that_differ_have_books_of_their_own() -> None:
    """In one store."""
    server = FakeServer()
    write(book_in(server, twin="a"), change())

    assert book_in(server, twin="b").look("d1") is None


def test_a_store_that_is_gone_is_said_to_be() -> None:
    """Whatever is asked, and not asked again at once."""
    server = FakeServer()
    book = book_in(server)
    server.connected = False

    with pytest.raises(UsageTwinError, match="--store"):
        book.look("d1")
    assert book.is_gone


def test_twins_have_a_secret_in_common_and_no_other_twin_has_it() -> None:
    """It is long, and stays what it is."""
    server = FakeServer()
    one, two, other = (book_in(server, twin=twin) for twin in ("t", "t", "another"))

    assert one.secret() == two.secret() == one.secret()
    assert len(one.secret()) == 32
    assert other.secret() != one.secret()
