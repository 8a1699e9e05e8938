"""Wait where a target asks for it, and try again where once is not enough.

Rule: a 429 is waited out and costs no budget; a gateway's 5xx, or no answer at all, is tried again.
Source: `SEMANTICS` 4 and 6.
"""

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.exchanges import Ask, Exchange
    from contract_tests.targets import Target

TOO_MANY: Final = 429
GATEWAY: Final = (502, 503, 504)
GATEWAY_TRIES: Final = 2
FIRST_WAIT_S: Final = 0.3
LONGEST_WAIT_S: Final = 60.0
ALL_WAITING_S: Final = 120.0
RESET_HEADERS: Final = ("x-ratelimit-reset", "x-ratelimit-auth-token-reset")


class Patience:
    """Send requests to a target that may be busy; `exhausted` once all waiting has reached its bound."""

    def __init__(self, target: "Target", sleep: "Callable[[float], None]" = time.sleep) -> None:
        """Take the target, and how to wait."""
        self._target = target
        self._sleep = sleep
        self._waited_s = 0.0
        self.exhausted = False

    def send(self, ask: "Ask") -> "Exchange":
        """Send one request until it is answered with something else than 429, or patience ends."""
        doubling_s = FIRST_WAIT_S
        while True:
            exchange = self._tried(ask)
            if exchange.status != TOO_MANY or self.exhausted:
                return exchange
            wait_s = _asked_wait_s(exchange)
            if wait_s is None:
                wait_s, doubling_s = doubling_s, doubling_s * 2
            wait_s = min(wait_s, LONGEST_WAIT_S)
            if self._waited_s + wait_s > ALL_WAITING_S:
                self.exhausted = True
                return exchange
            self._waited_s += wait_s
            self._sleep(wait_s)

    def _tried(self, ask: "Ask") -> "Exchange":
        exchange = self._target.send(ask)
        for _ in range(GATEWAY_TRIES):
            if exchange.failure is None and exchange.status not in GATEWAY:
                break
            exchange = self._target.send(ask)
        return exchange


def _asked_wait_s(exchange: "Exchange") -> float | None:
    """Read how long the target wants us to wait; None when it does not say."""
    after = exchange.headers.get("retry-after", "")
    if after.isdecimal():
        return float(after)
    try:
        return max(parsedate_to_datetime(after).timestamp() - time.time(), 0.0)
    except ValueError:
        pass
    for name in RESET_HEADERS:
        value = exchange.headers.get(name, "")
        if value.isdecimal():
            return max(int(value) / 1000 - time.time(), 0.05)
    return None
