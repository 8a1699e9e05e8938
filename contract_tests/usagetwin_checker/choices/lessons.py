"""What answers teach: for each choice the way that they show, or those that are left, and what would tell.

Rule: a way is shown where the answers leave no other one, and nothing is said to be shown otherwise.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from usagetwin.deviations import variations
from usagetwin.deviations.together import HAVE_ALREADY
from usagetwin.profiles import Profile
from usagetwin_checker.choices.choice import TWIN
from usagetwin_checker.choices.seen import Seen
from usagetwin_checker.choices.table import CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from usagetwin_checker.choices.choice import Choice
    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge


class Shown(StrEnum):
    """How far a choice is known."""

    TWIN = "as the twin"
    OTHER = "another known way"
    UNLIKE = "no known way"
    OPEN = "not shown yet"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One choice: the ways that the answers leave, and where there are several, what would tell."""

    choice: "Choice"
    ways: tuple[str, ...]
    asks: "tuple[Ask, ...]" = ()

    @property
    def shown(self) -> Shown:
        """Tell how far it is known."""
        if not self.ways:
            return Shown.UNLIKE
        if len(self.ways) > 1:
            return Shown.OPEN
        return Shown.TWIN if self.ways == (TWIN,) else Shown.OTHER


@dataclass(frozen=True, slots=True)
class Lessons:
    """All that a run teaches; `asked` counts the requests that were sent for it alone."""

    each: tuple[Lesson, ...]
    asked: int = 0

    def of(self, shown: Shown) -> tuple[Lesson, ...]:
        """Give those that are known so far."""
        return tuple(lesson for lesson in self.each if lesson.shown is shown)

    @property
    def profile(self) -> Profile:
        """Give the profile under which the twin does what is shown, and what it does by default else."""
        ways = [lesson.ways[0] for lesson in self.of(Shown.OTHER)]
        policies = dict(way.split("=", 1) for way in ways if "=" in way)
        names = [way for way in ways if "=" not in way]
        for name, parts in HAVE_ALREADY.items():
            if name in names:
                whole = set(parts) <= {*names}
                names = [each for each in names if each not in (parts if whole else (name,))]
        return Profile("learned", policies, tuple(names))


def lessons_of(seen: Seen, asked: int = 0) -> Lessons:
    """Read every choice out of what was seen."""
    sent = {exchange.ask for exchange in seen.exchanges}
    return Lessons(tuple(_lesson(choice, seen, sent) for choice in CHOICES.values()), asked)


def seen_of(exchanges: "Iterable[Exchange]", knowledge: "Knowledge", *, only_get: bool) -> Seen:
    """Arrange exchanges for the choices of the table."""
    return Seen(exchanges, knowledge, CHOICES, only_get=only_get)


def most_telling(seen: Seen, most: int) -> "list[Ask]":
    """Give the few requests that are most worth sending next: those that are about the most open choices.

    A request of a choice that needs several counts for its part of it.
    """
    worth: dict[Ask, float] = {}
    for lesson in lessons_of(seen).of(Shown.OPEN):
        for ask in lesson.asks:
            worth[ask] = worth.get(ask, 0) + 1 / len(lesson.asks)
    return sorted(worth, key=lambda ask: -worth[ask])[:most]


def _lesson(choice: "Choice", seen: Seen, sent: "set[Ask]") -> Lesson:
    ways = seen.possible(choice.name)
    shown = tuple(way for way in (TWIN, *choice.ways) if way in ways) + tuple(ways - {TWIN, *choice.ways})
    asks = () if len(ways) == 1 else tuple(dict.fromkeys(ask for ask in choice.asks(seen) if ask not in sent))
    return Lesson(choice, shown, asks)


def rules_of(way: str) -> "Iterator[str]":
    """Name the rules that a way breaks; those of a policy are in the catalogue."""
    from usagetwin.contract import rules

    if way in variations():
        yield from variations()[way].rules
    elif way != TWIN:
        policy = way.split("=", 1)[0]
        yield from (rule.id for rule in rules().values() if rule.policy == policy)
