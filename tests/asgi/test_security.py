"""The security part by itself: the order of its checks."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from usagetwin.account.world import Role
from usagetwin.asgi.notes import KEY, Notes
from usagetwin.asgi.quota import Quota
from usagetwin.asgi.security import Security
from usagetwin.errors import Refusal
from usagetwin.policies import make_policies
from usagetwin.rates import Rate

if TYPE_CHECKING:
    from starlette.types import Scope

TOKENS = {"full": Role.FULL, "gone": Role.REVOKED, "no": Role.FORBIDDEN, "slow": Role.THROTTLED}


def _scope(token: str) -> "Scope":
    return {"headers": [(b"authorization", token.encode())], KEY: Notes(now_s=0)}


@pytest.mark.parametrize("token", ["gone", "no", "slow", " ", "Bearer full"])
def test_a_refused_token_spends_no_quota(token: str) -> None:
    """It is refused before; a quota of one is still there for the next."""
    quota = Quota([Rate(1)], "memory://")
    security = Security(TOKENS, make_policies(), quota)

    for _ in range(3):
        with pytest.raises(Refusal):
            security.check(_scope(token))

    notes = Notes(now_s=0)
    asyncio.run(quota.spend(token.strip(), notes))
    assert dict(notes.headers)[b"x-ratelimit-route-remaining"] == b"0"


@pytest.mark.parametrize(
    ("token", "status", "rule"),
    [
        ("gone", 401, "revoked-token-unauthorized"),
        ("", 401, "blank-credential-unauthorized"),
        ("Bearer x", 401, "bearer-is-invalid-token"),
        ("no", 403, "beta-header-required"),
        ("slow", 403, "beta-header-required"),
        ("full", 403, "beta-header-required"),
    ],
)
def test_a_credential_is_checked_before_the_beta_gate(token: str, status: int, rule: str) -> None:
    """And the gate before access and throttling."""
    security = Security(TOKENS, make_policies("observed"), None)

    with pytest.raises(Refusal) as raised:
        security.check(_scope(token))

    assert (raised.value.status, raised.value.rule) == (status, rule)
