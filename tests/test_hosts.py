"""How names are recognized."""

import pytest

from usagetwin.hosts import HOSTS, host_name


def test_the_hosts_are_those_of_the_document() -> None:
    """FACTS 16."""
    assert HOSTS == ("app.launchdarkly.com", "app.launchdarkly.us", "app.eu.launchdarkly.com")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("app.launchdarkly.com", "app.launchdarkly.com"),
        ("APP.LaunchDarkly.com", "app.launchdarkly.com"),
        ("app.launchdarkly.com.", "app.launchdarkly.com"),
        (b"app.launchdarkly.com", "app.launchdarkly.com"),
        (bytearray(b"App.launchdarkly.com"), "app.launchdarkly.com"),
        ("", ""),
        (None, None),
        (443, None),
    ],
)
def test_a_name_has_one_form(written: object, name: str | None) -> None:
    """However callers write it."""
    assert host_name(written) == name
