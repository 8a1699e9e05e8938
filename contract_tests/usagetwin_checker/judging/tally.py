"""How often each rule was put to the test: only what had a chance to break a rule says that it held."""

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin_checker.exchanges import Exchange


class Tally:
    """For each rule, the exchanges that could have broken it."""

    def __init__(self) -> None:
        """Count nothing yet."""
        self._numbers: dict[str, set[int]] = defaultdict(set)

    def add(self, rule_id: str, exchange: "Exchange") -> None:
        """Note that an exchange put a rule to the test."""
        self._numbers[rule_id].add(exchange.number)

    def add_all(self, rule_id: str, numbers: "Iterable[int]") -> None:
        """Note that the exchanges of some numbers put a rule to the test."""
        self._numbers[rule_id].update(numbers)

    def counts(self) -> "Mapping[str, int]":
        """Give the number of exchanges for each rule that was put to the test."""
        return {rule_id: len(numbers) for rule_id, numbers in self._numbers.items() if numbers}
