"""The parts of one process, and what they learn of its server."""

import asyncio
from typing import TYPE_CHECKING

from tests.acme import NOW
from usagetwin.serving.assembly import Wanted, assembled
from usagetwin.serving.listeners import listen
from usagetwin.serving.protocol import Config, Protocol
from usagetwin.serving.server import Server
from usagetwin.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_process_is_ready_from_its_start_until_it_is_told_to_stop(tmp_path: "Path") -> None:
    """And leaves its counts with its end."""
    parts = assembled(Settings(now=NOW), None, Wanted(metrics=True), alone=False, folder=str(tmp_path))
    config = Config(parts.app, http=Protocol, ws="none", lifespan="off", log_config=None)
    config.tally = parts.tally
    config.load()
    seen = [parts.state.is_ready]

    async def run() -> None:
        listener = listen("127.0.0.1", 0)
        server = Server(config, lambda: seen.append(parts.state.is_ready), parts=parts)
        server.lifespan = config.lifespan_class(config)
        await server.startup([listener])
        host, port = listener.getsockname()
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"GET /none HTTP/1.1\r\nHost: h\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        server.handle_exit(15, None)
        seen.append(parts.state.is_ready)
        writer.close()
        await server.shutdown([listener])

    asyncio.run(run())

    assert seen == [False, True, False]
    assert [file.suffix for file in tmp_path.iterdir()] == [".json"]
