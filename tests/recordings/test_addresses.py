"""Tests of where the entries of a recording were asked."""

import pytest

from tests.acme import PATH
from tests.checker.recorded import entry
from usagetwin.errors import SettingError
from usagetwin.recordings.addresses import asked_at, chosen
from usagetwin.recordings.entries import Entry, Head
from usagetwin.recordings.har import read


@pytest.mark.parametrize(
    ("written", "base_url"),
    [
        ("https://app.launchdarkly.com", "https://app.launchdarkly.com"),
        ("https://app.launchdarkly.com:443", "https://app.launchdarkly.com"),
        ("HTTPS://App.LaunchDarkly.com/base", "https://app.launchdarkly.com/base"),
        ("https://app.launchdarkly.com:80", "https://app.launchdarkly.com:80"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_one_origin_is_one_however_it_is_written(written: str, base_url: str) -> None:
    """Where something was asked, and where somebody says that it was."""
    found = read(entry(url=f"{written}{PATH}"))

    assert isinstance(found, Entry)
    assert asked_at(found, Head()) == (base_url, "")
    assert chosen("x.har", [base_url, "http://other"], written, "one is judged") == base_url


@pytest.mark.parametrize("written", ["https://app.launchdarkly.us", "https://[", "https://a:b"])
def test_another_origin_is_refused(written: str) -> None:
    """With those that there are."""
    with pytest.raises(SettingError, match="is not where"):
        chosen("x.har", ["https://app.launchdarkly.com"], written, "one is judged")
