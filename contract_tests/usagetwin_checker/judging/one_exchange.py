"""What each exchange shows by itself, and the facts that it is read as: once, however often it is judged.

Rule: nothing here looks at another exchange. What is kept is kept for one state of knowledge and one reading.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin_checker.exchanges import Credential
from usagetwin_checker.judging.checks import check, documented
from usagetwin_checker.judging.expectation import expect
from usagetwin_checker.judging.oracle.facts import read
from usagetwin_checker.judging.refusals import (
    is_beta_refusal,
    rules_for_refusal,
    rules_of_choices,
)

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.expectation import Expectation
    from usagetwin_checker.judging.oracle.facts import Answer
    from usagetwin_checker.judging.tally import Tally
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.knowing.reading import Reading


MOST_STATES: Final = 4  # of knowledge and reading: each keeps as many facts as were ever answered


@dataclass(frozen=True, slots=True)
class Alone:
    """One exchange: what was expected of it, what it breaks, and what it says of the ledger, if anything."""

    exchange: "Exchange"
    expectation: "Expectation"
    findings: "tuple[Finding, ...]"
    answer: "Answer | None"

    def count(self, tally: "Tally") -> None:
        """Note which rules this exchange puts to the test."""
        exchange = self.exchange
        if exchange.failure is not None:
            return
        if is_beta_refusal(exchange):
            tally.add("beta-header-required", exchange)
            tally.add("beta-refusal-has-message-alone", exchange)
            return
        for rule_id, _ in self.expectation.rules:
            tally.add(rule_id, exchange)
        for rule_id in ALWAYS_TESTED.get(exchange.status, ()):
            tally.add(rule_id, exchange)
        for rule_id in rules_for_refusal(exchange, self.expectation):
            tally.add(rule_id, exchange)
        tally.add("status-is-documented", exchange)
        if not documented(exchange):
            tally.add("every-answer-is-json", exchange)
        for rule_id in rules_of_choices(exchange):
            tally.add(rule_id, exchange)
        if exchange.ask.credential is Credential.NONE:
            tally.add("no-answer-without-credential", exchange)


class Reader:
    """Looks at exchanges one by one, and remembers what each one shows."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._kept: dict[object, dict[int, Alone]] = {}

    def alone(self, exchange: "Exchange", knowledge: "Knowledge", reading: "Reading") -> Alone:
        """Give what an exchange shows by itself, to one who knows this and reads labels so."""
        which = (
            knowledge.keys,
            knowledge.complete,
            knowledge.now,
            knowledge.loopback,
            knowledge.settling_h,
            reading,
        )
        kept = self._kept.get(which)
        if kept is None:
            for old in list(self._kept)[: len(self._kept) + 1 - MOST_STATES]:
                del self._kept[old]
            kept = self._kept[which] = {}
        found = kept.get(id(exchange))
        if found is None:
            found = kept[id(exchange)] = _alone(exchange, knowledge, reading)
        return found


def _alone(exchange: "Exchange", knowledge: "Knowledge", reading: "Reading") -> Alone:
    expectation = expect(exchange.ask, knowledge)
    answer = None
    if expectation.query is not None and exchange.ask.method == "GET":
        answer = read(exchange, expectation.query, reading, knowledge)
    return Alone(exchange, expectation, tuple(check(exchange, expectation)), answer)


ALWAYS_TESTED: Final[dict[int, tuple[str, ...]]] = {
    200: (
        "answer-is-a-series-list",
        "links-is-an-object",
        "metadata-is-a-list-of-objects",
        "series-is-a-list-of-objects",
        "values-are-integers",
        "slice-has-time",
        "slice-has-key-fields",
        "time-not-negative",
        "values-not-negative",
        "integers-have-no-fraction",
        "answer-has-nothing-else",
        "links-self-names-the-request",
        "links-self-is-json",
        "key-fields-are-labelled-in-order",
        "metadata-explains-key-fields",
        "single-key-field-is-zero",
        "single-key-field-has-metadata",
        "total-by-default",
        "metadata-of-a-total-is-empty",
        "time-is-milliseconds",
        "time-is-bucket-start",
        "days-are-utc",
        "series-ascends",
        "buckets-are-unique",
        "documented-answer-is-json",
    ),
    **dict.fromkeys(
        (400, 401, 403, 404, 429),
        (
            "documented-answer-is-json",
            "error-has-code-and-message",
            "error-fields-are-strings",
            "error-has-nothing-else",
        ),
    ),
}
