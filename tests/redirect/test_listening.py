"""How a local server gets its port."""

import asyncio
import socket

import pytest

from usagetwin_checker.redirect.listening import listen_here


def test_it_listens_on_a_port_of_this_machine_alone() -> None:
    """A free one."""
    with listen_here() as listener:
        host, port = listener.getsockname()
        with socket.create_connection((host, port), timeout=5) as connection:
            assert connection.getpeername() == (host, port)

    assert host == "127.0.0.1"


def test_asyncio_sends_small_answers_at_once_on_it() -> None:
    """It does so only where the protocol is named; else a kept connection waits 40 ms for each answer."""
    no_delay = []

    class Accepted(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted = transport.get_extra_info("socket")
            no_delay.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async def accept_one() -> None:
        server = await asyncio.get_running_loop().create_server(Accepted, sock=listener)
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        await reader.read()
        writer.close()
        server.close()

    listener = listen_here()
    asyncio.run(accept_one())

    assert [bool(value) for value in no_delay] == [True]


def test_a_port_that_cannot_be_had_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that forbids sockets, say, raises in the caller."""
    closed = []

    class Forbidden(socket.socket):
        def bind(self, address: object, /) -> None:
            message = f"no binding to {address}"
            raise PermissionError(message)

        def close(self) -> None:
            closed.append(self)
            super().close()

    monkeypatch.setattr(socket, "socket", Forbidden)

    with pytest.raises(PermissionError, match="no binding"):
        listen_here()
    assert len(closed) == 1
