"""Wait where a target asks for it, and try again where once is not enough.

Rule: a 429 is waited out and costs no budget; a gateway's 5xx, or no answer at all, is tried again, but not
what could not be sent, where a name is not known or nobody listens: the next moment is no other.
All waiting has a bound, and so has the time that is lost to requests without an answer. No wait is begun that
is cut short, be it by a bound or by the end of the run's time. Source: `SEMANTICS` 4 and 6.
"""

import math
import time
from typing import TYPE_CHECKING, Final

from usagetwin.errors import quoted
from usagetwin_checker.talking.waits import asked_wait_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.talking.targets import Target

TOO_MANY: Final = 429
GATEWAY: Final = (502, 503, 504)
GATEWAY_TRIES: Final = 2
FIRST_WAIT_S: Final = 0.3
SHORTEST_WAIT_S: Final = 0.05  # and doubling: a target that asks for no wait at all is not asked for ever
LONGEST_WAIT_S: Final = 60.0
ALL_WAITING_S: Final = 120.0
ALL_LOST_S: Final = 90.0
LOST_LATE_S: Final = 1.0  # once the time of the run is over
MOST_KEPT: Final = 20


class Patience:
    """Send requests to a target that may be busy, or gone.

    `busy` says why a 429 was not waited out, once one was not; `gone` once all time without an answer has
    reached its bound. `waited_out` are the first of the 429s that were not given back: they are answers like
    any other. `sent_again` counts what was sent beside the first try of each request.
    """

    def __init__(
        self,
        target: "Target",
        sleep: "Callable[[float], None]" = time.sleep,
        may_ask: "Callable[[], bool]" = lambda: True,
        left_s: "Callable[[], float]" = lambda: math.inf,
    ) -> None:
        """Take the target, how to wait, and who says whether it may be asked once more, and how long yet."""
        self._target = target
        self._sleep = sleep
        self._may_ask = may_ask
        self._left_s = left_s
        self._waited_s = 0.0
        self._lost_s = 0.0
        self._lost_late_s = 0.0
        self.busy: str | None = None
        self.sent_again = 0
        self.waited_out: list[Exchange] = []

    @property
    def gone(self) -> bool:
        """Tell whether so much time was lost without an answer that there is no point in more."""
        return self._lost_s >= ALL_LOST_S or self._lost_late_s >= LOST_LATE_S

    def send(self, ask: "Ask") -> "Exchange":
        """Send one request until it is answered with something else than 429, or patience ends.

        A token of another role may be throttled for ever, and is not waited for.
        """
        doubling_s, least_s = FIRST_WAIT_S, SHORTEST_WAIT_S
        while True:
            exchange = self._tried(ask)
            if exchange.status != TOO_MANY or self.busy or ask.role or not self._may_ask():
                return exchange
            asked_s = asked_wait_s(exchange.headers)
            wait_s = doubling_s if asked_s is None else max(asked_s, least_s)
            doubling_s, least_s = _doubled(doubling_s), _doubled(least_s)
            self.busy = self._too_long(wait_s, _said(exchange, asked_s, wait_s))
            if self.busy is not None:
                return exchange
            self._waited_s += wait_s
            self._sleep(wait_s)
            if not self._may_ask():
                return exchange
            self._again(exchange)

    def _too_long(self, wait_s: float, said: str) -> str | None:
        """Say why a wait is not begun; None where it is."""
        left_s = max(self._left_s(), 0.0)
        if wait_s > LONGEST_WAIT_S:
            return f"{said}, and a check waits {LONGEST_WAIT_S:.0f} s at most"
        if wait_s > left_s:
            return f"{said}, and --max-time leaves {left_s:.0f} s"
        if self._waited_s + wait_s > ALL_WAITING_S:
            return "the target kept answering 429 for longer than the checker waits"
        return None

    def _again(self, exchange: "Exchange") -> None:
        """Count what is sent again after a 429, which is kept."""
        self.sent_again += 1
        if len(self.waited_out) < MOST_KEPT:
            self.waited_out.append(exchange)

    def _tried(self, ask: "Ask") -> "Exchange":
        exchange = self._once(ask)
        for _ in range(GATEWAY_TRIES):
            if exchange.failure is None and exchange.status not in GATEWAY:
                break
            if exchange.unsent or self.gone or not self._may_ask():
                break
            self.sent_again += 1
            exchange = self._once(ask)
        return exchange

    def _once(self, ask: "Ask") -> "Exchange":
        exchange = self._target.send(ask)
        if exchange.failure is not None:
            self._lost_s += exchange.seconds
            self._lost_late_s += exchange.seconds if self._left_s() <= 0 else 0.0
        return exchange


def _doubled(wait_s: float) -> float:
    return min(wait_s * 2, LONGEST_WAIT_S)


def _said(exchange: "Exchange", asked_s: float | None, wait_s: float) -> str:
    """Say how long a 429 asks to wait; where the wait is ours, what its header says that is no such time."""
    if asked_s == wait_s:
        return f"the target asks to be left alone for {asked_s:.0f} s (429)"
    after = exchange.headers.get("retry-after")
    header = "" if after is None else f" (Retry-After: {quoted(after)})"
    return f"the target answers 429{header}, the next request would be {wait_s:.1f} s later"
