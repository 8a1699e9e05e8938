"""How many requests a token has left, and all tokens together: fixed windows on the clock of the answers.

Source: `FACTS` 14 for windows and headers; the numbers themselves are the policy `quota`. A window begins
where the clock's seconds divide by its length, so it does not end while the clock stands.
"""

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from usagetwin.errors import Refusal
from usagetwin.store import counts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin.asgi.notes import Notes
    from usagetwin.rates import Rate

ROUTE: Final = "route"


class Quota:
    """The policy `quota`: what one token may ask, and all together, in a store that replicas can share."""

    def __init__(self, rates: "Iterable[Rate]", store: str, *, apart: str = "") -> None:
        """Take the rates and the store; what is counted `apart` there is counted for others not at all."""
        self._counted: Final = [(rate, counts_of(store)) for rate in rates]
        self._alone: Final = len(self._counted) == 1
        self._apart: Final = _digest(apart)

    async def spend(self, token: str, notes: "Notes", operation: int = 0) -> None:
        """Count one request, and note the rate-limit headers. Raises Refusal when a quota is spent.

        What a token's own quota refuses does not count for the route, and each operation has a route of its
        own. Nothing is noted of a count that can't be known.
        """
        for rate, counts in self._counted:
            window = notes.now_s // rate.seconds
            route = f"{ROUTE}/{operation}" if operation else ROUTE
            who = route if rate.of_route else _digest(token)
            key = f"{self._apart}/{rate.requests}/{rate.seconds}/{who}"
            count = await counts.add(window, key, rate.seconds)
            if count is None:
                continue
            self._note(rate, count, (window + 1) * rate.seconds * 1000, notes)
            if count > rate.requests:
                raise _spent(rate)

    def _note(self, rate: "Rate", count: int, reset_ms: int, notes: "Notes") -> None:
        remaining = max(rate.requests - count, 0)
        headers = {}
        if rate.of_route or self._alone:  # as recorded: a token's share of the route
            headers = {b"x-ratelimit-route-limit": rate.requests, b"x-ratelimit-route-remaining": remaining}
        if not rate.of_route:
            headers[b"x-ratelimit-auth-token-limit"] = rate.requests
            headers[b"x-ratelimit-auth-token-remaining"] = remaining
            headers[b"x-ratelimit-auth-token-reset"] = reset_ms
        headers[b"x-ratelimit-reset"] = reset_ms
        kept = [header for header in notes.headers if header[0] not in headers]
        notes.headers[:] = [*kept, *((name, b"%d" % value) for name, value in headers.items())]


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()[:32]


def _spent(rate: "Rate") -> Refusal:
    whose = "All tokens together have" if rate.of_route else "This token has"
    message = (
        "You've exceeded the API rate limit. Try again later. "
        f"{whose} {rate.requests} requests in {rate.seconds} seconds."
    )
    return Refusal(429, "rate_limited", message, "spent-quota-rate-limited")
