"""How a client is told that this server speaks no HTTP/2, in the words of HTTP/2 itself (RFC 9113)."""

import struct
from typing import Final

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
WORDS: Final = (
    b"The twin speaks HTTP/1.1, as ALPN says. Let the client offer http/1.1 too (httpx: http1=True)."
)
_SETTINGS: Final = 0x4
_GOAWAY: Final = 0x7
_HTTP_1_1_REQUIRED: Final = 0xD


def _frame(kind: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, 0, 0) + payload


REFUSAL: Final = _frame(_SETTINGS, b"") + _frame(_GOAWAY, struct.pack(">II", 0, _HTTP_1_1_REQUIRED) + WORDS)
