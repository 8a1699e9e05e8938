"""Wait where a target asks for it, and try again where once is not enough.

Rule: a 429 is waited out and costs no budget; a gateway's 5xx, or no answer at all, is tried again.
All waiting has a bound, and so has the time that is lost to requests without an answer.
Source: `SEMANTICS` 4 and 6.
"""

import re
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

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
DIGITS: Final = re.compile(r"[0-9]{1,20}")
RESET_HEADERS: Final = ("x-ratelimit-reset", "x-ratelimit-auth-token-reset")


class Patience:
    """Send requests to a target that may be busy, or gone.

    `exhausted` once all waiting has reached its bound, `gone` once all time without an answer has.
    `waited_out` are the first of the 429s that were not given back: they are answers like any other.
    """

    def __init__(self, target: "Target", sleep: "Callable[[float], None]" = time.sleep) -> None:
        """Take the target, and how to wait."""
        self._target = target
        self._sleep = sleep
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
            if exchange.status != TOO_MANY or self.exhausted or ask.role:
                return exchange
            wait_s = _asked_wait_s(exchange)
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
            if self.gone or (exchange.failure is None and exchange.status not in GATEWAY):
                break
            exchange = self._once(ask)
        return exchange

    def _once(self, ask: "Ask") -> "Exchange":
        exchange = self._target.send(ask)
        if exchange.failure is not None:
            self._lost_s += exchange.seconds
        return exchange


def _asked_wait_s(exchange: "Exchange") -> float | None:
    """Read how long the target wants us to wait; None when it does not say."""
    after = exchange.headers.get("retry-after", "").strip()
    if DIGITS.fullmatch(after):
        return float(after)
    try:
        return max(_instant_s(after) - time.time(), 0.0)
    except (ValueError, OverflowError, TypeError, IndexError):  # what `email` raises on what is no date
        pass
    for name in RESET_HEADERS:
        value = exchange.headers.get(name, "").strip()
        if DIGITS.fullmatch(value):
            return max(float(value) / 1000 - time.time(), 0.0)
    return None


def _instant_s(http_date: str) -> float:
    instant = parsedate_to_datetime(http_date)
    return (instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)).timestamp()
