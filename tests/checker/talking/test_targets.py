"""Tests of `usagetwin_checker.talking.targets`: what is kept of an answer that repeats the token."""

import os
import signal
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.raw_server import answer, answering, saying
from usagetwin.errors import LONGEST_TEXT
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.talking.room import SMALL
from usagetwin_checker.talking.targets import UrlTarget

if TYPE_CHECKING:
    import socket
    from types import TracebackType

    from usagetwin_checker.exchanges import Exchange

TOKEN: Final = "api-33333333-3333-4333-8333-3333333355ec"
PART: Final = TOKEN[:12]


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send a token of one's own."""
    monkeypatch.setenv("USAGETWIN_TOKEN", TOKEN)


def asked(*pieces: bytes) -> "Exchange":
    """Ask a server that sends these bytes."""
    with answering(saying(*pieces)) as server:
        target = UrlTarget(server.url, timeout_s=5)
        exchange = target.send(Ask())
        target.close()
    assert TOKEN.encode() in server.heads[0]
    return exchange


def test_a_token_is_in_nothing_that_is_kept_of_an_answer() -> None:
    """Neither in names and values of headers nor in the body, however it is escaped there."""
    escaped = TOKEN.replace("-", "\\u002d")
    headers = f"X-{TOKEN}: {TOKEN.upper()}\r\n".encode()

    exchange = asked(answer(f'{{"code": "{escaped}", "message": "{TOKEN}"}}'.encode(), headers=headers))

    assert exchange.status == 200
    assert "x-[token]" in exchange.headers
    assert exchange.document == {"code": "[token]", "message": "[token]"}
    assert PART not in repr(exchange).lower()


@pytest.mark.parametrize("short", range(0, len(TOKEN), 8))
def test_a_token_that_is_cut_off_is_in_no_body(short: int) -> None:
    """The end of what is kept may be anywhere in it."""
    before = b"x" * (SMALL - short)

    exchange = asked(answer(before + TOKEN.encode() + b"y" * SMALL))

    assert exchange.body.endswith(b"cut off here")
    assert PART.encode() not in exchange.body
    assert b"api-" not in exchange.body


@pytest.mark.parametrize("short", range(0, 120, 8))
def test_a_token_that_is_cut_off_is_in_no_failure(short: int) -> None:
    """The words of a library quote what it can't read, and are cut where they are too many."""
    exchange = asked(b"HTTP/9 " + b"x" * (LONGEST_TEXT - short) + TOKEN.encode() + b"\r\n\r\n")

    assert exchange.failure is not None
    assert "api-" not in exchange.failure


def values_in(trace: "TracebackType | None") -> str:
    """Give the values of all variables of a traceback, as pytest shows them."""
    shown = []
    while trace is not None:
        shown.append(repr(trace.tb_frame.f_locals))
        trace = trace.tb_next
    return "".join(shown)


@pytest.mark.skipif(os.name != "posix", reason="no signal reaches a process so elsewhere")
@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_what_interrupts_a_request_brings_no_token_with_it(
    kind: type[BaseException],
) -> None:
    """Ctrl-C, or a handler that ends the process: a traceback with its variables may be printed."""

    def interrupt(*_: object) -> None:
        raise kind

    def respond(_link: "socket.socket", _head: bytes) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        server.ended.wait(5)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        with answering(respond) as server:
            target = UrlTarget(server.url, timeout_s=5)
            with pytest.raises(kind) as interrupted:
                target.send(Ask())
            target.close()
    finally:
        signal.signal(signal.SIGINT, before)

    assert PART not in values_in(interrupted.tb)
    assert interrupted.value.__context__ is None or interrupted.value.__suppress_context__
    assert "_run" in [entry.name for entry in interrupted.traceback]
