"""Tests of `usagetwin_checker.talking.proxies`."""

import os

import pytest

from usagetwin.errors import SettingError
from usagetwin_checker.talking.proxies import Proxy, masked, proxy_for, refuse_to_show
from usagetwin_checker.talking.targets import UrlTarget

URL = "https://usage.example:8443/base"
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without any proxy."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("variables", "shown", "variable"),
    [
        ({"HTTPS_PROXY": "http://proxy.corp:3128"}, "proxy.corp:3128", "HTTPS_PROXY"),
        ({"https_proxy": "proxy.corp:3128", "HTTPS_PROXY": "http://other"}, "proxy.corp:3128", "https_proxy"),
        ({"ALL_PROXY": "https://me:s3cret@[::1]:3128/"}, "[::1]:3128", "ALL_PROXY"),
        ({"HTTP_PROXY": "no URL at all", "all_proxy": "http://all"}, "all", "all_proxy"),
    ],
)
def test_the_variable_of_a_url_s_scheme_names_its_proxy(
    variables: dict[str, str], shown: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL_PROXY where there is none; what is said of another scheme does not matter."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    proxy = proxy_for(URL)

    assert proxy is not None
    assert (proxy.shown, proxy.variable) == (shown, variable)


def test_without_a_variable_there_is_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is anything wrong with a NO_PROXY that decides nothing."""
    monkeypatch.setenv("NO_PROXY", "2001:db8::/48")
    monkeypatch.setenv("HTTPS_PROXY", "")

    assert proxy_for(URL) is None


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("*", URL),
        ("a.test, usage.example", URL),
        ("a.test example", URL),
        (".example", URL),
        ("*.EXAMPLE.", URL),
        ("usage.example:8443", URL),
        ("https://usage.example", URL),
        ("all://usage.example", URL),
        ("203.0.113.0/24", "https://203.0.113.77"),
        ("203.0.113.77:443", "https://203.0.113.77"),
        ("2001:DB8:0::7", "https://[2001:db8::7]"),
        ("[2001:db8::7]:443", "https://[2001:db8::7]"),
    ],
)
def test_a_host_that_is_left_out_is_asked_directly(
    no_proxy: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name, domain, port, address or range of IPv4."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.corp")
    monkeypatch.setenv("no_proxy", no_proxy)

    assert proxy_for(url) is None


@pytest.mark.parametrize(
    "no_proxy",
    [
        "ample",
        "sage.example",
        "usage.example:443",
        "http://usage.example",
        "203.0.113.0/24",
        "::1",
        "usage.example.org",
        ",",
    ],
)
def test_any_other_host_is_asked_through_the_proxy(no_proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of a name is no domain."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.corp")
    monkeypatch.setenv("NO_PROXY", no_proxy)

    assert proxy_for(URL) is not None


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("2001:db8:77::/48", "a range of IPv6 addresses, which is not read here"),
        ("[2001:db8:77::]/48", "a range of IPv6 addresses, which is not read here"),
        ("203.0.113.0/40", "no range of addresses"),
        ("example/path", "no range of addresses"),
        ("example:https", "no host with its port"),
        ("1:2:3", "no host, domain or address"),
        ("[::1", "no host, domain or address"),
    ],
)
def test_what_is_no_host_is_refused_by_its_variable(
    entry: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also beside an entry that leaves the target out: who reads the variable next may stumble over it."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.corp")
    monkeypatch.setenv("NO_PROXY", f"usage.example,{entry}")

    with pytest.raises(SettingError) as refused:
        proxy_for(URL)

    assert str(refused.value).startswith(f"NO_PROXY has {entry!r}, {what}\n  try   NO_PROXY with hosts")


@pytest.mark.parametrize(
    ("value", "shown", "what"),
    [
        ("http://", "'http://'", "which is no URL of a proxy"),
        ("http://proxy.corp:99999", "'http://proxy.corp:99999'", "which is no URL of a proxy"),
        ("http://[::1", "'http://[::1'", "which is no URL of a proxy"),
        ("proxy corp", "'proxy corp'", "which is no URL of a proxy"),
        ("http://me:s3cret@:3128", "'http://***@:3128'", "which is no URL of a proxy"),
        ("me:s3cret", "'me:***'", "which is no URL of a proxy"),
        ("ftp://me:s3cret@proxy.corp", "'ftp://***@proxy.corp'", "a proxy is one of http, https, socks5"),
        ("socks5://me:s3cret@proxy.corp", "'socks5://***@proxy.corp'", "the package for SOCKS is not"),
    ],
)
def test_what_is_no_proxy_is_refused_without_its_credential(
    value: str, shown: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable, the value, the rule and the remedy."""
    monkeypatch.setenv("ALL_PROXY", value)

    with pytest.raises(SettingError) as refused:
        proxy_for(URL)

    assert str(refused.value).startswith(f"ALL_PROXY is {shown}")
    assert what in str(refused.value)
    assert "s3cret" not in str(refused.value)
    assert "ALL_PROXY set to a URL such as http://proxy.example:3128" in str(refused.value)


@pytest.mark.parametrize(
    "value", ["http://a:s3/cret@host", "a:s3cret@", "http://a:s3@cret@h:1", "host:s3cret"]
)
def test_a_password_is_masked_however_it_is_written(value: str) -> None:
    """What may be one is one."""
    assert "cret" not in masked(value)


def test_the_environment_is_read_as_it_is() -> None:
    """The fixture left none of the variables."""
    assert not {name.lower() for name in os.environ} & set(NAMES)


def test_a_proxy_is_shown_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads all of plain HTTP; what is within TLS it passes on. Its own credential is in no message."""
    monkeypatch.setenv("HTTP_PROXY", "http://me:s3cret@proxy.corp:3128")
    monkeypatch.setenv("HTTPS_PROXY", "socks5://me:s3cret@proxy.corp:1080")
    plain, within_tls = Proxy("http://me:s3cret@p:1", "p:1", "HTTP_PROXY"), Proxy("https://p:1", "p:1", "x")

    refuse_to_show("https://usage.example", within_tls)
    with pytest.raises(
        SettingError, match="the proxy p:1 of HTTP_PROXY would read the access token"
    ) as error:
        refuse_to_show("http://usage.example", plain)

    assert "s3cret" not in f"{error.value}{plain!r}"


@pytest.mark.parametrize("url", ["http://usage.example", "HTTP://usage.example"])
def test_a_target_that_a_proxy_would_overhear_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a token of the user's; the built-in one is no secret."""
    monkeypatch.setenv("http_proxy", "http://proxy.corp:3128")
    monkeypatch.setenv("USAGETWIN_TOKEN", "")
    UrlTarget(url).close()

    monkeypatch.setenv("USAGETWIN_TOKEN", "api-33333333-3333-4333-8333-3333333355ec")
    with pytest.raises(SettingError, match="would read the access token"):
        UrlTarget(url)

    monkeypatch.setenv("no_proxy", ".example")
    UrlTarget(url).close()
