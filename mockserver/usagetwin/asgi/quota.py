"""How many requests a token has left: a fixed window of 10 seconds, kept by the library `limits`.

Source: `FACTS` 14 for the window and the headers; the number itself is the policy `quota`.
The window follows the machine's clock, not the world's: a frozen world still answers at real speed.
"""

from typing import TYPE_CHECKING, Final

from limits import RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from usagetwin.errors import Refusal, SettingError

if TYPE_CHECKING:
    from usagetwin.asgi.notes import Notes

WINDOW_S: Final = 10


class Quota:
    """The policy `quota`: what one token may ask in 10 seconds, in a store that replicas can share."""

    def __init__(self, limit: int, store: str) -> None:
        """Take the limit, and the store as a URL of the library `limits`. Raises SettingError."""
        try:
            self._limiter = FixedWindowRateLimiter(storage_from_string(store))
        except Exception as error:
            problem = f"the quota store can't be used: {error}"
            raise SettingError(
                problem, "memory:// or redis://HOST:PORT, with its client library installed", "quota_store"
            ) from error
        self._item = RateLimitItemPerSecond(limit, WINDOW_S)

    def spend(self, token: str, notes: "Notes") -> None:
        """Count one request, and note the rate-limit headers. Raises Refusal when the quota is spent."""
        allowed = self._limiter.hit(self._item, token)
        window = self._limiter.get_window_stats(self._item, token)
        for name, value in (
            (b"x-ratelimit-route-limit", self._item.amount),
            (b"x-ratelimit-route-remaining", max(window.remaining, 0)),
            (b"x-ratelimit-reset", int(window.reset_time * 1000)),
        ):
            notes.headers.append((name, b"%d" % value))
        if not allowed:
            raise Refusal(
                429,
                "rate_limited",
                "You've exceeded the API rate limit. Try again later. "
                f"This token has {self._item.amount} requests in {WINDOW_S} seconds.",
                "rate-limited",
            )
