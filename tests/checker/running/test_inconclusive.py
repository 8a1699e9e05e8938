"""Tests of `usagetwin_checker.running.inconclusive`: why a run can't come to a verdict."""

from tests.checker.scripted import exchange
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.running.inconclusive import interrupted, why_not

KNOWN = Knowledge(now=Now(0, 0))


def test_a_run_that_was_answered_has_no_reason() -> None:
    """Nothing was lost, some query was answered, and the current time is known."""
    assert why_not([exchange(200), exchange(400)], KNOWN, (), halted=None) == []


def test_every_reason_is_given() -> None:
    """Lost answers, a target that is asked no more, no 200, and keys that are never answered."""
    exchanges = [exchange(0, failure="gone"), exchange(429), exchange(403)]

    reasons = why_not(exchanges, KNOWN, ["b", "a"], halted="the target is busy")

    assert reasons == [
        "1 of 3 requests got no whole answer: gone",
        "the target is busy",
        "no query was answered with 200 (answers: 403, 429)",
        "the project 'a' is never answered with 200; is it a key of this account?",
        "the project 'b' is never answered with 200; is it a key of this account?",
    ]


def test_one_request_is_one() -> None:
    """In each reason that counts them."""
    (lost,) = why_not([exchange(0, failure="gone")], KNOWN, (), halted=None)

    assert lost == "1 of 1 request got no whole answer: gone"
    assert interrupted("SIGINT", 1).startswith("interrupted after 1 request (SIGINT)")


def test_401_to_everything_asks_for_a_token() -> None:
    """The token is what is missing."""
    (reason,) = why_not([exchange(401)], KNOWN, (), halted=None)

    assert reason.endswith("give a valid access token in USAGETWIN_TOKEN")


def test_404_to_everything_says_what_was_asked() -> None:
    """The target is what is wrong, most often by a path at its end."""
    (reason,) = why_not([exchange(404)], KNOWN, (), halted=None, target="http://h/v2")

    assert reason == (
        "no query was answered with 200 (answers: 404): nothing is at "
        "http://h/v2/api/v2/usage/observability/sessions; "
        "give the URL that stands before /api/v2/usage/observability/sessions as the target"
    )


def test_an_unknown_current_time_can_be_given() -> None:
    """An empty default window says nothing of the time, unless answers were lost."""
    unknown = Knowledge()

    assert why_not([exchange(200)], unknown, (), halted=None)[0].endswith("give it with --now")
    assert len(why_not([exchange(200), exchange(0, failure="x")], unknown, (), halted=None)) == 1


def test_a_page_has_no_window_that_could_be_empty() -> None:
    """Who answered is the one reason: no `--now` helps against a page of HTML."""
    page = exchange(200, b"<html>", headers={"content-type": "text/html"})

    (reason,) = why_not([page], Knowledge(), (), halted=None, route="no proxy")

    assert reason == "something else than the API may have answered (200 text/html), through no proxy"
