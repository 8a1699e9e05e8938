"""Answers that give several projects a key field each: how the fields are explained, and when one begins.

Rule: all of this is `chosen`, and is judged where a target separates projects at all.
"""

from typing import TYPE_CHECKING

from usagetwin.contract.operation import REPEATABLE
from usagetwin.days import start_of
from usagetwin_checker.findings import Finding
from usagetwin_checker.judging.oracle.words import value_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin_checker.judging.oracle.facts import Answer, Fact
    from usagetwin_checker.judging.tally import Tally


def separate(answers: "Sequence[Answer]", tally: "Tally") -> "Iterator[Finding]":
    """Give what answers with several key fields break, one finding for each rule."""
    several = [answer for answer in answers if fields_of(answer) > 1]
    if several:
        yield from _labelled([answer for answer in several if answer.keys], tally)
        yield from _before_creation(several, _first_days(answers), tally)
        yield from _without_a_key([answer for answer in answers if not answer.keys and answer.buckets], tally)


def fields_of(answer: "Answer") -> int:
    """Count the key fields of an answer."""
    return len({name for point in answer.exchange.document["series"] for name in point} - {"time"})


def _labelled(several: "Sequence[Answer]", tally: "Tally") -> "Iterator[Finding]":
    rule_id = "separate-projects-are-labelled"
    broken = False
    for answer in several:
        tally.add(rule_id, answer.exchange)
        wanted = list(dict.fromkeys(answer.exchange.ask.values(REPEATABLE)))
        named = [each.get("projectKey") for each in answer.exchange.document["metadata"]]
        if named != wanted and not broken:
            broken = True
            text = f"metadata names the projects {named!r}, and the query {wanted!r}"
            yield Finding(rule_id, text, (answer.exchange,))


def _first_days(answers: "Sequence[Answer]") -> "Mapping[frozenset[str], int]":
    """Give the first day of each single project that was asked for from earlier on."""
    first: dict[frozenset[str], int] = {}
    for answer in answers:
        if len(answer.keys) == 1 and answer.buckets and not answer.monthly:
            day = min(answer.buckets)
            if answer.query.from_s < start_of(day):
                first[answer.keys] = min(day, first.get(answer.keys, day))
    return first


def _before_creation(
    several: "Sequence[Answer]", first: "Mapping[frozenset[str], int]", tally: "Tally"
) -> "Iterator[Finding]":
    rule_id = "separate-project-is-zero-before-creation"
    wrong: list[tuple[Answer, Fact]] = []
    for answer in several:
        early = [
            fact for fact in answer.facts if not answer.monthly and fact.bucket < first.get(fact.keys, 0)
        ]
        if early:
            tally.add(rule_id, answer.exchange)
            wrong += [(answer, fact) for fact in early if fact.value != 0]
    for answer, fact in wrong[:1]:
        text = f"{value_line(fact)}, and alone the project begins later"
        yield Finding(rule_id, text, (answer.exchange,))


def _without_a_key(answers: "Sequence[Answer]", tally: "Tally") -> "Iterator[Finding]":
    rule_id = "separate-without-project-key-is-total"
    for answer in answers:
        tally.add(rule_id, answer.exchange)
    for answer in [answer for answer in answers if fields_of(answer) > 1][:1]:
        text = f"a query without a project key gets {fields_of(answer)} key fields"
        yield Finding(rule_id, text, (answer.exchange,))
