"""What all tests share: our account, the instant of its tests, and a client that does not really wait."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from usagetwin_checker.testing import UsageTwin

from billing_report.client import UsageClient


@pytest.fixture(scope="session")
def usage_twin_world() -> Path:
    """Let our own account answer."""
    return Path(__file__).with_name("account.yaml")


@pytest.fixture(scope="session")
def usage_twin_now() -> str:
    """Let all tests begin in the middle of a month, and of a day."""
    return "2026-03-17T15:20:00Z"


@pytest.fixture(scope="session")
def usage_twin_settings() -> Mapping[str, object]:
    """Let no test reach the network."""
    return {"block_other_hosts": True}


@pytest.fixture
def token() -> str:
    """Give an access token, an invented one."""
    return "api-00000000-0000-4000-8000-000000000001"


@pytest.fixture
def waits() -> list[float]:
    """Give the seconds that the client has waited, each time."""
    return []


@pytest.fixture
def client(usage_twin: UsageTwin, token: str, waits: list[float]) -> Iterator[UsageClient]:
    """Give a client whose waits pass at once, on the twin's clock."""

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        usage_twin.advance(seconds=seconds)

    with UsageClient(token, timeout_s=0.5, sleep=sleep) as client:
        yield client
