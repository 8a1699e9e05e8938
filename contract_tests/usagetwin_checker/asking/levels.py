"""What the table of factors is made of: ordinary levels, and unusual ones with how each is written.

A *factor* is something that a request has one of, such as its window. A *level* is a class of its values.
Levels of one *kind* are alike for whatever is unusual beside them.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin_checker.exchanges import Ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin_checker.asking.parameters import Pairs

WINDOW: Final = "window"
PROJECTS: Final = "projectKey"
AGGREGATION: Final = "aggregationType"
GRANULARITY: Final = "granularity"
ORDER: Final = "order"
LEFT_OUT: Final = "left out"
AS_DOCUMENTED: Final = "as documented"
REVERSED: Final = "reversed"
KEYS_FIRST: Final = "keys first"
COMMON: Final = frozenset({LEFT_OUT, AS_DOCUMENTED})  # not worth a word


@dataclass(frozen=True, slots=True)
class Level:
    """A class of ordinary values: its name, its kind, and the parameters of a value.

    `tests` is the rule that it puts to the test, beside that a valid query is answered. `after` names the
    level by whose answer it is judged, which is to be asked for before.
    """

    name: str
    kind: str
    parameters: "Pairs" = ()
    tests: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make a request unusual: values that parameters get instead, and fields of an `Ask`."""

    values: "tuple[tuple[str, tuple[str, ...]], ...]" = ()
    fields: "tuple[tuple[str, Any], ...]" = ()

    def of(self, ask: Ask) -> Ask:
        """Give a request with this in it: a value stands where the ordinary one stood, else at the end."""
        instead = dict(self.values)
        parameters: list[tuple[str, str]] = []
        for name, value in ask.parameters:
            if name not in dict(self.values):
                parameters.append((name, value))
            elif name in instead:
                parameters.extend((name, value) for value in instead.pop(name))
        parameters.extend((name, value) for name, values in instead.items() for value in values)
        return replace(ask, parameters=tuple(parameters), **dict(self.fields))


@dataclass(frozen=True, slots=True)
class Unusual:
    """A class of unusual values of a factor: the ways to write one take turns.

    It puts the rule to the test that decides the status of such a request; `tests` names another one.
    """

    factor: str
    name: str
    ways: tuple[Way, ...]
    tests: str | None = None

    @property
    def title(self) -> str:
        """Give its name together with its factor's."""
        return f"{self.factor}: {self.name}"

    @property
    def replaces(self) -> frozenset[str]:
        """Name the factors of which nothing is left in such a request."""
        given = {name for way in self.ways for name, _ in way.values}
        return frozenset(given | ({WINDOW} if given >= {"from", "to"} else set()))

    def in_turn(self, turn: int) -> Way:
        """Give one way to write it."""
        return self.ways[turn % len(self.ways)]


def valued(name: str, *values: str) -> tuple[Way, ...]:
    """Give a way for each value of one parameter."""
    return tuple(Way(((name, (value,)),)) for value in values)


def asked(levels: "Mapping[str, Level]") -> Ask:
    """Give the request of one ordinary level of each factor."""
    return ordered(
        Ask(tuple(pair for level in levels.values() for pair in level.parameters)), levels[ORDER].name
    )


def ordered(ask: Ask, order: str) -> Ask:
    """Give a request with its parameters in another order."""
    parameters: Sequence[tuple[str, str]] = ask.parameters
    if order == REVERSED:
        parameters = parameters[::-1]
    elif order == KEYS_FIRST:
        parameters = sorted(parameters, key=lambda pair: pair[0] != PROJECTS)
    return replace(ask, parameters=tuple(parameters))
