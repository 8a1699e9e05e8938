"""On which address the control API answers without a token."""

import pytest

from usagetwin.control.guarding import check
from usagetwin.control.refusals import ControlError


def scope(address: str | None) -> dict[str, object]:
    """Give the scope of a request that came to an address of this machine."""
    server = None if address is None else (address, 8080)
    return {"scheme": "http", "headers": [(b"host", b"localhost:8080")], "server": server}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1"])
def test_it_answers_on_loopback(address: str) -> None:
    """Nobody else can come to there."""
    check(scope(address), None)


@pytest.mark.parametrize("address", ["192.168.1.7", "10.0.0.1", "2001:db8::1", "/run/twin.sock", None])
def test_elsewhere_it_needs_a_token(address: str | None) -> None:
    """Whatever name the request gives to the host."""
    with pytest.raises(ControlError, match="needs USAGETWIN_CONTROL_TOKEN") as refused:
        check(scope(address), None)

    assert refused.value.status == 403
