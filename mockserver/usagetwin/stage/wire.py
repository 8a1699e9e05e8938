"""What needs the connection or the time that passes on it: reset, close, cut, slow and silent answers.

Rule: waiting goes by the event loop's own timer, which time-travel libraries don't touch, and ends as soon as
the client leaves or the play is over.
"""

import asyncio
import socket
import struct
from asyncio import wait  # by name: a test may replace it for its own code
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from usagetwin.stage.replies import answer_of, start, with_body
from usagetwin.stage.transport import transport_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from usagetwin.stage.replies import Call, Details

ABRUPT: Final = struct.pack("ii", 1, 0)  # SO_LINGER on, for no time: to close is to reset
FAREWELL_S: Final = 2.0  # how long a client has to answer a polite end of TLS


async def delay(call: "Call", details: "Details") -> None:
    """Give the answer `seconds` later."""
    if await _stays(call, details["seconds"]):
        await call.app(call.scope, call.receive, call.send)
    else:
        await drop(call.scope, call.receive)


async def timeout(call: "Call", _details: "Details") -> None:
    """Answer nothing, until the client gives up."""
    await _stays(call, None)
    await drop(call.scope, call.receive)


async def reset(call: "Call", _details: "Details") -> None:
    """Reset the connection instead of answering: a TCP RST."""
    connection: socket.socket | None = transport_of(call.scope).get_extra_info("socket")
    if connection is not None:
        with suppress(OSError):  # the client has left already
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPT)
    await drop(call.scope, call.receive)


async def close(call: "Call", _details: "Details") -> None:
    """Close the connection instead of answering."""
    await _part(call)


async def truncated_body(call: "Call", details: "Details") -> None:
    """Announce the whole body, send its first `bytes` (half of it by default), and close the connection."""
    answer = with_body(await answer_of(call), None)
    whole = len(answer.body)
    kept = whole // 2 if details["bytes"] is None else min(details["bytes"], max(whole - 1, 0))
    await start(answer, call.send)
    await call.send({"type": "http.response.body", "body": answer.body[:kept], "more_body": True})
    await _part(call)


async def slow_body(call: "Call", details: "Details") -> None:
    """Send the body over `seconds`, in `chunks` of equal size, each after its share of the time."""
    answer = with_body(await answer_of(call), None)
    size = max(1, -(-len(answer.body) // details["chunks"]))
    await start(answer, call.send)
    until_s = asyncio.get_running_loop().time() + call.patience.left_s
    for begin in range(0, len(answer.body), size):
        if not await _stays(call, details["seconds"] / details["chunks"], until_s):
            await drop(call.scope, call.receive)
            return
        part = answer.body[begin : begin + size]
        await call.send({"type": "http.response.body", "body": part, "more_body": True})
    await call.send({"type": "http.response.body", "body": b""})


async def _stays(call: "Call", seconds: float | None, until_s: float | None = None) -> bool:
    """Wait, as long as a client may if `seconds` is None; tell whether client and play are still there.

    Who waits longer than a client may, or beyond `until_s` on the loop's clock, is told of, and is left.
    """
    left_s = call.patience.left_s
    if until_s is not None:
        left_s = max(0.0, until_s - asyncio.get_running_loop().time())
    too_long = seconds is None or seconds > left_s
    ends = {asyncio.create_task(gone(call.receive)), asyncio.create_task(call.ending.wait())}
    try:
        done, _ = await wait(
            ends, timeout=left_s if too_long else seconds, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for task in ends:
            task.cancel()
    if too_long and not done:
        call.patience.end(call.scope["method"], call.scope["path"])
    return not done and not too_long


async def gone(receive: "Receive") -> None:
    """Wait until the client has left; what it still sends counts for nothing."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def drop(scope: "Scope", receive: "Receive") -> None:
    """Abort the connection, and wait until the server knows: it would send a 500 otherwise."""
    transport_of(scope).abort()
    await gone(receive)


async def _part(call: "Call") -> None:
    """Close the connection once what was sent has left, as a server does that goes away."""
    transport_of(call.scope).close()
    await _stays(call, FAREWELL_S)
    await drop(call.scope, call.receive)
