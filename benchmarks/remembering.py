"""A target that is asked much the same in many runs, and answers what it was asked before from memory.

Rule: only for a target whose answers hang on nothing but the request.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.talking.targets import AppTarget


class Remembered:
    """The target of one run: `answers` are those of the runs before, to which it adds."""

    def __init__(self, target: "AppTarget", answers: "dict[Ask, Exchange]") -> None:
        """Take what answers, and what it answered."""
        self._target: Final = target
        self._answers: Final = answers
        self._numbers = 0
        self.name: Final = target.name
        self.loopback: Final = target.loopback
        self.route: Final = target.route
        self.token: Final = target.token

    def send(self, ask: "Ask") -> "Exchange":
        """Give what came back when this was asked first, as the next exchange of this run."""
        self._numbers += 1
        if ask not in self._answers:
            self._answers[ask] = self._target.send(ask)
        return replace(self._answers[ask], number=self._numbers)

    def interrupt(self) -> None:
        """Give up what is being sent."""
        self._target.interrupt()

    def close(self) -> None:
        """Keep what answers open: it is that of other runs, too."""
