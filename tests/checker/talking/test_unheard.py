"""Tests of `usagetwin_checker.talking.unheard`: what libraries log of a secret is heard by nobody."""

import logging

import pytest

from tests.checker.raw_server import answer, answering, saying
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.talking.targets import UrlTarget
from usagetwin_checker.talking.tokens import ANY_TOKEN

TOKEN = "api-33333333-3333-4333-8333-3333333355ec"
LOGGERS = ("httpx", "httpcore", "httpcore.http11", "httpcore.connection")


@pytest.mark.parametrize(("token", "heard"), [(TOKEN, False), (ANY_TOKEN, True)], ids=["secret", "built in"])
def test_a_library_s_log_of_an_answer_is_heard_where_there_is_no_secret(
    token: str,
    heard: bool,  # noqa: FBT001 -- a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At each level that somebody set; and afterwards the loggers are as they were."""
    monkeypatch.setenv("USAGETWIN_TOKEN", token)
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "httpcore.http11")
    before = [logging.getLogger(name).level for name in LOGGERS]

    with answering(saying(answer(b"{}", f"200 {token}", headers=f"Server: {token}\r\n".encode()))) as server:
        target = UrlTarget(server.url)
        target.send(Ask())
        target.close()

    assert any(token in record.getMessage() for record in caplog.records) is heard
    assert [logging.getLogger(name).level for name in LOGGERS] == before
