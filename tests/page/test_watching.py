"""What is new in a journal since the last look."""

from dataclasses import replace

from tests.stage.records import acme, recorded
from usagetwin.page.rows import Wanted
from usagetwin.page.watching import MOST_AT_ONCE, News, Watch
from usagetwin.stage.play import Play
from usagetwin.stage.setup import Setup


def watched(after: int = 0, wanted: Wanted | None = None) -> tuple[Play, Watch]:
    """Give a play, and somebody who looks at it."""
    play = Play(Setup(world=acme(), frozen_s=0))
    return play, Watch(play, "default", Wanted() if wanted is None else wanted, after)


def news_of(watch: Watch) -> News:
    """Look, where something is new."""
    news = watch.news()
    assert news is not None
    return news


def test_a_request_is_told_when_it_comes_and_when_it_is_answered() -> None:
    """And then no more; where to go on from comes after it when all is known of it."""
    play, watch = watched()
    play.journal.add(recorded())

    first = news_of(watch)
    quiet = news_of(watch)
    play.journal.note(1, status=404)
    play.journal.note(1, message="none")
    second = news_of(watch)
    last = news_of(watch)

    assert [(each["number"], "status" in each) for each in first.rows] == [(1, False)]
    assert (quiet.rows, first.after, quiet.after) == ((), 0, 0)
    assert [(each["status"], each["message"]) for each in second.rows] == [(404, "none")]
    assert (second.after, last.after, last.rows) == (0, 1, ())
    assert watch.news() is None


def test_what_a_client_knows_is_not_told_again() -> None:
    """It goes on after the number that it has."""
    play, watch = watched(after=2)
    for _ in range(3):
        play.journal.note(play.journal.add(recorded()).number, status=200)

    assert [each["number"] for each in news_of(watch).rows] == [3]


def test_what_a_request_broke_is_told_with_it() -> None:
    """And a filter leaves out what does not meet it, but goes on behind it."""
    play, watch = watched(wanted=Wanted(rule="timestamp-fits-ten-digits"))
    for query in ("", "from=1735689600000"):
        play.journal.note(play.journal.add(recorded(query)).number, status=200)

    news = news_of(watch)

    assert [(each["number"], len(each["findings"])) for each in news.rows] == [(2, 1)]
    assert news_of(watch).after == 2


def test_of_very_many_the_newest_are_told() -> None:
    """And how many were left out."""
    play, watch = watched()
    for _ in range(MOST_AT_ONCE + 7):
        play.journal.add(replace(recorded(), status=200))

    news = news_of(watch)

    assert [news.rows[0]["number"], news.rows[-1]["number"]] == [8, MOST_AT_ONCE + 7]
    assert news.state == {"total": MOST_AT_ONCE + 7, "first": 1, "left_out": 7}


def test_requests_that_are_forgotten_are_news_too() -> None:
    """The first that is kept comes behind them."""
    play, watch = watched()
    play.journal.add(replace(recorded(), status=200))
    news_of(watch)
    news_of(watch)
    assert watch.news() is None

    play.forget_requests()

    assert news_of(watch).state == {"total": 0, "first": 2, "left_out": 0}
    assert watch.news() is None
