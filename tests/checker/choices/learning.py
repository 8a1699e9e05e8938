"""Whole checks that learn, of a twin with a profile, by a stranger; and what they recover of it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usagetwin.data import fixtures_folder
from usagetwin.profiles import Profile, written
from usagetwin_checker.choices.lessons import Lessons, Shown
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from usagetwin_checker.choices.lessons import Lesson
    from usagetwin_checker.running.report import Report

NOW: Final = "2026-03-17T15:20:00Z"
TOKEN: Final = "api-00000000-0000-4000-8000-00000000beef"
EQUAL: Final = {  # what is written otherwise, and is the same
    "another-house-style": ("seconds-at-end", "sparse", "descending"),
    "a-day-late-and-elsewhere": ("a-day-late-and-elsewhere", "open-bucket-absent", "descending"),
    "unknown-project-is-empty": ("unknown_project=empty",),
}


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a run recovered of a profile: ways that differ from the twin's, those missed, wrong claims."""

    others: frozenset[str]
    missed: frozenset[str]
    open: tuple[str, ...]
    wrong: tuple[str, ...]


def learned(
    profile: Profile,
    folder: Path,
    *,
    budget: int = 40,
    learn_budget: int = 20,
    given_now: bool = False,
) -> "Report":
    """Check a twin with a profile, of which only the project keys are known, and perhaps its clock."""
    world = folder / "account.yaml"
    account = (fixtures_folder() / "worlds" / "business-week.yaml").read_text()
    world.write_text(f"{account}\ntokens:\n  - {{token: {TOKEN}, role: full}}\n")
    file = folder / f"{profile.name}.yaml"
    file.write_text(written(profile))
    target, known = twin(now=NOW, profile=str(file), world=str(world))
    assert known.now is not None
    now_s = known.now.latest_s
    knowledge = replace(known, now=known.now if given_now else None, policies=(), roles=None)
    options = Options(knowledge, budget=budget, learn=True, learn_budget=learn_budget, max_examples=0)
    try:
        return Campaign(target, options, lambda _sent, _of: None, clock=lambda: now_s).run()
    finally:
        target.close()


def recovered(profile: Profile, lessons: Lessons) -> Recovered:
    """Compare what was learned with the profile that the twin had."""
    names = [part for name in profile.variations for part in EQUAL.get(name, (name,))]
    true = {*names, *(f"{name}={value}" for name, value in profile.policies.items())}
    others = {way for lesson in lessons.of(Shown.OTHER) for way in lesson.ways}
    return Recovered(
        frozenset(others & true),
        frozenset(true - others),
        tuple(lesson.choice.name for lesson in lessons.of(Shown.OPEN)),
        tuple(
            f"{lesson.choice.name}: {lesson.ways}" for lesson in lessons.each if not _is_true(lesson, true)
        ),
    )


def _is_true(lesson: "Lesson", true: set[str]) -> bool:
    """Tell whether the way that the twin has is among those that are left."""
    quota = lesson.choice.name == "quota"
    has = next((way for way in true if way in lesson.choice.ways or (quota and way.startswith("quota="))), "")
    return has in lesson.ways or (quota and has.startswith("quota=") and "quota" in lesson.ways)
