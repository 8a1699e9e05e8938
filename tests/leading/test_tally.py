"""The words that a run ends with."""

from dataclasses import replace

from tests.stage.records import acme, recorded
from usagetwin.stage.journal import Journal
from usagetwin.stage.play import Play
from usagetwin.stage.setup import Setup
from usagetwin_checker.leading.tally import ITSELF, Tally

MILLISECONDS = "from=1772323200000"


def play(*queries: str, host: str = "app.launchdarkly.com", most: int | None = None) -> Play:
    """Give a play that was asked for these."""
    made = Play(Setup(world=acme()), journal=Journal(most=most))
    for query in queries:
        made.journal.add(replace(recorded(query), host=host))
    return made


def first_line(*plays: Play, rules: bool = True) -> str:
    """Give the first line of the verdict on plays."""
    tally = Tally()
    for each in plays:
        tally.add(each)
    return next(iter(tally.words(rules=rules))).removeprefix("usagetwin: ")


def test_numbers_are_in_words_that_fit() -> None:
    """One request, several, and how many of them break a rule."""
    com = "app.launchdarkly.com"

    assert first_line(play("")) == f"1 request to {com}, which keeps the contract"
    assert first_line(play("", "")) == f"2 requests to {com}, which keep the contract"
    assert first_line(play(MILLISECONDS)) == f"1 request to {com}, which breaks the contract"
    assert first_line(play("", MILLISECONDS)) == f"2 requests to {com}, 1 breaks the contract"
    assert (
        first_line(play(MILLISECONDS, "granularity=x&to=x")) == f"2 requests to {com}, 2 break the contract"
    )
    assert first_line(play(MILLISECONDS), rules=False) == f"1 request to {com}"


def test_plays_are_added_up() -> None:
    """Hosts too; what is none of the three is the twin itself."""
    line = first_line(play(MILLISECONDS), play("", host="127.0.0.1:8080"), play("", host="[::1"))

    assert line == f"3 requests to app.launchdarkly.com and {ITSELF}, 1 breaks the contract"


def test_requests_that_are_kept_no_more_count() -> None:
    """Of the first thousand findings among them it is known whose they are."""
    asked = play(*[MILLISECONDS] * 1_100, most=10)

    assert first_line(asked) == "1100 requests to app.launchdarkly.com, at least 1010 break the contract"


def test_what_failed_in_the_twin_is_told() -> None:
    """Once, and as a failure."""
    tally, failing = Tally(), play("")
    failing.fail(ValueError("no"))
    failing.fail(ValueError("no"))

    tally.add(failing)

    assert tally.failed
    assert list(tally.words(rules=False))[1:] == ["usagetwin: the twin failed: no"]
