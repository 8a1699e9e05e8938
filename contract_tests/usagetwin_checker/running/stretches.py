"""The stretches of a run: requests in a row that were sent for one purpose."""

from itertools import groupby
from typing import TYPE_CHECKING

from usagetwin_checker.running.report import Stretch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from usagetwin_checker.running.report import Sent


def stretches(sent: "Iterable[Sent]") -> "Iterator[Stretch]":
    """Give the stretches in their order; a purpose may come again."""
    for phase, part in groupby(sent, key=lambda each: each.phase):
        exchanges = [each.exchange for each in part]
        began_s, last = exchanges[0].at_s, exchanges[-1]
        yield Stretch(phase, len(exchanges), began_s, max(last.at_s + last.seconds - began_s, 0.0))
