"""A target that is a host of someone else's: asked by GET alone, one request at a time, slowly, and counted.

Rule: what would break one of these is not sent. The time between requests is by a clock that nobody sets.
"""

import time
from typing import TYPE_CHECKING, Final

from usagetwin_checker.exchanges import Exchange
from usagetwin_checker.talking.live.day import NothingLeftError
from usagetwin_checker.talking.waits import asked_wait_s, wait_for_more_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin_checker.exchanges import Ask
    from usagetwin_checker.talking.live.day import Day
    from usagetwin_checker.talking.targets import Target

GET: Final = "GET"
BUSY: Final = (429, 503)  # which may say how long to wait
LONGEST_WAIT_S: Final = 60.0


class LiveTarget:
    """Asks another target with good manners; `halted` says why it is asked no more, once it is not."""

    def __init__(
        self,
        target: "Target",
        day: "Day",
        *,
        pace_s: float,
        sleep: "Callable[[float], None]" = time.sleep,
        monotonic: "Callable[[], float]" = time.monotonic,
    ) -> None:
        """Take the target, its count, and the seconds from an answer to the next request."""
        self.name: Final = target.name
        self.loopback: Final = target.loopback
        self.route: Final = target.route
        self.token: Final = target.token
        self.day: Final = day
        self.pace_s: Final = pace_s
        self._target = target
        self._sleep = sleep
        self._monotonic = monotonic
        self._not_before_s = monotonic()
        self._left_alone_until_s = monotonic()
        self._left_alone_for_s = 0.0
        self._own = 0
        self._unsent = 0
        self._halted: str | None = None
        self._interrupted = False

    @property
    def halted(self) -> str | None:
        """Say why the host is asked no more; None while it may be."""
        return self._halted or self.day.trouble

    @property
    def left(self) -> int:
        """Count the requests that may be sent today."""
        return 0 if self.halted else self.day.left

    def budget(self, most: int | None) -> int:
        """Begin a run, and give how many requests it may send, `most` where that is less than the day has.

        Raises SettingError, and NothingLeftError where that is none.
        """
        self.day.begin()
        try:
            return self._within(most)
        except NothingLeftError:
            self.day.end()
            raise

    def budget_of(self, most: int | None) -> int:
        """Give what `budget` would give at this moment, and begin nothing. Raises as that does."""
        self.day.look()
        return self._within(most)

    def _within(self, most: int | None) -> int:
        if not self.day.left:
            raise NothingLeftError(self.day.host, self.day.per_day)
        return self.day.left if most is None else min(most, self.day.left)

    def told(self, budget: int, *, dry: bool = False) -> str:
        """Say, before the first request, how many there are at most, and how; `dry` where none is sent."""
        sends = "a run would send" if dry else "this run sends"
        return (
            f"{self.day.host} gets {self.day.per_day} requests a day (UTC): {self.day.sent} were sent today, "
            f"and {sends} {budget} at most, by GET alone, one at a time, {self.pace_s:g} s apart"
        )

    def note(self) -> str:
        """Say, at the end, how many there were; what could not be sent is none of them."""
        unsent = f"; {self._unsent} more could not be sent, and don't count" if self._unsent else ""
        return (
            f"{self.day.host} got {self._own} requests of this run, and {self.day.sent} of the "
            f"{self.day.per_day} that it gets today (UTC); by GET alone{unsent}"
        )

    def send(self, ask: "Ask") -> Exchange:
        """Send one request once it is time, and give what came back; or say why it was not sent."""
        if ask.method != GET:
            return self._not_sent(ask, f"{ask.method} is not sent to a host that is not this machine")
        wait_s = self._not_before_s - self._monotonic()
        if wait_s > 0:
            self._sleep(wait_s)
        if self._interrupted:
            return self._not_sent(ask, "interrupted")
        if self.halted is not None or not self.day.take():
            return self._not_sent(ask, self.halted or f"{self.day.host} got all requests of the day")
        self._own += 1
        exchange = self._target.send(ask)
        if exchange.unsent and self.day.give_back():
            self._own, self._unsent = self._own - 1, self._unsent + 1
        now_s, asked_s = self._monotonic(), self._asked_s(exchange)
        self._not_before_s = now_s + max(self.pace_s, asked_s)
        if asked_s > self.pace_s:
            self._left_alone_until_s, self._left_alone_for_s = now_s + asked_s, asked_s
        return exchange

    def may_wait(self, left_s: float) -> bool:
        """Tell whether what the host asked to wait is over within this time; else it is asked no more."""
        wait_s = self._left_alone_until_s - self._monotonic()
        if wait_s > max(left_s, 0.0):
            asked = f"{self.day.host} asks to be left alone for {self._left_alone_for_s:.0f} s"
            self._halted = f"{asked}, and --max-time leaves {max(left_s, 0.0):.0f} s"
        return self._halted is None

    def _asked_s(self, exchange: Exchange) -> float:
        """Give how long an answer asks to wait; one that asks for more than we wait is the last."""
        busy_s = asked_wait_s(exchange.headers) if exchange.status in BUSY else None
        wait_s = wait_for_more_s(exchange.headers) if busy_s is None else busy_s
        if wait_s > LONGEST_WAIT_S:
            asked = f"{self.day.host} asks to be left alone for {wait_s:.0f} s"
            self._halted = f"{asked}, and a check waits {LONGEST_WAIT_S:.0f} s at most"
            return 0.0
        return wait_s

    def _not_sent(self, ask: "Ask", why: str) -> Exchange:
        return Exchange(ask, 0, time.time(), 0.0, failure=f"not sent: {why}")

    def interrupt(self) -> None:
        """Give up what is being sent, from within a signal handler; nothing more will be asked."""
        self._interrupted = True
        self._target.interrupt()

    def close(self) -> None:
        """Let go of connections, and of the host."""
        self.day.end()
        self._target.close()


def live_of(target: object) -> LiveTarget | None:
    """Give the live target that a target is, or that it names as the one it passes requests on to."""
    while target is not None and not isinstance(target, LiveTarget):
        target = getattr(target, "passes_on_to", None)
    return target
