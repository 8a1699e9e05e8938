"""Tests of what one exchange shows by itself, and that it is looked at once."""

from dataclasses import replace
from typing import Final

from tests.checker.conversations import KNOWN, answered, incremental, numbered, refused, sent
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.judging.tally import Tally
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.knowing.reading import SECONDS, STANDARD

DAYS: Final = "from=2026-03-01&to=2026-03-06&aggregationType=incremental"
ANSWER: Final = answered(DAYS, incremental("2026-03-01", "2026-03-05"))


def test_an_answer_is_read_as_facts() -> None:
    """A 200 to a valid query has an answer, without findings; a refusal has none."""
    seen = Reader().alone(ANSWER, KNOWN, STANDARD)
    other = Reader().alone(refused(DAYS, 404), KNOWN, STANDARD)

    assert seen.findings == ()
    assert seen.answer is not None
    assert [fact.value for fact in seen.answer.facts] == [1, 2, 3, 4, 5]
    assert other.answer is None
    assert [finding.rule_id for finding in other.findings] == ["documented-query-is-answered"]


def test_an_exchange_is_looked_at_once() -> None:
    """What was learned since, but what a single exchange does not depend on, changes nothing."""
    reader = Reader()

    first = reader.alone(ANSWER, KNOWN, STANDARD)

    assert reader.alone(ANSWER, replace(KNOWN, still=True), STANDARD) is first


def test_another_knowledge_or_reading_is_another_look() -> None:
    """Keys, current time and labels decide what an exchange shows, and so does the exchange."""
    reader = Reader()
    first = reader.alone(ANSWER, KNOWN, STANDARD)

    others = [
        reader.alone(ANSWER, Knowledge(now=KNOWN.now), STANDARD),
        reader.alone(ANSWER, replace(KNOWN, now=None), STANDARD),
        reader.alone(ANSWER, KNOWN, SECONDS),
        reader.alone(replace(ANSWER), KNOWN, STANDARD),
    ]

    assert all(other is not first for other in others)


def test_what_an_error_puts_to_the_test_is_counted() -> None:
    """A 400 that is in order tests its code and its message; one that is not, its code alone."""
    wrong, right = numbered(
        refused("granularity=weekly", 400, "invalid_request", "granularity='weekly' takes daily, monthly"),
        refused(DAYS, 400, "invalid_request", "No."),
    )

    def tested(exchange: object) -> set[str]:
        tally = Tally()
        Reader().alone(wrong if exchange is wrong else right, KNOWN, STANDARD).count(tally)
        return {rule_id for rule_id in tally.counts() if rule_id.startswith("invalid-request")}

    assert tested(right) == {"invalid-request-code"}
    assert tested(wrong) == {
        "invalid-request-code",
        "invalid-request-names-parameter",
        "invalid-request-quotes-value",
        "invalid-request-says-what-is-allowed",
    }


def test_no_answer_puts_nothing_to_the_test() -> None:
    """An exchange that failed counts for no rule."""
    tally = Tally()

    Reader().alone(replace(sent(ANSWER.ask, 0, b""), failure="gone"), KNOWN, STANDARD).count(tally)

    assert tally.counts() == {}
