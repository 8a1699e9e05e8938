"""The server's HTTP/1.1: uvicorn's, with JSON for what it can't parse and a stop that loses nothing.

uvicorn's own answers plain text there, bounds neither target nor headers, and closes an idle connection
at once when it stops, with a request on its way perhaps.
"""

import json
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

GRACE_S: Final = 0.25  # how long an idle connection may still bring a request, once the server stops
LINGER_S: Final = (
    1.0  # how long the rest of a refused request is read and dropped, or the answer might be lost
)
LARGEST_HEAD: Final = 256 * 1024
LONGEST_TARGET: Final = (
    65_535  # beyond it, httptools before 0.9 reads another target than the one that was sent
)
BAD_REQUEST: Final = (
    "This is no HTTP/1.1 request that can be read. Send GET, a target of at most "
    f"{LONGEST_TARGET} characters in ASCII (percent-encode the rest), and at most {LARGEST_HEAD} bytes "
    "up to the end of the headers."
)


class Protocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- uvicorn's to say
        """Take what uvicorn gives its protocols."""
        super().__init__(*args, **kwargs)
        self._stopping = False
        self._refused = False
        self._head_bytes = 0  # of the request head that is being read

    def data_received(self, data: bytes) -> None:
        """Read what has arrived, and refuse a head that has no end."""
        if self._refused:
            return
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > LARGEST_HEAD and not self._refused:
            self.send_400_response(BAD_REQUEST)

    def on_url(self, url: bytes) -> None:
        """Read the target, or a part of it; what is raised here tells uvicorn that it can't be parsed."""
        super().on_url(url)
        if len(self.url) > LONGEST_TARGET:
            raise ValueError(BAD_REQUEST)

    def on_headers_complete(self) -> None:
        """Start to answer, and announce the end of the connection when the server stops."""
        super().on_headers_complete()
        if self._stopping:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """Note that the request has ended, so that what follows is another head."""
        self._head_bytes = 0
        super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Note that the head has ended."""
        self._head_bytes = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- uvicorn's message names no remedy
        """Refuse what can't be parsed, in the shape of all our errors."""
        body = json.dumps({"code": "invalid_request", "message": BAD_REQUEST}).encode()
        head = b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: %d\r\n" % len(
            body
        )
        self._refused = True
        if self.cycle is not None:
            self.cycle.disconnected = True
        self.transport.write(head + b"connection: close\r\n\r\n" + body)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_S, self.transport.close)

    def shutdown(self) -> None:
        """Stop: answer what is being asked and what arrives within the grace, then close."""
        self._stopping = True
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(GRACE_S, self._close_when_idle)
        else:
            super().shutdown()

    def _close_when_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
