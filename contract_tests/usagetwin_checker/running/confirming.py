"""Ask the conversation of a finding again, in the narrowest windows that still show it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTHLY
from usagetwin.days import first_of_month
from usagetwin_checker.findings import BINDING
from usagetwin_checker.judging.causes import MOVING
from usagetwin_checker.judging.expectation import expect
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.judging.oracle.arithmetic import still_named
from usagetwin_checker.judging.oracle.facts import view_of
from usagetwin_checker.judging.oracle.words import bare
from usagetwin_checker.knowing.reading import last_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.judge import Judgement
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.knowing.reading import Reading

MOST: Final = 4
SEVERAL: Final = 2  # wrong sums of different rules
REPEATED: Final = 3  # times that a request is sent again then


def can_be_confirmed(finding: "Finding") -> bool:
    """Tell whether a finding has windows to cut down, and not too many requests."""
    return finding.days is not None and len(finding.conversation) <= MOST


def may_differ(judgement: "Judgement") -> "Exchange | None":
    """Give an exchange to send again where sums of several rules are wrong: it may be that answers differ."""
    sums = [finding for finding in judgement.findings if finding.views and finding.rule.tier in BINDING]
    if len(sums) < SEVERAL or any(finding.rule_id == MOVING for finding in sums):
        return None
    return sums[0].conversation[0]


def confirm(
    finding: "Finding",
    knowledge: "Knowledge",
    reading: "Reading",
    send: "Callable[[tuple[Ask, ...]], list[Exchange] | None]",
) -> "Finding":
    """Give the finding with a smaller conversation, where asking again shows the same; else as it was.

    The same values may contradict one another by another rule, where it took other answers to tell which
    of them is wrong. `send` gives None when there are too few requests left.
    """
    if finding.days is None or not can_be_confirmed(finding):
        return finding
    exchanges = send(
        tuple(_cut(each.ask, *finding.days, knowledge, reading) for each in finding.conversation)
    )
    for again in judge(exchanges or (), knowledge, reading).findings:
        smaller = len(again.conversation) <= len(finding.conversation)
        if smaller and again.rule_id == finding.rule_id:
            return replace(again, message=still_named(again.message, finding.message))
        if smaller and again.points and bare(again.points) == bare(finding.points):
            return replace(finding, conversation=again.conversation, points=again.points, shown=again.shown)
    return finding


def _cut(ask: "Ask", first: int, last: int, knowledge: "Knowledge", reading: "Reading") -> "Ask":
    """Give the same request with its window cut down to some days."""
    query = expect(ask, knowledge).query
    if query is None or not (ask.values("from") and ask.values("to")):
        return ask
    if view_of(query) == MONTHLY:
        first, last = first_of_month(first), last_day(first_of_month(last), monthly=True)
    from_s, to_s = max(query.from_s, reading.start_s(first)), min(query.to_s, reading.start_s(last + 1))
    if from_s >= to_s:
        return ask
    window = {"from": str(from_s), "to": str(to_s)}
    return replace(ask, parameters=tuple((name, window.get(name, value)) for name, value in ask.parameters))
