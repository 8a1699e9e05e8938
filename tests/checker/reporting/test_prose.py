"""Tests of `usagetwin_checker.reporting.prose`: where each sentence of the document stands."""

from typing import Final

from usagetwin.contract import rules, sentences
from usagetwin.contract.sentence_ledger import sentence_ledger
from usagetwin_checker.findings import Status
from usagetwin_checker.reporting.prose import Judged, judged
from usagetwin_checker.reporting.standing import Standing

MANY: Final = max(sentence_ledger(), key=lambda each: len(each.rules))


def standing(**statuses: Status) -> dict[str, Judged]:
    """Judge the sentences where all rules are held, but for those given, by their number in `MANY`."""
    others = {MANY.rules[int(name[1:])]: status for name, status in statuses.items()}
    found = [Standing(rule, others.get(name, Status.HELD), 1) for name, rule in rules().items()]
    return {each.text: each for each in judged(found)}


def test_each_sentence_of_the_document_comes_once() -> None:
    """With the line where it stands first, and as a link to its rules."""
    found = standing()

    assert found.keys() == {sentence.text for sentence in sentences()}
    assert found[MANY.sentence].line == next(each.line for each in sentences() if each.text == MANY.sentence)


def test_a_sentence_without_a_rule_says_why() -> None:
    """It has no status then, and every other one has."""
    for each in standing().values():
        assert (each.status is None) == (not each.rules) == (each.reason is not None)


def test_one_broken_rule_breaks_its_sentence() -> None:
    """Whatever becomes of its other rules."""
    assert standing(r0=Status.BROKEN, r1=Status.NOT_JUDGED)[MANY.sentence].status is Status.BROKEN


def test_a_sentence_is_held_where_one_of_its_rules_is() -> None:
    """Others may be of no account for this target, or not be judged."""
    assert standing(r0=Status.NOT_JUDGED, r1=Status.NOT_APPLICABLE)[MANY.sentence].status is Status.HELD
