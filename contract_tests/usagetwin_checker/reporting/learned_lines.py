"""How what a run teaches is printed for a person: what differs first, then what is not shown yet."""

from collections import Counter
from typing import TYPE_CHECKING

from usagetwin_checker.choices.choice import TWIN
from usagetwin_checker.choices.lessons import Shown
from usagetwin_checker.reporting.learned import Answer, answers, request, told
from usagetwin_checker.reporting.screen import copied, say

if TYPE_CHECKING:
    from rich.console import Console

    from usagetwin_checker.choices.lessons import Lesson, Lessons
    from usagetwin_checker.running.report import Report


def lessons_on_terminal(report: "Report", lessons: "Lessons", console: "Console", *, verbose: bool) -> None:
    """Print the lessons; `verbose` tells of each rule, and names the ways that are still possible."""
    answered = list(answers(report, lessons))
    if verbose:
        for one in answered:
            why = one.way or one.needs
            words = one.answer.replace("-", " ")
            say(console, f" {one.rule.id}{f': {why}' if why else ''}", lead=f"{words}:", style="dim")
    for each in lessons.of(Shown.OTHER):
        (way,) = each.ways
        say(console, f" {way} ({each.choice.name}): {told(way)}", lead="learned:", style="cyan")
    for each in lessons.of(Shown.UNLIKE):
        say(console, f" {each.choice.name}: like no known way", lead="learned:", style="cyan")
    _not_shown(lessons, console, verbose=verbose)
    counted = Counter(one.answer for one in answered)
    settled = len(lessons.each) - len(lessons.of(Shown.OPEN))
    text = (
        f" {settled} of {len(lessons.each)} choices, by {lessons.asked} requests of their own; of "
        f"{len(answered)} rules that are observed or chosen {counted[Answer.CONFIRMED]} are confirmed, "
        f"{counted[Answer.REFUTED]} refuted, {counted[Answer.NOT_SHOWN]} not shown yet"
    )
    say(console, text, lead="learned:", style="cyan")


def _not_shown(lessons: "Lessons", console: "Console", *, verbose: bool) -> None:
    still = lessons.of(Shown.OPEN)
    if not verbose:
        names = ", ".join(each.choice.name for each in still)
        if names:
            say(console, f" {names} (--verbose)", lead="not shown yet:", style="dim")
        return
    for each in still:
        say(
            console,
            f" {each.choice.name}: {_ways(each)}; it takes {each.choice.needs}",
            lead="not shown yet:",
        )
        for ask in each.asks[:1]:
            copied(console, f"  {request(ask)}")


def _ways(lesson: "Lesson") -> str:
    return " or ".join("as the twin" if way == TWIN else way for way in lesson.ways)
