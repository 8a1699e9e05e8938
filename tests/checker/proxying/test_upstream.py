"""Where requests may be passed on to, and how they come there."""

import json
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import NOW
from tests.checker.proxying.passed import Elsewhere, elsewhere, proxied
from tests.checker.raw_server import WITHIN_S, answering, saying
from tests.wire import connection_to, get
from usagetwin import Settings, create_app
from usagetwin.errors import SettingError
from usagetwin_checker.proxying.upstream import Upstream

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from tests.answer import Answer

STAND_IN: Final = "usage.example"


@pytest.fixture
def led(monkeypatch: pytest.MonkeyPatch) -> "Callable[[Elsewhere], str]":
    """Give what lets the proxy of the environment be one's own, and gives the file of the CA."""

    def lead(there: Elsewhere) -> str:
        monkeypatch.setenv("HTTPS_PROXY", there.proxy)
        monkeypatch.delenv("NO_PROXY", raising=False)
        return there.ca_file

    return lead


def asked(url: str) -> "Answer":
    """Ask once."""
    with closing(connection_to(url)) as connection:
        return get(connection)


def test_another_host_is_reached_over_tls_by_the_proxy_of_the_environment(
    acme_file: str, tmp_path: "Path", led: "Callable[[Elsewhere], str]"
) -> None:
    """Unread: by CONNECT, and only where its certificate is believed."""
    app = create_app(Settings(world=acme_file, now=NOW))
    with elsewhere(app, STAND_IN, tmp_path) as there:
        file = led(there)
        believing = Upstream(f"https://{STAND_IN}", allowed=(STAND_IN,), cacert=file)
        with proxied(believing) as passed:
            right = asked(passed.url)
        with proxied(Upstream(f"https://{STAND_IN}", allowed=(STAND_IN,))) as passed:
            wrong = asked(passed.url)

    assert not believing.is_here
    assert (right.status, dict(right.headers)["usagetwin-verdict"]) == (200, "pass")
    assert wrong.status == 502
    assert "its certificate is not trusted" in wrong.body.decode()
    assert "--cacert" in wrong.body.decode()


def test_a_page_of_something_in_between_is_no_answer_of_another_host(
    tmp_path: "Path", led: "Callable[[Elsewhere], str]"
) -> None:
    """On this machine it would be, as nothing is in between."""

    async def page(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"<h1>No</h1>"})

    with elsewhere(page, STAND_IN, tmp_path) as there:
        upstream = Upstream(f"https://{STAND_IN}", allowed=(STAND_IN,), cacert=led(there))
        with proxied(upstream) as passed:
            through = asked(passed.url)
        report = passed.gone_by.report()

    assert (through.status, through.body) == (200, b"<h1>No</h1>")
    assert dict(through.headers)["usagetwin-verdict"] == "inconclusive"
    assert report.verdict == "inconclusive"


@pytest.mark.parametrize(
    ("url", "problem", "remedy"),
    [
        ("https://api.example.com", "neither this machine nor one of LaunchDarkly's hosts", "--allow-host"),
        ("http://app.launchdarkly.com", "speaks TLS alone", "https://app.launchdarkly.com"),
        ("http://named.example:81/x", "plain HTTP to another machine", "https://named.example:81/x"),
        ("https://me:secret@app.launchdarkly.com", "has a user name or password", "without them"),
        (
            "ftp://127.0.0.1",
            "--upstream 'ftp://127.0.0.1' is no base URL",
            "http://127.0.0.1:8080 or https://",
        ),
        ("twin", "--upstream 'twin' is no base URL", "the URL that `usagetwin serve` says"),
        ("http://127.0.0.1:99999", "--upstream 'http://127.0.0.1:99999' has no port of 1 to 65535", "port"),
    ],
)
def test_a_host_that_may_not_be_asked_is_refused(url: str, problem: str, remedy: str) -> None:
    """Before anything is sent, and with what would be right."""
    with pytest.raises(SettingError) as refused:
        Upstream(url, allowed=("named.example",))

    assert problem in refused.value.problem
    assert remedy in refused.value.remedy
    assert "secret" not in str(refused.value)
    assert "USAGETWIN_TOKEN" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["https://app.launchdarkly.com", "https://named.example/base", "http://localhost:8080"]
)
def test_these_may_be_asked(url: str) -> None:
    """LaunchDarkly's over TLS, a host that is named, and this machine; nothing is looked up for it."""
    upstream = Upstream(url, allowed=("named.example",))

    assert upstream.base_url == url
    assert upstream.is_here is url.startswith("http:")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "closed the connection without an answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "closed the connection without an answer in HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", "longer than 100 KiB"),
        (b"HTTP/1.1 101 Other\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", "to another protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "about its length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", "broke off within its answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabc", "broke off within its answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", "no HTTP/1.1 that can be read"),
    ],
)
def test_an_answer_that_is_none_is_told_with_what_to_do(raw: bytes, said: str) -> None:
    """In words of ours, whatever the library says."""
    with answering(saying(raw)) as server, proxied(server.url) as passed:
        through = asked(passed.url)

    assert through.status == 502
    message = json.loads(through.body)["message"]
    assert said in message
    assert message.endswith("; see its log; where something else listens there, correct the URL")
    assert "Error" not in message


def test_an_answer_that_does_not_come_is_told_with_what_to_do() -> None:
    """Wait longer, or see what keeps it."""

    def silent(_link: "socket.socket", _head: bytes) -> None:
        server.ended.wait(WITHIN_S)

    with answering(silent) as server, proxied(server.url, within_s=0.2) as passed:
        through = asked(passed.url)
        server.ended.set()

    assert through.status == 504
    assert json.loads(through.body)["message"].endswith("see its log, or wait longer with --timeout")
