"""Tests of `usagetwin_checker.talking.live.allowed`: which hosts are asked."""

import pytest

from usagetwin.errors import SettingError
from usagetwin.hosts import HOSTS
from usagetwin_checker.talking.live.allowed import refuse_not_allowed


@pytest.mark.parametrize("host", [*HOSTS, "APP.launchdarkly.COM", "app.launchdarkly.com."])
def test_launchdarkly_s_hosts_are_asked(host: str) -> None:
    """In any case, with the dot of the root too."""
    refuse_not_allowed(f"https://{host}/base", ())
    refuse_not_allowed(f"https://{host}:8443", ())


@pytest.mark.parametrize("host", HOSTS)
def test_launchdarkly_s_hosts_are_asked_over_tls_alone(host: str) -> None:
    """A token would be read on the way."""
    with pytest.raises(SettingError, match=f"{host} speaks TLS alone") as error:
        refuse_not_allowed(f"http://{host}", [host])

    assert error.value.remedy == f"https://{host}"


@pytest.mark.parametrize(
    "url",
    [
        "https://usage.example",
        "https://launchdarkly.com",
        "https://app.launchdarkly.com.example",
        "https://xapp.launchdarkly.com",
        "http://127.1",
        "http://2130706433",
        "http://192.168.0.7",
        "http://[2001:db8::1]:80",
    ],
)
def test_another_host_is_refused_by_name(url: str) -> None:
    """Ways to write this machine's address that are none of its names, too."""
    with pytest.raises(
        SettingError, match="is neither this machine nor one of LaunchDarkly's hosts"
    ) as error:
        refuse_not_allowed(url, ["other.example"])

    assert error.value.remedy.startswith("--allow-host ")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://usage.example:8080", "usage.example"),
        ("http://usage.example:8080", "Usage.Example."),
        ("http://usage.example.", "usage.example"),
        ("http://192.168.0.7", "192.168.0.7"),
        ("http://[2001:db8::1]:80", "2001:db8::1"),
        ("http://[2001:db8::1]:80", "[2001:DB8::1]"),
    ],
)
def test_a_host_that_is_allowed_is_asked(url: str, allowed: str) -> None:
    """Over plain HTTP too, on any port."""
    refuse_not_allowed(url, ["other.example", allowed])


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "*",
        "*.example",
        "https://usage.example",
        "usage.example:8080",
        "usage.example/x",
        "a b",
        "é.example",
    ],
)
def test_what_is_no_host_is_refused(given: str) -> None:
    """Nobody believes that a pattern or a URL allows something."""
    with pytest.raises(SettingError, match="is no name of a host"):
        refuse_not_allowed("http://usage.example:8080", [given])


@pytest.mark.parametrize(
    ("given", "proposed"),
    [("*", "HOST"), ("*.example", "HOST"), ("", "HOST"), ("https://usage.example:8080/x", "usage.example")],
)
def test_a_name_is_proposed_that_would_be_taken(given: str, proposed: str) -> None:
    """What was refused is not."""
    with pytest.raises(SettingError) as error:
        refuse_not_allowed("http://usage.example:8080", [given])

    assert error.value.remedy.startswith(f"--allow-host {proposed}, the name of one host")


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("http://0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("http://0.0.0.0", "http://127.0.0.1"),
        ("http://[::]:8080/base", "http://[::1]:8080/base"),
    ],
)
def test_an_address_to_listen_on_is_told_as_this_machine_s(url: str, meant: str) -> None:
    """Who serves on all addresses reads one of these in the line that says so; nobody owns it."""
    with pytest.raises(SettingError, match="is neither this machine nor one of") as error:
        refuse_not_allowed(url, ())

    assert error.value.remedy == f"{meant}, which is this machine"
