"""The series that the account view shows: answers of the ledger, asked for as any client's query is.

Rule: no number is made here: all others together are a filter, which the ledger adds up. What takes long
runs in a thread of the caller's.
"""

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Final

from usagetwin.account.siblings import ledger_of
from usagetwin.contract.operation import MONTHLY
from usagetwin.days import day_of, first_of_month
from usagetwin.stage.expecting import series_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin.account.ledger import Ledger
    from usagetwin.account.world import World
    from usagetwin.page.choosing import Choice
    from usagetwin.stage.setup import Setup

MOST_LEDGERS: Final = 4
MOST_LAYERS: Final = 11  # projects that are told apart in the stacked total; there are as many colours
MOST_RANKED: Final = 1_000
LARGEST_EXACT: Final = 2**53 - 1  # that JavaScript has as a number


class Ledgers:
    """The ledgers of the worlds that were looked at last, for any thread: they keep what they counted."""

    def __init__(self) -> None:
        """Keep none yet."""
        self._lock: Final = Lock()
        self._kept: list[tuple[World, Ledger]] = []

    def of(self, setup: "Setup") -> "Ledger":
        """Give the ledger of a setup's world, as the first of its twin's operations counts it."""
        world = setup.world
        with self._lock:
            found = next((each for each in self._kept if each[0] is world), None)
            found = found or (world, ledger_of(world, setup.settings.operations[0]))
            self._kept = [found, *(each for each in self._kept if each[0] is not found[0])][:MOST_LEDGERS]
            return found[1]


@dataclass(frozen=True, slots=True)
class Column:
    """One series: whose it is, and its values; they are those of the last so many buckets of the total."""

    key: str
    values: "Sequence[int]"

    def document(self) -> dict[str, object]:
        """Give it for a script; where numbers would be rounded there, with their digits as text as well."""
        exact = {} if max(self.values, default=0) <= LARGEST_EXACT else {"exact": list(map(str, self.values))}
        return {"key": self.key, "values": list(self.values), **exact}


class Account:
    """What the ledger holds for a choice, at one instant."""

    def __init__(self, choice: "Choice", setup: "Setup", ledger: "Ledger") -> None:
        """Take what is chosen, and the play."""
        self.choice: Final = choice
        self.now_s: Final = setup.now_s
        self._setup: Final = setup
        self._ledger: Final = ledger
        self._keys: Final = tuple(project.key for project in setup.world.projects)
        self._policies: Final = replace(setup.policies, projects="total")  # one series for each question

    def times_ms(self) -> list[int]:
        """Give the labels of all buckets, of which the earliest project has each. Raises Refusal."""
        earliest = min(self._setup.world.projects, key=lambda project: project.created)
        return self._asked((earliest.key,))[0]

    def during(self, times_ms: "Sequence[int]", first: int, stop: int) -> "Account":
        """Give the same over some of its buckets alone, whose values stay what they are."""
        start_s = times_ms[first] // 1000 if first else self.choice.start_s
        end_s = times_ms[stop] // 1000 if stop < len(times_ms) else self.choice.end_s
        return Account(replace(self.choice, start_s=start_s, end_s=end_s), self._setup, self._ledger)

    def total(self) -> Column:
        """Give the sum of all projects. Raises Refusal."""
        return Column("", self._asked(())[1])

    def column(self, key: str) -> Column:
        """Give the series of one project. Raises Refusal."""
        return Column(key, self._asked((key,))[1])

    def layers(self) -> "tuple[list[Column], Column | None]":
        """Give the projects that have most of the total, and all others as one. Raises Refusal.

        Of very many projects none is told apart: to rank them would take too long.
        """
        if len(self._keys) > MOST_RANKED:
            return [], None
        columns = sorted(map(self.column, self._keys), key=lambda each: -sum(each.values))
        if len(columns) <= MOST_LAYERS + 1:
            return columns, None
        named = columns[:MOST_LAYERS]
        others = {each.key for each in columns[MOST_LAYERS:]}
        _, rest = self._asked(tuple(key for key in self._keys if key in others))
        return named, Column("", rest)

    def closed(self, times_ms: "Sequence[int]") -> int:
        """Give how many buckets are closed: the one behind them, if there is one, is still counting."""
        return len(times_ms) - bool(times_ms and self._is_open(times_ms[-1]))

    def _is_open(self, time_ms: int) -> bool:
        day, today = day_of(time_ms // 1000), day_of(self.now_s)
        return day == (first_of_month(today) if self.choice.granularity == MONTHLY else today)

    def _asked(self, keys: tuple[str, ...]) -> "tuple[list[int], list[int]]":
        _, series = series_of(self.choice.query_string(keys), self._ledger, self._policies, self.now_s)
        return series.times_ms, series.columns[0]
