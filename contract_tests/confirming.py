"""Ask the conversation of a finding again, in the narrowest windows that still show it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.expectation import expect
from contract_tests.judge import judge
from contract_tests.oracle.facts import view_of
from contract_tests.reading import last_day
from mockserver.days import day_of, first_of_month, start_of
from mockserver.query import MONTHLY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contract_tests.exchanges import Ask, Exchange
    from contract_tests.findings import Finding
    from contract_tests.knowledge import Knowledge

MOST: Final = 4


def confirm(finding: "Finding", knowledge: "Knowledge", send: "Callable[[Ask], Exchange]") -> "Finding":
    """Give the finding with a smaller conversation, where asking again shows the same; else as it was."""
    if len(finding.conversation) > MOST:
        return finding
    for asks in _narrower(finding, knowledge):
        exchanges = [send(ask) for ask in asks]
        for again in judge(exchanges, knowledge).findings:
            if again.rule_id == finding.rule_id and len(again.conversation) <= len(finding.conversation):
                return again
    return finding


def _narrower(finding: "Finding", knowledge: "Knowledge") -> "Sequence[list[Ask]]":
    """Give the same requests with windows cut down to the days that the finding is about."""
    if finding.days is None:
        return ()
    first, last = finding.days
    return [[_cut(exchange.ask, first, last, knowledge) for exchange in finding.conversation]]


def _cut(ask: "Ask", first: int, last: int, knowledge: "Knowledge") -> "Ask":
    query = expect(ask, knowledge).query
    if query is None or not (ask.values("from") and ask.values("to")):
        return ask
    if view_of(query) == MONTHLY:
        first, last = first_of_month(first), last_day(first_of_month(last), monthly=True)
    from_s, to_s = max(query.from_s, start_of(first)), min(query.to_s, start_of(last + 1))
    if from_s >= to_s or day_of(from_s) > day_of(to_s):
        return ask
    window = {"from": str(from_s), "to": str(to_s)}
    return replace(ask, parameters=tuple((name, window.get(name, value)) for name, value in ask.parameters))
