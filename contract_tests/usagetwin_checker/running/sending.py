"""What one run sends: within its budget of requests, its time, and the bytes that it keeps of the answers.

Rule: every request of a check goes through here. Nothing is judged here.
"""

import math
import time
from typing import TYPE_CHECKING, Final

from usagetwin_checker.findings import Ended
from usagetwin_checker.running.report import Phase, Sent
from usagetwin_checker.talking.live.target import GET, live_of
from usagetwin_checker.talking.retries import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.talking.targets import Target

MOST_KEPT: Final = 4 << 20  # bytes of answers; the thousand of the twin are a quarter of it
MOST_KEPT_EACH: Final = 8 << 10  # or so many for each request of a larger budget
TOO_MANY_FAILURES: Final = 5  # in a row: the target is gone


class Sender:
    """Sends the requests of one run, and keeps their exchanges.

    `reserved` requests of the budget are kept for later. In the `phase` of confirming, the few requests that
    a verdict needs are sent however late it is. `cut_short` says what ended the asking before its budget, and
    `interrupted` is the name of the signal that did.
    """

    def __init__(
        self,
        target: "Target",
        budget: int,
        most_s: float | None,
        progress: "Callable[[int, int], None]",
        sleep: "Callable[[float], None]",
    ) -> None:
        """Take a target; `progress` is told how many requests of how many have been sent."""
        self._target: Final = target
        self._live: Final = live_of(target)
        self.budget: Final = budget
        self._most_s = most_s
        self._progress = progress
        self.patience: Final = Patience(target, sleep, self._may_ask, self._left_s)
        self.exchanges: Final[list[Exchange]] = []
        self.began_s = time.perf_counter()
        self.reserved = 0
        self.beside = 0  # requests of the budget of which no verdict is made
        self.phase = Phase.PROBE
        self.cut_short: str | None = None
        self.interrupted: str | None = None
        self._phases: list[Phase] = []  # of each exchange
        self._failures = 0
        self._kept = 0  # bytes of answers

    def interrupt(self, name: str) -> None:
        """Ask nothing more, from within a signal handler."""
        self.interrupted = name
        self._target.interrupt()

    @property
    def stopped(self) -> bool:
        """Whether nothing is asked any more, be it by a signal, or because the target is gone, or busy."""
        gone = self._failures >= TOO_MANY_FAILURES or self.patience.gone
        return gone or self.interrupted is not None or self.halted is not None

    @property
    def halted(self) -> str | None:
        """Say why a target that may well answer is asked no more; None while it may be."""
        return self.patience.busy or (None if self._live is None else self._live.halted)

    @property
    def sent(self) -> tuple[Sent, ...]:
        """All that was sent, with what it was sent for."""
        return tuple(map(Sent, self._phases, self.exchanges))

    def left(self) -> int:
        """Count the requests that may be sent, less those that are kept for later.

        A host that is not this machine is sent no more than its day has, those that it refuses included.
        """
        left = self.budget - len(self.exchanges)
        return (left if self._live is None else min(left, self._live.left)) - self.reserved

    def may_send(self, ask: "Ask") -> bool:
        """Tell whether a request is one that this target may be sent."""
        return self._live is None or ask.method == GET

    def _may_ask(self) -> bool:
        """Tell whether the target may be asked at this moment, and once more."""
        if self.interrupted is not None:
            return False
        return self._live is None or (self._live.left > 0 and self._live.may_wait(self._left_s()))

    def _left_s(self) -> float:
        """Give how long the asking may go on; less than nothing once its time is over."""
        spent_s = time.perf_counter() - self.began_s
        return math.inf if self._most_s is None else self._most_s - spent_s

    def ended(self, *, planned: bool, all_asked: bool) -> Ended:
        """Say what ended the asking, where there was something to plan, and where all of it was asked."""
        if self.interrupted is not None:
            return Ended.SIGNAL
        if self.halted is not None:
            return Ended.UNCOUNTED if self._live is not None and self._live.day.trouble else Ended.BUSY
        if self.stopped or not planned:
            return Ended.TARGET
        if self.cut_short:
            return Ended.TIME
        return Ended.DONE if all_asked else Ended.BUDGET

    def send(self, ask: "Ask") -> "Exchange":
        """Send one request, and keep its exchange, unless it was given up half-way."""
        exchange = self.patience.send(ask)
        if self.interrupted is not None and exchange.failure is not None:
            return exchange
        self.exchanges.append(exchange)
        self._phases.append(self.phase)
        self._kept += len(exchange.body)
        self._failures = self._failures + 1 if exchange.failure is not None else 0
        self._progress(len(self.exchanges), self.budget)
        return exchange

    def send_all(self, asks: "Iterable[Ask]") -> "list[Exchange]":
        """Send requests while the budget lasts."""
        sent: list[Exchange] = []
        waiting = iter(asks)
        while self.left() > 0 and not self.stopped:
            ask = next(waiting, None)
            if ask is None or not self._may_ask():
                break
            sent.append(self.send(ask))
        return sent

    def converse(self, asks: "tuple[Ask, ...]") -> "list[Exchange] | None":
        """Send requests that belong together; None when not all of them may be sent."""
        if self.left() < len(asks) or self.stopped:
            return None
        if self.phase is not Phase.CONFIRM and self._has_enough():
            return None
        sent: list[Exchange] = []
        for ask in asks:
            if self.stopped or not self._may_ask():
                return None
            sent.append(self.send(ask))
        return sent

    def in_time(self, asks: "Iterable[Ask]") -> "Iterator[Ask]":
        """Give requests that may be sent, as long as there is time, and room for their answers."""
        for ask in filter(self.may_send, asks):
            if self._has_enough():
                return
            yield ask

    def _has_enough(self) -> bool:
        """Tell whether nothing more is asked but what a verdict needs, and note why."""
        if self._most_s is not None and self._left_s() <= 0:
            self.cut_short = f"{self._most_s:g} s (--max-time)"
        elif self._kept >= max(MOST_KEPT, (self.budget - self.beside) * MOST_KEPT_EACH):
            self.cut_short = f"{self._kept >> 20} MiB of answers, which is as much as a check keeps"
        return self.cut_short is not None
