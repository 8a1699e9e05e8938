"""The quota: counting, headers, and whose it is."""

import asyncio

import pytest

from usagetwin.asgi.notes import Notes
from usagetwin.asgi.quota import Quota
from usagetwin.errors import Refusal
from usagetwin.rates import rates_of

SOMEBODY = "a"
NOW_S = 1_772_539_205  # five seconds into a window of ten


class Unknown:
    """Counts that nobody can reach."""

    async def add(self, _window: int, _key: str, _seconds: int) -> int | None:
        """Tell nothing."""


def quota_of(text: str, store: str = "memory://") -> Quota:
    """Give the quota of a rate limit as it is written."""
    return Quota(rates_of(text) or (), store)


def spent(quota: Quota, token: str = SOMEBODY, now_s: int = NOW_S) -> tuple[int, dict[str, int]]:
    """Ask once, and give the status with the headers."""
    notes = Notes(now_s)
    status = 200
    try:
        asyncio.run(quota.spend(token, notes))
    except Refusal as refusal:
        status = refusal.status
    return status, {name.decode(): int(value) for name, value in notes.headers}


def test_each_request_leaves_one_less() -> None:
    """The limit stays, the rest falls; the window is over at the next ten seconds, in epoch milliseconds."""
    quota = quota_of("1000")

    assert [spent(quota), spent(quota)] == [
        (
            200,
            {
                "x-ratelimit-route-limit": 1000,
                "x-ratelimit-route-remaining": left,
                "x-ratelimit-auth-token-limit": 1000,
                "x-ratelimit-auth-token-remaining": left,
                "x-ratelimit-auth-token-reset": 1_772_539_210_000,
                "x-ratelimit-reset": 1_772_539_210_000,
            },
        )
        for left in (999, 998)
    ]


def test_a_window_lasts_as_long_as_the_clock_is_in_it() -> None:
    """However often it is asked; the first second of the next one has the whole quota again."""
    quota = quota_of("2/60s")
    begin_s = NOW_S // 60 * 60

    statuses = [spent(quota, now_s=begin_s + second)[0] for second in (0, 0, 0, 59, 60, 60, 119)]

    assert statuses == [200, 200, 429, 429, 200, 200, 429]


def test_one_token_does_not_spend_another_ones() -> None:
    """Each has its own count."""
    quota = quota_of("1")

    assert [spent(quota, token)[0] for token in "abca"] == [200, 200, 200, 429]


def test_all_tokens_spend_the_route_s() -> None:
    """Whose headers are its own; there are none of a token."""
    quota = quota_of("route:2/1m")

    answers = [spent(quota, token) for token in "abc"]

    assert [status for status, _ in answers] == [200, 200, 429]
    assert answers[0][1] == {
        "x-ratelimit-route-limit": 2,
        "x-ratelimit-route-remaining": 1,
        "x-ratelimit-reset": 1_772_539_260_000,
    }


def test_what_a_token_is_refused_is_not_counted_for_the_route() -> None:
    """So that one cannot use up what others have."""
    quota = quota_of("1/10s,route:3/60s")

    statuses = [spent(quota, token)[0] for token in "aaaabcd"]
    _, headers = spent(quota, "e")

    assert statuses == [200, 429, 429, 429, 200, 200, 429]
    assert (headers["x-ratelimit-auth-token-remaining"], headers["x-ratelimit-auth-token-limit"]) == (0, 1)
    assert (headers["x-ratelimit-route-remaining"], headers["x-ratelimit-route-limit"]) == (0, 3)
    assert headers["x-ratelimit-reset"] == 1_772_539_260_000


def test_where_nothing_can_be_counted_all_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without headers, which would not be true."""
    monkeypatch.setattr("usagetwin.asgi.quota.counts_of", lambda _store: Unknown())
    quota = quota_of("1,route:1")

    assert [spent(quota) for _ in range(3)] == [(200, {})] * 3


def test_no_token_is_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A digest is, also of the play's."""
    keys = []

    class Seen(Unknown):
        async def add(self, _window: int, key: str, _seconds: int) -> int | None:
            keys.append(key)
            return 1

    monkeypatch.setattr("usagetwin.asgi.quota.counts_of", lambda _store: Seen())
    for apart in ("", "api-play"):
        spent(Quota(rates_of("1,route:1") or (), "memory://", apart=apart), "api-token")

    assert len(set(keys)) == 4
    assert not any("api-" in key for key in keys)
