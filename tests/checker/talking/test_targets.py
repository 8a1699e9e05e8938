"""Tests of `usagetwin_checker.talking.targets`: what is kept of an answer that repeats the token."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.raw_server import answer, answering, saying
from usagetwin.errors import LONGEST_TEXT
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.talking.room import SMALL
from usagetwin_checker.talking.targets import UrlTarget

if TYPE_CHECKING:
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
