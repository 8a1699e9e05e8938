"""Where requests may be passed on to."""

import pytest

from usagetwin.errors import SettingError
from usagetwin_checker.proxying.upstream import Upstream


@pytest.mark.parametrize(
    ("url", "problem", "remedy"),
    [
        ("https://api.example.com", "neither this machine nor one of LaunchDarkly's hosts", "--allow-host"),
        ("http://app.launchdarkly.com", "speaks TLS alone", "https://app.launchdarkly.com"),
        ("http://named.example:81/x", "plain HTTP to another machine", "https://named.example:81/x"),
        ("https://me:secret@app.launchdarkly.com", "has a user name or password", "without them"),
        ("ftp://127.0.0.1", "is neither", "twin"),
    ],
)
def test_a_host_that_may_not_be_asked_is_refused(url: str, problem: str, remedy: str) -> None:
    """Before anything is sent, and with what would be right."""
    with pytest.raises(SettingError) as refused:
        Upstream(url, allowed=("named.example",))

    assert problem in refused.value.problem
    assert remedy in refused.value.remedy
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["https://app.launchdarkly.com", "https://named.example/base", "http://localhost:8080"]
)
def test_these_may_be_asked(url: str) -> None:
    """LaunchDarkly's over TLS, a host that is named, and this machine; nothing is looked up for it."""
    upstream = Upstream(url, allowed=("named.example",))

    assert upstream.base_url == url
    assert upstream.is_here is url.startswith("http:")
