"""What a run teaches, rule by rule: whether what nobody could confirm is confirmed, refuted, or not shown.

Rule: nothing is decided here that the lessons and the standing of a rule do not say.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from usagetwin.contract import Tier
from usagetwin.deviations import variations
from usagetwin.policies import POLICIES
from usagetwin.profiles import written
from usagetwin_checker.choices.lessons import Shown, rules_of
from usagetwin_checker.findings import Status
from usagetwin_checker.reporting.standing import standings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from usagetwin.contract import Rule
    from usagetwin_checker.choices.lessons import Lesson, Lessons
    from usagetwin_checker.exchanges import Ask
    from usagetwin_checker.reporting.standing import Standing
    from usagetwin_checker.running.report import Report

QUESTIONS: Final = (Tier.OBSERVED, Tier.CHOSEN)


class Answer(StrEnum):
    """What a target says to one rule."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NOT_SHOWN = "not-shown"


@dataclass(frozen=True, slots=True)
class Answered:
    """One rule and its answer: the way that refutes it, if that is a known one; else what would tell."""

    rule: "Rule"
    answer: Answer
    way: str | None = None
    needs: str | None = None
    ask: "Ask | None" = None


def answers(report: "Report", lessons: "Lessons") -> "Iterator[Answered]":
    """Give the answer to each rule of the tiers observed and chosen, in the order of the catalogue."""
    about: dict[str, list[tuple[Lesson, str]]] = defaultdict(list)
    for lesson in lessons.each:
        for way in dict.fromkeys((*lesson.choice.ways, *lesson.ways)):
            for rule_id in rules_of(way):
                about[rule_id].append((lesson, way))
    for standing in standings(report):
        if standing.rule.tier in QUESTIONS:
            yield _answered(standing, about[standing.rule.id])


def _answered(standing: "Standing", about: "Sequence[tuple[Lesson, str]]") -> Answered:
    rule = standing.rule
    shown = [way for lesson, way in about if lesson.ways == (way,)]
    refuting = next((way for way in shown if way in variations()), None)
    if refuting is not None:
        return Answered(rule, Answer.REFUTED, refuting)
    if standing.status in (Status.DIFFERS, Status.BROKEN):
        return Answered(rule, Answer.REFUTED, next(iter(shown), None))
    still = next((lesson for lesson, way in about if lesson.shown is Shown.OPEN and way in lesson.ways), None)
    if still is not None:
        return Answered(rule, Answer.NOT_SHOWN, needs=still.choice.needs, ask=next(iter(still.asks), None))
    if any(lesson.shown is Shown.UNLIKE for lesson, _ in about):
        return Answered(rule, Answer.NOT_SHOWN, needs="answers that are like those of a known way")
    of_variations = [lesson for lesson, way in about if way in variations()]
    if standing.status is Status.HELD or (of_variations and standing.status is Status.NOT_JUDGED):
        return Answered(rule, Answer.CONFIRMED)
    return Answered(rule, Answer.NOT_SHOWN, needs=standing.reason)


def told(way: str) -> str:
    """Say what a way is, in the words of its catalogue."""
    if way in variations():
        return variations()[way].about
    policy = POLICIES.get(way.partition("=")[0])
    return "" if policy is None else policy.about


def request(ask: "Ask") -> str:
    """Write what would be sent, on one line; a credential is named by its kind."""
    parts = [ask.method, ask.target]
    if ask.credential.value != "token":
        parts.append(f"with {ask.credential.value} credential")
    if not ask.beta:
        parts.append("without the beta header")
    if ask.origin:
        parts.append(f"from {ask.origin}")
    return " ".join(parts)


def as_profile(report: "Report") -> str:
    """Write the profile under which the twin does what the target was seen to do."""
    lessons = report.lessons
    if lessons is None:
        message = "nothing was learned"
        raise AssertionError(message)
    notes = [
        f"What {report.target} was seen to do where the contract leaves it open; see docs/policies.md.",
        f"{len(lessons.of(Shown.TWIN))} choices are as the twin's, and these are not:"
        if lessons.of(Shown.OTHER)
        else "All choices that were shown are the twin's own.",
    ]
    for shown, words in ((Shown.UNLIKE, "like no known way"), (Shown.OPEN, "not shown yet")):
        names = ", ".join(lesson.choice.name for lesson in lessons.of(shown))
        notes += [f"{words}: {names}"] if names else []
    return written(lessons.profile, tuple(notes))
