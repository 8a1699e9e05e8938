"""Tests of what `usagetwin check` says to a wrong use: exit status 2, and what would be right."""

import ssl
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import trustme

from tests.checker.commanding import check
from tests.checker.raw_server import answer, answering, saying
from usagetwin.contract.operation import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from tests.served import Twin

WRONG: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "no target": ((), "Missing argument 'TARGET'"),
    "an empty target": (("",), "the target is empty, as a variable is that nobody set"),
    "a folder": ((".",), ".: it is a directory, and no ordinary file"),
    "a folder by its path": (("./",), "./: it is a directory, and no ordinary file"),
    "an empty document": (("twin", "--document", ""), "--document: is empty"),
    "no scheme": (("127.0.0.1:8080",), "try   http://127.0.0.1:8080"),
    "a host alone": (("app.launchdarkly.com",), "try   https://app.launchdarkly.com"),
    "twin misspelt": (("twinn",), "try   twin"),
    "another scheme": (("ftp://127.0.0.1",), "'ftp://127.0.0.1' is neither 'twin' nor a base URL"),
    "no host": (("http://",), "neither 'twin' nor a base URL"),
    "no port": (("http://127.0.0.1:99999",), "has no port of 1 to 65535"),
    "a broken host": (("http://[::1",), "neither 'twin' nor a base URL"),
    "a space": (("http://a b",), "neither 'twin' nor a base URL"),
    "a quote": (("http://a/'",), "neither 'twin' nor a base URL"),
    "a line break": (("http://a\n/b",), "neither 'twin' nor a base URL"),
    "a query": (("http://127.0.0.1/?from=1",), "neither 'twin' nor a base URL"),
    "a fragment": (("http://127.0.0.1/#x",), "neither 'twin' nor a base URL"),
    "a password": (("http://user:secret@127.0.0.1",), "user name or password in its URL"),
    "a password, and no port": (("http://user:secret@127.0.0.1:x",), "user name or password in its URL"),
    "a password, and no host": (("http://user:secret@",), "user name or password in its URL"),
    "a password, and no scheme": (("user:secret@127.0.0.1:8080",), "user name or password in its URL"),
    "a password with a slash": (("http://user:s/secret@127.0.0.1",), "user name or password in its URL"),
    "a password of a recording": (("twin", "--recorded-at", "u:secret@h"), "a base URL of a recording"),
    "a password of a host": (("http://a.example", "--allow-host", "u:secret@h"), "try   --allow-host h, the"),
    "an option": (("twin", "--completed"), "Did you mean "),
    "complete alone": (("twin", "--complete"), "--complete says that the projects given are all"),
    "an empty project": (("twin", "--project", ""), "--project is empty"),
    "a world with a URL": (("http://127.0.0.1:1", "--world", "idle"), "another target has its own"),
    "a profile with a URL": (("http://127.0.0.1:1", "--profile", "observed"), "another target has its own"),
    "a world": (("twin", "--world", "idel"), "idle"),
    "a profile": (("twin", "--profile", "observd"), "observed"),
    "an instant": (("twin", "--now", "yesterday"), "the instant 'yesterday' can't be read"),
    "a far instant": (("twin", "--now", "9999-01-01"), "is out of range"),
    "no budget": (("twin", "--budget", "0"), "is not in the range x>=1"),
    "a budget in words": (("twin", "--budget", "many"), "is not a valid integer"),
    "a seed in words": (("twin", "--seed", "x"), "is not a valid integer"),
    "examples below zero": (("twin", "--max-examples", "-1"), "is not in the range x>=0"),
    "a CA of the twin": (("twin", "--cacert", "ca.pem"), "the target `twin` has none"),
    "a CA that is gone": (("http://127.0.0.1:1", "--cacert", "/nonexistent"), "--cacert is '/nonexistent'"),
    "another host": (("http://usage.example",), "try   --allow-host usage.example"),
    "another host's path": (("http://[::]:1/x",), "neither this machine nor one of LaunchDarkly's"),
    "a pattern of hosts": (("http://a.example", "--allow-host", "*.example"), "is no name of a host"),
    "LaunchDarkly without TLS": (("http://app.launchdarkly.com",), "try   https://app.launchdarkly.com"),
    "more than a day": (("https://app.launchdarkly.com", "--budget", "61"), "try   --per-day 61"),
    "no day": (("https://app.launchdarkly.com", "--per-day", "0"), "is not in the range x>=1"),
    "a pace below zero": (("https://app.launchdarkly.com", "--pace", "-1"), "is not in the range 0<=x<=60"),
    "a report in no folder": (
        ("twin", "--json", "/nonexistent/x.json"),
        "--json '/nonexistent/x.json' can't be written",
    ),
    "a report in a folder": (("twin", "--json", "/"), "is a directory"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_use_is_explained_with_exit_status_2(name: str) -> None:
    """What is wrong is named, with what would be right; nothing is sent, and no secret is shown."""
    arguments, message = WRONG[name]

    result = check(*arguments)

    assert result.exit_code == 2, result.output
    assert message in result.output
    assert "secret" not in result.output
    assert "Traceback" not in result.output


def test_a_report_that_cannot_be_written_is_told_before_anything_is_sent() -> None:
    """Nobody waits for a run whose report is lost."""
    with answering(saying(answer(b"{}"))) as server:
        assert check(server.url, "--json", "/nonexistent/x.json").exit_code == 2

    assert server.heads == []


def test_a_wrong_use_leaves_an_old_report_as_it_is(tmp_path: Path) -> None:
    """Only a run writes a report."""
    file = tmp_path / "report.json"
    file.write_text("old", encoding="utf-8")

    check("twinn", "--json", str(file))

    assert file.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("token", ["api-with\nbreak", "api-é", "api-\x7f"], ids=ascii)
def test_a_token_that_no_header_can_hold_is_refused_unseen(token: str) -> None:
    """It is named by its variable, never by its characters."""
    result = check("http://127.0.0.1:1", token=token)

    assert result.exit_code == 2
    assert "USAGETWIN_TOKEN has characters that no header can hold" in result.output
    assert "api-" not in result.output


@pytest.mark.parametrize("more", ["", "/", "?from=1"])
def test_the_endpoint_s_path_is_taken_off_a_target(more: str) -> None:
    """Who pastes the whole URL is told which base URL is checked, and gets that."""
    with answering(saying(answer(b"{}"))) as server:
        result = check(f"{server.url}{PATH}{more}", "--budget", "2")

    assert f"the endpoint's path is taken off the target: {server.url}\n" in result.output
    assert all(head.startswith(f"GET {PATH}".encode()) for head in server.heads)
    assert not any(PATH.encode() * 2 in head for head in server.heads)


@pytest.mark.parametrize("part", ["/api", "/api/v2/", "/api/v2/usage"])
def test_the_beginning_of_the_endpoint_s_path_is_taken_off_a_target(part: str) -> None:
    """It is said how to keep it, as behind a gateway, and so it is kept."""
    with answering(saying(answer(b"{}"))) as server:
        result = check(f"{server.url}{part}", "--budget", "2")
        kept = f"{server.url}{part.rstrip('/')}{PATH}"
        again = check(kept, "--budget", "2")

    assert f"the endpoint's path is taken off the target: {server.url}\n" in result.output
    assert f"give the endpoint's whole URL: {kept}\n" in result.output
    assert f"the endpoint's path is taken off the target: {server.url}{part.rstrip('/')}\n" in again.output
    assert [head.split(b"?")[0].split()[1].decode() for head in server.heads] == [
        *[PATH] * 2,
        *[part.rstrip("/") + PATH] * 2,
    ]


def test_nobody_there_is_said_with_the_remedy(unused_port: int) -> None:
    """In words, not as an errno, and without advice that would change nothing."""
    result = check(f"http://127.0.0.1:{unused_port}", "--budget", "2")

    assert result.exit_code == 3
    assert "nothing listens there (connection refused); start it, or correct the port" in said(result)
    assert "more rules" not in result.output


def test_a_name_that_nobody_has_is_said_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The resolver's words are in it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    result = check("http://nobody.invalid", "--allow-host", "nobody.invalid", "--budget", "2", "--pace", "0")

    assert result.exit_code == 3
    assert "the host's name is not known (" in said(result)


def test_plain_http_behind_https_is_said_with_the_remedy(twin: "Twin") -> None:
    """Instead of what OpenSSL calls it."""
    result = check(twin.url.replace("http:", "https:"), "--budget", "2")

    assert result.exit_code == 3
    assert "give the URL with http:// where it speaks plain HTTP" in said(result)


def test_a_certificate_that_nobody_trusts_is_said_with_the_remedy() -> None:
    """The reason is OpenSSL's, the remedy names the variable."""
    with serving_tls(trustme.CA()) as url:
        result = check(url, "--budget", "2")

    assert result.exit_code == 3
    assert "its certificate is not trusted (" in said(result)
    assert "set SSL_CERT_FILE to the file of the CA" in said(result)


@pytest.mark.parametrize("by", ["--cacert", "SSL_CERT_FILE"])
def test_a_ca_that_is_named_counts_on_loopback_too(
    by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the option or by the variable."""
    ca, file = trustme.CA(), tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file) if by == "SSL_CERT_FILE" else "/nonexistent")

    with serving_tls(ca) as url:
        result = check(url, "--budget", "2", *(["--cacert", str(file)] if by == "--cacert" else []))

    assert "answer-is-a-series-list" in result.output


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (
            "SSL_CERT_FILE",
            "/nonexistent/ca.pem",
            "SSL_CERT_FILE is '/nonexistent/ca.pem', which can't be read",
        ),
        (
            "SSLKEYLOGFILE",
            "/nonexistent/keys",
            "SSLKEYLOGFILE is '/nonexistent/keys', which can't be written",
        ),
        ("https_proxy", "me:secret@", "https_proxy is '***@', which is no URL of a proxy"),
        ("ALL_PROXY", "socks5h://me:secret@proxy.corp:1080", "ALL_PROXY is 'socks5h://***@proxy.corp:1080'"),
    ],
)
def test_a_variable_that_is_no_use_is_named(
    variable: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With status 2, its value without a credential, and before anything is asked."""
    monkeypatch.setenv(variable, value)

    result = check("https://usage.example", "--allow-host", "usage.example")

    assert result.exit_code == 2
    assert result.output.startswith(f"usagetwin: {message}")
    assert "secret" not in result.output


def test_a_cookie_is_not_sent_back() -> None:
    """A request depends on nothing but itself."""
    with answering(saying(answer(b"{}", headers=b"Set-Cookie: seen=1; Path=/\r\n"))) as server:
        check(server.url, "--budget", "10")

    assert len(server.heads) > 1
    assert [head for head in server.heads if b"cookie" in head.lower()] == []


def said(result: "Result") -> str:
    """Give what a command printed, wherever the terminal broke its lines."""
    return " ".join(result.output.split())


@contextmanager
def serving_tls(ca: trustme.CA) -> "Iterator[str]":
    """Serve TLS with a certificate of this CA, until the block is left."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with answering(saying(answer(b"{}"))) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server.url.replace("http:", "https:")
