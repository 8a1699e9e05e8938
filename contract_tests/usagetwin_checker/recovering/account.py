"""An account out of answers: its projects with a count for each day, and of each whether it is known.

Rule: nothing is known but what the answers force. All else follows the rule of `spreading`, and is marked.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from usagetwin.days import day_of
from usagetwin.errors import SettingError
from usagetwin_checker.judging.oracle.graph import Potentials
from usagetwin_checker.judging.oracle.words import days_between, filter_name
from usagetwin_checker.recovering.created import created_of
from usagetwin_checker.recovering.deriving import begun, by_members, derive, grid_of
from usagetwin_checker.recovering.known import Span, known_of, spans_of
from usagetwin_checker.recovering.spreading import spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin_checker.judging.oracle.facts import Answer
    from usagetwin_checker.knowing.knowledge import Knowledge, Now
    from usagetwin_checker.recovering.created import Creation
    from usagetwin_checker.recovering.known import Filter, Known

REST: Final = "other-projects"
ALL: Final = "all-projects"
NOTHING: Final = "nothing is recorded of it"


@dataclass(frozen=True, slots=True)
class Day:
    """A day's count, and where it comes from; `why` is empty for one that is known."""

    count: int
    why: str = ""


@dataclass(slots=True)
class Recovered:
    """One project: its days, from its creation, or the first that is recorded, to the current one."""

    key: str
    created: int
    created_known: bool
    days: dict[int, Day] = field(default_factory=dict)

    @property
    def tally(self) -> "Counter[str]":
        """Count the days that are known, spread out of a sum, and of which nothing is recorded."""
        kinds = {"": "known", NOTHING: "nothing recorded"}
        return Counter(kinds.get(day.why, "spread") for day in self.days.values())


@dataclass(slots=True)
class Account:
    """What was recovered; `rest` is the project that stands for all that were not named, if one does."""

    projects: list[Recovered]
    now: int
    rest: str | None
    known: "Known"


def recovered(answers: "Sequence[Answer]", knowledge: "Knowledge", now: int, seed: int) -> Account:
    """Recover an account.

    Raises ImpossibleError, with the project, where no counts give its sums, and SettingError where there is
    no project, or too much is open.
    """
    today = day_of(now)
    known = known_of(answers, knowledge, today)
    named = sorted(knowledge.keys)
    asks_for_all = any(not answer.keys for answer in answers)
    rest = _rest(named) if asks_for_all and not (named and knowledge.complete) else None
    projects = [*named, *([rest] if rest is not None else [])]
    if not projects:
        problem = "the recording names no project, and asks for none without a name"
        raise SettingError(problem, "--project KEY for each project of the account")
    everyone = frozenset(projects)
    members = {answer.keys: (answer.keys & knowledge.keys) or everyone for answer in answers}
    known_members = {keys: who for keys, who in members.items() if not keys or keys & knowledge.keys}
    shown = [answer for answer in answers if answer.keys in known_members]
    created = created_of(shown, known_members, today)
    filters = by_members(known, everyone)
    days = {key: each.day for key, each in created.items()}
    grid = grid_of(filters, days) or [today]
    begun(filters, grid, days)
    derive(filters, grid)
    counts = spread(projects, filters, grid, known, seed)
    why = _Why(filters)
    made = [_project(key, counts[key], created.get(key), today, why) for key in projects]
    if rest is not None and _is_nobody(made[-1], made[:-1]):
        made, rest = made[:-1], None
    return Account(made, now, rest, known)


def _is_nobody(rest: Recovered, named: "Sequence[Recovered]") -> bool:
    """Tell whether the projects that were named are known to be all that count, and have all buckets."""
    silent = all(day == Day(0) for day in rest.days.values())
    return silent and bool(named) and min(each.created for each in named) <= rest.created


def now_of(now: "Now", last_s: float) -> int:
    """Give one current time: when the last answer came, if that may be; else the latest that is possible."""
    return int(last_s) if now.earliest_s <= last_s <= now.latest_s else now.latest_s


def _rest(named: "Sequence[str]") -> str:
    name = REST if named else ALL
    while name in named:
        name += "-"
    return name


def _project(
    key: str, counts: "Mapping[int, int]", created: "Creation | None", today: int, why: "_Why"
) -> Recovered:
    counted = min((day for day, count in counts.items() if count and day <= today), default=None)
    first = min(counts, default=today) if created is None else created.day
    start = first if counted is None else min(first, counted)
    exact = created is not None and created.exact and start == created.day
    days = range(start, max(today, start) + 1)
    found = {day: Day(counts.get(day, 0), "" if day > today else why.of(key, day)) for day in days}
    empty = Day(0, NOTHING)
    shown = start if exact else next((day for day in days if found[day] != empty), days[-1])
    return Recovered(key, shown, exact, {day: found[day] for day in range(shown, days.stop)})


class _Why:
    """Where the count of a day comes from."""

    def __init__(self, filters: "Mapping[Filter, Potentials]") -> None:
        self._filters = filters
        self._spans: dict[Filter, list[Span]] = {}

    def of(self, key: str, day: int) -> str:
        """Say it; nothing for a day that is known."""
        own = frozenset((key,))
        if self._filters.get(own, Potentials()).between(day, day + 1) is not None:
            return ""
        span = self._covering(own, day)
        if span is not None:
            return "" if not span.value else f"of {span.value} {days_between(span.start, span.end)}"
        for keys in self._filters:
            span = self._covering(keys, day) if key in keys else None
            if span is not None:
                return f"of {span.value} for {filter_name(keys)} {days_between(span.start, span.end)}"
        return NOTHING

    def _covering(self, keys: "Filter", day: int) -> Span | None:
        """Give the shortest sum of a filter that has a day."""
        if keys not in self._spans:
            potentials = self._filters.get(keys)
            found = [] if potentials is None else spans_of(potentials)
            self._spans[keys] = sorted(found, key=lambda span: span.end - span.start)
        return next((span for span in self._spans[keys] if span.start <= day < span.end), None)
