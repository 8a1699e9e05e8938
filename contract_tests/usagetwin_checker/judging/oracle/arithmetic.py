"""What a value should be, written out: the sum with its terms, and by how much the value misses it.

Rule: nothing is judged here. A difference is named where facts that agree with one another give that number.
"""

from typing import TYPE_CHECKING, Final

from usagetwin_checker.judging.oracle.graph import Potentials, weight
from usagetwin_checker.judging.oracle.words import days_between, filter_name, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from usagetwin_checker.judging.oracle.facts import Fact
    from usagetwin_checker.judging.oracle.graph import Step

FARTHEST: Final = 62  # days beside a sum in which what it misses is looked for: two months
MOST_TERMS: Final = 6


def by_sums(fact: "Fact", steps: "Sequence[Step]", agreeing: "Iterable[Fact]" = ()) -> str:
    """Say what other values of one filter make of a value: `steps` lead from its first day to its last."""
    wanted = weight(steps)
    missed = difference(fact.value, wanted)
    name = _missed_days(fact, fact.value - wanted, agreeing)
    return f"{named(fact)} should be {_sum(steps)}, and is {fact.value}: {missed}{name}"


def by_filters(fact: "Fact", parts: "Mapping[frozenset[str], int]", *, whole: bool) -> str:
    """Say what the counts of other filters make of a value; where they are not the `whole`, at least."""
    total = sum(parts.values())
    terms = [f"{value} ({filter_name(keys)})" for keys, value in parts.items()]
    made = f"{_added(terms)} = {total}" if len(terms) > 1 else terms[0]
    least = "" if whole else "at least "
    alike = [filter_name(keys) for keys, value in parts.items() if value == abs(fact.value - total) > 0]
    name = f", the count of {alike[0]}" if len(parts) > 1 and alike else ""
    return (
        f"{named(fact)} should be {least}{made}, and is {fact.value}: {difference(fact.value, total)}{name}"
    )


def difference(value: int, wanted: int) -> str:
    """Say by how much a value is too large or too small."""
    return f"{abs(value - wanted)} too {'many' if value > wanted else 'few'}"


def _sum(steps: "Sequence[Step]") -> str:
    """Write a path as a sum: a value alone, or terms; what is taken away stands beside its own view."""
    plus = [fact for fact, way in steps if way > 0]
    minus = [fact for fact, way in steps if way < 0]
    if len(steps) == 1 and plus:
        return f"{plus[0].value}, the {named(plus[0], alone=True)}"
    terms = []
    for fact in plus:
        other = next((each for each in minus if each.view == fact.view), None)
        if other is None:
            terms.append(str(fact.value))
        else:
            minus.remove(other)
            terms.append(f"({fact.value} - {other.value})")
    terms.sort(key=lambda term: term.startswith("("))
    text = _added(terms)
    if len(terms) == 1 and not minus:
        text = text.strip("()")
    return f"{text}{''.join(f' - {fact.value}' for fact in minus)} = {weight(steps)}"


def _added(terms: "list[str]") -> str:
    """Write terms as a sum, without those in the middle where they are many."""
    if len(terms) > MOST_TERMS:
        between = f"... {len(terms) - MOST_TERMS + 1} more ..."
        terms = [*terms[: MOST_TERMS - 2], between, terms[-1]]
    return " + ".join(terms)


def still_named(text: str, before: str) -> str:
    """Give a text with the days that it misses, where a text of more answers about the same named them."""
    value, _, missed = text.rpartition(": ")
    about = value.partition(" should be ")[0]
    _, found, days = before.partition(f": {missed}, ")
    return f"{text}, {days}" if found and before.startswith(f"{about} should be ") else text


def _missed_days(fact: "Fact", extra: int, agreeing: "Iterable[Fact]") -> str:
    """Name the days whose count is what a value has too many of, or too few; empty where none are known."""
    potentials = Potentials()
    for each in agreeing:
        potentials.add(each)
    for start, end in _beside(fact, extra):
        if potentials.between(start, end) == abs(extra):
            days = days_between(start, end)
            return f", the count of {days.removeprefix('on ')}" if end - start == 1 else f", the count {days}"
    return ""


def _beside(fact: "Fact", extra: int) -> "Iterator[tuple[int, int]]":
    """Give the days at either end of a sum, the fewest first: outside it, or where it has too few, inside."""
    start, end = fact.span
    for days in range(1, FARTHEST if extra > 0 else end - start):
        yield from (
            ((start - days, start), (end, end + days))
            if extra > 0
            else ((start, start + days), (end - days, end))
        )
