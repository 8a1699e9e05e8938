"""When each project was created, as far as the buckets show that a recording's answers have.

Rule: an answer whose window begins before its first bucket shows where its filter begins; one without any
bucket shows that it begins later. Source: `SEMANTICS` 3, Buckets (chosen).
"""

from typing import TYPE_CHECKING, NamedTuple

from usagetwin.days import day_of, first_of_month
from usagetwin_checker.knowing.reading import last_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin_checker.judging.oracle.facts import Answer
    from usagetwin_checker.recovering.known import Filter


class Creation(NamedTuple):
    """The first day that a project can have been created on, and whether it was, as far as answers show."""

    day: int
    exact: bool


def created_of(
    answers: "Iterable[Answer]", members: "Mapping[Filter, Filter]", today: int
) -> dict[str, Creation]:
    """Give the creation of each project of which something is shown.

    `members` are the projects of each filter that was asked for.
    """
    first: dict[Filter, int] = {}
    begins: dict[Filter, int] = {}
    for answer in answers:
        who, query = members[answer.keys], answer.query
        met = day_of(query.from_s)
        if query.from_s >= query.to_s or met > today:
            continue
        if answer.buckets:
            start = min(answer.buckets)
            if not answer.monthly:
                first[who] = min(first.get(who, start), start)
        else:
            ends = day_of(query.to_s - 1)
            start = min(last_day(first_of_month(ends), monthly=True) if answer.monthly else ends, today) + 1
        if (first_of_month(met) if answer.monthly else met) < start:
            begins[who] = max(begins.get(who, 0), start)
    created: dict[str, Creation] = {}
    for who, day in begins.items():
        begun = Creation(min(day, first.get(who, day)), len(who) == 1 and first.get(who) == day)
        for key in who:
            created[key] = max(created.get(key, begun), begun)
    return created
