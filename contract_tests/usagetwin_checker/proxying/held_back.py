"""An answer that waits for its verdict: its bytes as they came, its content, and the headers that it gets.

Rule: no more is held back than a check reads of an answer; what goes on beyond that is no right one.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from usagetwin.bodies import Body, TooLargeError
from usagetwin.recordings.json_fields import by_name
from usagetwin_checker.findings import Severity
from usagetwin_checker.talking.failures import NOT_OF_AN_API

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from usagetwin_checker.proxying.each_answer import Said

    Headers = list[tuple[bytes, bytes]]

VERDICT: Final = b"usagetwin-verdict"
BROKEN: Final = b"usagetwin-broken"
DIFFERS: Final = b"usagetwin-differs"


class HeldBack:
    """One answer, as far as it has come."""

    def __init__(self, response: "httpx.Response", most: int, hide: "Callable[[str], str]" = str) -> None:
        """Take its head, and the most bytes of it, and of its content, that are held back.

        `hide` takes the request's secrets out of what is said of it.
        """
        self.status: Final = response.status_code
        self.headers: Final = by_name(
            (hide(name.decode("latin-1")), hide(value.decode("latin-1")))
            for name, value in response.headers.raw
        )
        self.pieces: Final[list[bytes]] = []
        self.size = 0
        self.is_whole = True
        self._most: Final = most
        self._failure = (
            f"{NOT_OF_AN_API[self.status]} ({self.status})" if self.status in NOT_OF_AN_API else ""
        )
        self._oversized = 0
        self._body: Body | None = None
        try:
            self._body = Body(self.headers.get("content-encoding", ""), most)
        except ValueError as error:
            self._fail(error)

    def add(self, piece: bytes) -> bool:
        """Take the next bytes as they came; tell whether to wait for more."""
        self.pieces.append(piece)
        self.size += len(piece)
        try:
            if self._body is not None:
                self._body.add(piece)
            if self.size > self._most:
                raise TooLargeError(self._most)  # noqa: TRY301 -- as its content would be, were it readable
        except TooLargeError as error:
            self._fail(error)
            self._oversized, self.is_whole = error.most, False
        except ValueError as error:
            self._fail(error)
        return self.is_whole

    @property
    def content(self) -> bytes:
        """Give the content; nothing where it can't be read, or is not whole."""
        with suppress(ValueError):
            return b"" if self._body is None else self._body.whole()
        return b""

    @property
    def noted(self) -> dict[str, Any]:
        """Give what a recording says of it beside."""
        if self._body is not None:
            try:
                self._body.whole()
            except ValueError as error:
                self._fail(error)
        return {"failure": self._failure, "oversized": self._oversized}

    def _fail(self, error: ValueError) -> None:
        self._failure, self._body = self._failure or str(error), None


def verdict_headers(said: "Said", *, strict: bool) -> "Headers":
    """Write what is said of an answer as headers."""
    named = {
        BROKEN: said.rules(Severity.FAILURE, strict=strict),
        DIFFERS: said.rules(Severity.UNCONFIRMED, strict=strict),
    }
    lists = [(name, ", ".join(rules).encode()) for name, rules in named.items() if rules]
    return [(VERDICT, said.verdict.encode()), *lists]
