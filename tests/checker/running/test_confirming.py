"""Tests of asking again: the conversation of a finding in the narrowest windows that still show it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tests.checker.conversations import KNOWN, answered, incremental, month_to_date, numbered, seconds
from usagetwin_checker.findings import Finding
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.reading import STANDARD
from usagetwin_checker.running.confirming import MOST, can_be_confirmed, confirm

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Ask, Exchange

DAYS: Final = "from=2026-03-01&to=2026-03-11&aggregationType=incremental"
RIGHT: Final = incremental("2026-03-01", "2026-03-10")
WRONG: Final = RIGHT | {"2026-03-04": 99}


def found() -> Finding:
    """Give the finding that one day has two values."""
    exchanges = numbered(answered(DAYS, RIGHT), answered(f"{DAYS}&granularity=daily", WRONG))
    (finding,) = judge(exchanges, KNOWN).findings
    return finding


def points(ask: "Ask") -> dict[str, int]:
    """Give the points of the window that a request asks for, from the wrong counts where it is explicit."""
    counts = WRONG if ask.values("granularity") else RIGHT
    (from_s,), (to_s,) = ask.values("from"), ask.values("to")
    return {day: count for day, count in counts.items() if int(from_s) <= seconds(day) < int(to_s)}


def test_a_finding_is_shown_by_its_days_alone() -> None:
    """Both requests are asked again for the day that has two values."""
    confirmed = confirm(
        found(), KNOWN, STANDARD, lambda asks: numbered(*(answered(ask, points(ask)) for ask in asks))
    )

    assert confirmed.rule_id == "granularity-defaults-to-daily"
    assert [
        exchange.ask.values("from") + exchange.ask.values("to") for exchange in confirmed.conversation
    ] == [(str(seconds("2026-03-04")), str(seconds("2026-03-05")))] * 2


def test_the_same_values_keep_the_rule_that_other_answers_told() -> None:
    """Two answers alone can't tell which view is wrong; the run could, and its finding says so."""
    exchanges = numbered(
        answered(DAYS, WRONG),
        answered("from=2026-03-01&to=2026-03-11", month_to_date("2026-03-01", "2026-03-10")),
    )
    (judged,) = judge(exchanges, KNOWN).findings
    known = replace(judged, rule_id="incremental-counts")

    def send(asks: "tuple[Ask, ...]") -> "list[Exchange]":
        windows = [(int(ask.values("from")[0]), int(ask.values("to")[0])) for ask in asks]
        return numbered(
            *(
                answered(ask, {day: count for day, count in source.items() if first <= seconds(day) < end})
                for ask, (first, end), source in zip(asks, windows, sources(asks), strict=True)
            )
        )

    confirmed = confirm(known, KNOWN, STANDARD, send)

    assert judged.rule_id == "month-to-date-sums"
    assert confirmed.rule_id == "incremental-counts"
    assert confirmed.message == judged.message
    assert all(len(exchange.document["series"]) < 10 for exchange in confirmed.conversation)


def sources(asks: "tuple[Ask, ...]") -> list[dict[str, int]]:
    """Give the points that each request is about: wrong counts, or right months to date."""
    to_date = month_to_date("2026-03-01", "2026-03-10")
    return [WRONG if ask.values("aggregationType") else to_date for ask in asks]


def test_a_finding_that_does_not_show_again_stays_as_it_was() -> None:
    """What was seen was seen, though asking again gives the right count."""
    before = found()

    def send(asks: "tuple[Ask, ...]") -> "list[Exchange]":
        return numbered(*(answered(ask, {"2026-03-04": 4}) for ask in asks))

    assert confirm(before, KNOWN, STANDARD, send) is before


def test_a_finding_stays_as_it_was_where_too_few_requests_are_left() -> None:
    """None stands for a budget that is spent."""
    before = found()

    assert confirm(before, KNOWN, STANDARD, lambda _asks: None) is before


def test_what_has_no_days_or_too_many_requests_is_not_asked_again() -> None:
    """There are no windows to cut down, or too much to ask."""
    exchanges = tuple(numbered(*[answered(DAYS, RIGHT)] * (MOST + 1)))
    about_nothing = Finding("every-answer-is-json", "text", exchanges[:1])
    too_many = Finding("filter-additive", "text", exchanges, days=(1, 2))
    asked: list[object] = []

    for finding in (about_nothing, too_many):
        assert not can_be_confirmed(finding)
        assert confirm(finding, KNOWN, STANDARD, asked.append) is finding
    assert asked == []
