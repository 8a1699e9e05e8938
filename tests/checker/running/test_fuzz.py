"""Tests of the fuzz phase: it finds what conversations show, shrinks it, and repeats itself."""

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final

from hypothesis.database import ExampleDatabase, InMemoryExampleDatabase

from tests.checker.conversations import KNOWN, labelled, sent
from tests.checker.honest import honest
from usagetwin.contract import rules
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.findings import Finding
from usagetwin_checker.knowing.reading import STANDARD
from usagetwin_checker.running.fuzz import Fuzz

if TYPE_CHECKING:
    from collections.abc import Callable

NOW: Final = "2026-03-17T12:00:00Z"
HONEST: Final = {"now": NOW, "world": "business-week"}


def fuzz_with(
    change: "Callable[[Exchange], Exchange]", examples: int = 100, database: ExampleDatabase | None = None
) -> list[tuple[str, list[Ask]]]:
    """Fuzz a twin whose answers are changed; give each rule found, and its conversation's requests."""
    with honest(**HONEST) as (target, knowledge):
        fuzz = Fuzz(
            knowledge,
            lambda asks: [change(target.send(ask)) for ask in asks],
            STANDARD,
            database=database,
        )
        found = fuzz.findings((), seed_number=1, max_examples=examples)
    return [(finding.rule_id, [exchange.ask for exchange in finding.conversation]) for finding in found]


def same(exchange: Exchange) -> Exchange:
    """Change nothing."""
    return exchange


def values_grow_with_the_window(exchange: Exchange) -> Exchange:
    """Add the number of buckets to each value of an incremental answer."""
    if exchange.status != 200 or "incremental" not in exchange.ask.values("aggregationType"):
        return exchange
    points = exchange.document["series"]
    series = [{**point, "0": point["0"] + len(points)} for point in points]
    return replace(labelled(exchange.ask, series), number=exchange.number)


def first_bucket_lost(exchange: Exchange) -> Exchange:
    """Leave out the first bucket of what has many."""
    if exchange.status != 200 or not exchange.body or len(exchange.document["series"]) < 20:
        return exchange
    return replace(labelled(exchange.ask, exchange.document["series"][1:]), number=exchange.number)


def test_the_honest_twin_breaks_nothing() -> None:
    """No conversation with the twin contradicts itself."""
    assert fuzz_with(same) == []


def test_a_value_that_depends_on_the_window_shrinks_to_a_few_requests() -> None:
    """A count that grows with the window is shown by such counts and at most one other answer."""
    found = fuzz_with(values_grow_with_the_window)

    assert found
    for _, asks in found:
        assert 2 <= len(asks) <= 3
        assert any("incremental" in ask.values("aggregationType") for ask in asks)


def test_each_round_finds_another_rule() -> None:
    """No rule is found twice, and what is known to be broken is not found again."""
    found = [rule for rule, _ in fuzz_with(first_bucket_lost)]

    assert len(found) == len(set(found))
    assert set(found) <= set(rules())
    assert {"known-bucket-is-present", "every-bucket-is-kept", "bucket-cut-by-from-is-present"} & set(found)


def test_the_same_seed_finds_the_same() -> None:
    """Two runs with one seed come to the same findings, shrunk to the same requests."""
    one, other = (fuzz_with(values_grow_with_the_window, examples=15) for _ in range(2))

    assert one == other


def test_what_broke_a_rule_before_is_tried_first() -> None:
    """One draw is enough then, and is not without what the example database has."""
    database = InMemoryExampleDatabase()
    fuzz_with(first_bucket_lost, database=database)

    again = fuzz_with(first_bucket_lost, examples=1, database=database)

    assert again != []
    assert fuzz_with(first_bucket_lost, examples=1) == []


def test_a_spent_budget_ends_it() -> None:
    """When nothing can be sent any more, nothing is found, no case is counted, and nothing more is drawn."""
    drawn: list[tuple[Ask, ...]] = []
    fuzz = Fuzz(KNOWN, drawn.append)  # which gives None, as where nothing is left

    assert fuzz.findings((), seed_number=0, max_examples=20) == []
    assert fuzz.cases == 0
    assert len(drawn) == 1


def test_a_round_draws_otherwise_than_the_one_before() -> None:
    """What is drawn after a finding is not what was drawn before it, as far as that held."""
    sent_asks: list[list[Ask]] = [[]]

    def send(asks: tuple[Ask, ...]) -> list[Exchange]:
        sent_asks[-1].extend(asks)
        return [sent(ask, 500, b"") for ask in asks]

    for seed in (3, 4):
        Fuzz(KNOWN, send).findings((), seed_number=seed, max_examples=5)
        sent_asks.append([])

    assert sent_asks[0][:20] != sent_asks[1][:20]


def test_nothing_is_held_against_what_does_not_repeat_itself() -> None:
    """Where a past count is known to have changed, conversations show no more about values."""
    turns = count()

    def noisy(exchange: Exchange) -> Exchange:
        if exchange.status != 200:
            return exchange
        turn = next(turns)
        series = [{**point, "0": point["0"] + turn} for point in exchange.document["series"]]
        return replace(labelled(exchange.ask, series), number=exchange.number)

    with honest(**HONEST) as (target, knowledge):
        fuzz = Fuzz(knowledge, lambda asks: [noisy(target.send(ask)) for ask in asks], STANDARD)
        unrepeated = Finding("past-counts-are-fixed", "known by then", ())
        assert fuzz.findings((), seed_number=1, max_examples=20)
        assert fuzz.findings([unrepeated], seed_number=1, max_examples=20) == []


def test_without_a_current_time_nothing_is_drawn() -> None:
    """Windows are drawn around the current day, which must be known."""
    sent_asks: list[Ask] = []

    def send(asks: tuple[Ask, ...]) -> list[Exchange]:
        sent_asks.extend(asks)
        return []

    assert Fuzz(replace(KNOWN, now=None), send).findings((), seed_number=0, max_examples=20) == []
    assert sent_asks == []


def test_cases_are_counted() -> None:
    """Each judged exchange is a case."""
    number = 0

    def send(asks: tuple[Ask, ...]) -> list[Exchange]:
        nonlocal number
        number += len(asks)
        return [sent(ask, 429, b'{"code": "rate_limited", "message": "Later."}') for ask in asks]

    fuzz = Fuzz(KNOWN, send)

    assert fuzz.findings((), seed_number=0, max_examples=20) == []
    assert fuzz.cases == number
    assert number >= 20
