"""A recording of ours: HAR 1.2, an entry written as soon as its answer is there, without any secret.

Rule: nothing is written that was not scrubbed. What HAR has no field for is JSON in a `comment`: of the log,
what the run knew; of an entry, which kind of credential was sent, and why there is no whole answer.
"""

import base64
import json
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from harfile import Content, Creator, HarFile, PostData, Record, Request, Response, Timings

from usagetwin import __version__
from usagetwin.recordings.har import CREATOR
from usagetwin_checker.exchanges import Credential
from usagetwin_checker.talking.hiding import HIDDEN as HIDDEN_TOKEN
from usagetwin_checker.talking.targets import headers_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber

HTTP: Final = "HTTP/1.1"


class Recording:
    """A file that grows with each exchange; once it can't, `said` is told why, and it grows no more."""

    def __init__(
        self,
        file: "Path",
        base_url: str,
        known: "Mapping[str, Any]",
        scrubber: "Scrubber",
        said: "Callable[[str], None]",
    ) -> None:
        """Hold the file, and leave an old one as it is; `known` is what the run knew.

        Raises BlockingIOError for a file that another run writes, and OSError for one that can't be written.
        """
        self._base_url: Final = base_url
        self._scrubber: Final = scrubber
        self._said: Final = said
        self._file: Final = file
        self._is_new: Final = not file.exists()
        self._fd: Final = _held(file)
        about = json.dumps({CREATOR: known}, separators=(",", ":"))
        self._har: Final = HarFile(self._fd, creator=Creator(CREATOR, __version__), comment=about)
        self.written = 0  # exchanges that are whole in the file
        self._begun = False
        self._whole = True

    def begin(self) -> None:
        """Take the place of an old file, with the first exchange at the latest."""
        if not self._begun:
            self._begun = True
            try:
                if os.fstat(self._fd.fileno()).st_size:
                    self._fd.truncate(0)
            except OSError as error:
                self._given_up(error)

    def add(
        self, exchange: "Exchange", sent: "Mapping[str, str] | None" = None, sender: int | None = None
    ) -> None:
        """Write one exchange, and have it out of this process before the next one is asked for.

        `sent` are the headers of somebody else's request, and `sender` is the number of its credential.
        """
        self.begin()
        if not self._whole:
            return
        try:
            self._har.add_entry(
                startedDateTime=datetime.fromtimestamp(exchange.at_s, UTC),
                time=round(exchange.seconds * 1000, 3),
                request=self._request(exchange.ask, sent),
                response=self._response(exchange),
                timings=Timings(send=0, wait=round(exchange.seconds * 1000, 3), receive=0),
                comment=self._noted(exchange, sender),
            )
            self._har.flush()
            self.written += 1
        except OSError as error:
            self._given_up(error)

    def close(self) -> None:
        """End the file; what was recorded is whole then. One that was not begun stays as it was."""
        try:
            if self._whole and self._begun:
                self._har.close()
            self._fd.close()
        except OSError as error:
            self._given_up(error)
        if self._is_new and not self._begun:
            with suppress(OSError):
                self._file.unlink()

    def _given_up(self, error: OSError) -> None:
        if self._whole:
            self._whole = False
            self._said(error.strerror or str(error))

    def _request(self, ask: "Ask", sent: "Mapping[str, str] | None") -> Request:
        headers = self._scrubber.headers(headers_for(ask, HIDDEN_TOKEN) if sent is None else sent)
        query = self._scrubber.query(ask.query_string)
        return Request(
            ask.method,
            self._scrubber.url(self._base_url + ask.target),
            HTTP,
            headers=[Record(name, value) for name, value in headers.items()],
            queryString=[Record(*pair) for pair in parse_qsl(query, keep_blank_values=True)],
            postData=PostData("application/json", text=self._scrubber.text(ask.body)) if ask.body else None,
            bodySize=len(ask.body),
        )

    def _response(self, exchange: "Exchange") -> Response:
        headers = self._scrubber.headers(exchange.headers)
        return Response(
            exchange.status,
            _phrase(exchange.status),
            HTTP,
            headers=[Record(name, value) for name, value in headers.items()],
            content=self._content(exchange),
            redirectURL=headers.get("location", ""),
        )

    def _content(self, exchange: "Exchange") -> Content:
        body = self._scrubber.body(exchange.body)
        media_type = exchange.headers.get("content-type", "")
        try:
            return Content(len(body), mimeType=media_type, text=body.decode("utf-8"))
        except UnicodeDecodeError:
            text = base64.b64encode(body).decode()
            return Content(len(body), mimeType=media_type, text=text, encoding="base64")

    def _noted(self, exchange: "Exchange", sender: int | None) -> str | None:
        """Write down what HAR has no field for; None where there is nothing of it."""
        ask = exchange.ask
        facts = {
            "credential": None if ask.credential is Credential.TOKEN else ask.credential.value,
            "role": ask.role,
            "failure": self._scrubber.text(exchange.failure or ""),
            "oversized": exchange.oversized,
            "cut": exchange.cut,
            "sender": sender,
        }
        noted = {name: fact for name, fact in facts.items() if fact}
        return json.dumps({CREATOR: noted}, separators=(",", ":")) if noted else None


def _held(file: "Path") -> IO[str]:
    """Open a file without a change to it, and keep other runs from writing it, where the system can."""
    opened = open(  # noqa: SIM115 -- `close` closes it
        file,
        "w",
        encoding="utf-8",
        opener=lambda path, flags: os.open(path, flags & ~os.O_TRUNC, 0o666),
    )
    try:
        _lock(opened.fileno())
    except BlockingIOError:
        opened.close()
        raise
    return opened


def _lock(descriptor: int) -> None:
    """Raise BlockingIOError where another run has the file."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return  # a file system without locks


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
