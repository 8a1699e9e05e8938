"""The quota: counting, headers, stores."""

import time

import pytest

from usagetwin.asgi.notes import Notes
from usagetwin.asgi.quota import Quota
from usagetwin.errors import Refusal, SettingError


def _spend(quota: Quota, token: str) -> dict[str, int]:
    notes = Notes(now_s=0)
    quota.spend(token, notes)
    return {name.decode(): int(value) for name, value in notes.headers}


def test_each_request_leaves_one_less() -> None:
    """The limit stays, the rest falls; the window is over within ten seconds, in epoch milliseconds."""
    quota = Quota(1000, "memory://")
    before_ms = time.time() * 1000

    first = _spend(quota, "a")
    second = _spend(quota, "a")

    assert list(first) == ["x-ratelimit-route-limit", "x-ratelimit-route-remaining", "x-ratelimit-reset"]
    assert first["x-ratelimit-route-limit"] == 1000
    assert first["x-ratelimit-route-remaining"] == 999
    assert second["x-ratelimit-route-remaining"] in {998, 999}  # 999 when a window ended in between
    assert before_ms < first["x-ratelimit-reset"] + 1000 < before_ms + 12_000


def test_one_token_does_not_spend_another_ones() -> None:
    """Each has its own count."""
    quota = Quota(1, "memory://")

    assert [_spend(quota, token)["x-ratelimit-route-remaining"] for token in "abc"] == [0, 0, 0]


def test_a_spent_quota_refuses_and_still_notes_the_headers() -> None:
    """Three requests don't fit into two windows of one."""
    quota = Quota(1, "memory://")
    refused: list[tuple[int, bytes]] = []

    for _ in range(3):
        notes = Notes(now_s=0)
        try:
            quota.spend("a", notes)
        except Refusal as refusal:
            refused.append((refusal.status, dict(notes.headers)[b"x-ratelimit-route-remaining"]))

    assert refused
    assert set(refused) == {(429, b"0")}


@pytest.mark.parametrize("store", ["", "nonsense", "disk:///tmp", "redis://", "memory"])
def test_a_store_that_does_not_exist_is_refused_with_the_ones_that_do(store: str) -> None:
    """Or whose client library is not installed."""
    with pytest.raises(SettingError) as raised:
        Quota(1, store)

    assert "memory:// or redis://HOST:PORT" in str(raised.value)
