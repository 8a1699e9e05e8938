"""Wait where a target asks for it, and try again where once is not enough.

Rule: a 429 is waited out and costs no budget; a gateway's 5xx, or no answer at all, is tried again.
All waiting has a bound, and so has the time that is lost to requests without an answer.
Source: `SEMANTICS` 4 and 6.
"""

import time
from typing import TYPE_CHECKING, Final

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
MOST_KEPT: Final = 20


class Patience:
    """Send requests to a target that may be busy, or gone.

    `exhausted` once all waiting has reached its bound, `gone` once all time without an answer has.
    `waited_out` are the first of the 429s that were not given back: they are answers like any other.
    """

    def __init__(
        self,
        target: "Target",
        sleep: "Callable[[float], None]" = time.sleep,
        may_ask: "Callable[[], bool]" = lambda: True,
    ) -> None:
        """Take the target, how to wait, and who says whether it may be asked once more."""
        self._target = target
        self._sleep = sleep
        self._may_ask = may_ask
        self._waited_s = 0.0
        self._lost_s = 0.0
        self.exhausted = False
        self.waited_out: list[Exchange] = []

    @property
    def gone(self) -> bool:
        """Tell whether so much time was lost without an answer that there is no point in more."""
        return self._lost_s >= ALL_LOST_S

    def send(self, ask: "Ask") -> "Exchange":
        """Send one request until it is answered with something else than 429, or patience ends.

        A token of another role may be throttled for ever, and is not waited for.
        """
        doubling_s, least_s = FIRST_WAIT_S, SHORTEST_WAIT_S
        while True:
            exchange = self._tried(ask)
            if exchange.status != TOO_MANY or self.exhausted or ask.role or not self._may_ask():
                return exchange
            wait_s = asked_wait_s(exchange.headers)
            if wait_s is None:
                wait_s, doubling_s = doubling_s, doubling_s * 2
            wait_s, least_s = min(max(wait_s, least_s), LONGEST_WAIT_S), least_s * 2
            if self._waited_s + wait_s > ALL_WAITING_S:
                self.exhausted = True
                return exchange
            self._waited_s += wait_s
            if len(self.waited_out) < MOST_KEPT:
                self.waited_out.append(exchange)
            self._sleep(wait_s)

    def _tried(self, ask: "Ask") -> "Exchange":
        exchange = self._once(ask)
        for _ in range(GATEWAY_TRIES):
            if (
                self.gone
                or not self._may_ask()
                or (exchange.failure is None and exchange.status not in GATEWAY)
            ):
                break
            exchange = self._once(ask)
        return exchange

    def _once(self, ask: "Ask") -> "Exchange":
        exchange = self._target.send(ask)
        if exchange.failure is not None:
            self._lost_s += exchange.seconds
        return exchange
