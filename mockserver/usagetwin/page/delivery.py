"""How an answer of the page leaves: compressed as its client reads it, and kept as long as it stays true."""

import asyncio
import gzip
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from usagetwin.page.accepting import encoding_of
from usagetwin.page.files import PLOTLY, compressed, encoders, files, type_of
from usagetwin.page.front import PREFIX
from usagetwin.page.headers import LIVE, SECURITY

if TYPE_CHECKING:
    from starlette.requests import Request

STATIC: Final = f"{PREFIX}/static"
FOR_EVER: Final = "public, max-age=31536000, immutable"
WORTH_PACKING: Final = 1_024  # bytes
LIVE_LEVEL: Final = 5


def url_of(name: str) -> str:
    """Give the URL of a file, which has the hash of all of them."""
    return f"{STATIC}/{files().digest}/{name}"


async def static(request: "Request") -> Response:
    """Answer with a file."""
    name = request.path_params["name"]
    known = await asyncio.to_thread(files)
    if name not in known.contents:
        raise HTTPException(404)
    encoding = encoding_of(request.headers.get("accept-encoding"), tuple(encoders()))
    tag = f'"{known.digest}{encoding and f"-{encoding}"}"'
    is_its_own = request.path_params["digest"] == known.digest  # else a document of another release asks
    headers = {
        **SECURITY,
        "cache-control": FOR_EVER if is_its_own else "no-cache",
        "etag": tag,
        "vary": "accept-encoding",
    }
    if tag in [each.strip() for each in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if encoding:
        headers["content-encoding"] = encoding
    body = await asyncio.to_thread(compressed, name, encoding)
    return Response(body, headers={**headers, "content-type": type_of(name)})


def warm(accept_encoding: str | None) -> None:
    """Make ready what is largest, while a browser still reads the document that asks for it."""
    compressed(PLOTLY, encoding_of(accept_encoding, tuple(encoders())))


async def packed(request: "Request", body: bytes, kind: str, status: int) -> Response:
    """Answer with what is true at this moment alone."""
    headers = {**LIVE, "vary": "accept, accept-encoding", "content-type": kind}
    if len(body) >= WORTH_PACKING and encoding_of(request.headers.get("accept-encoding"), ("gzip",)):
        headers["content-encoding"] = "gzip"
        body = await asyncio.to_thread(gzip.compress, body, LIVE_LEVEL, mtime=0)
    return Response(body, status, headers)
