"""Tests of `usagetwin_checker.talking.live.manners`: which URL is asked how."""

from pathlib import Path

import pytest

from usagetwin.errors import SettingError
from usagetwin_checker.talking.live.manners import Manners
from usagetwin_checker.talking.live.target import LiveTarget
from usagetwin_checker.talking.targets import UrlTarget


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep counts and proxies of the machine out of it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://127.9.9.9:1", "http://localhost:1", "http://[::1]:1"]
)
def test_this_machine_is_asked_as_one_likes(url: str) -> None:
    """By each of its names."""
    target = Manners().target(url, budget=5000)
    target.close()

    assert isinstance(target, UrlTarget)


@pytest.mark.parametrize(
    ("url", "host", "live"),
    [
        ("https://app.launchdarkly.com", "app.launchdarkly.com", False),
        ("https://APP.launchdarkly.com.:8443/base", "app.launchdarkly.com", False),
        ("http://usage.example:8080", "usage.example", False),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", True),
        ("http://localhost", "localhost", True),
    ],
)
def test_another_host_is_asked_with_manners(url: str, host: str, live: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """Also where one is behind this machine; each with a count of its own, however its name is written."""
    target = Manners(("usage.example",), 7, 3.0).target(url, live=live, budget=7)
    target.close()

    assert isinstance(target, LiveTarget)
    assert (target.day.host, target.day.per_day, target.pace_s) == (host, 7, 3.0)


def test_a_host_that_nobody_allowed_is_refused() -> None:
    """Before anything is made of it."""
    with pytest.raises(SettingError, match="is neither this machine nor"):
        Manners().target("http://usage.example")


def test_a_run_of_more_than_a_day_is_refused() -> None:
    """It takes a second option to ask a host more often than usual."""
    with pytest.raises(
        SettingError, match=r"--budget 61 is more than the 60 requests that .* in a day"
    ) as error:
        Manners().target("https://app.launchdarkly.com", budget=61)

    assert error.value.remedy.startswith("--per-day 61")
