"""Debian's redis-server on a free port of loopback, started and ended by a test, and skipped without it."""

import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHIN_S: Final = 60
PROGRAM: Final = shutil.which("redis-server")
OPTIONS: Final = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no")


class Redis:
    """A server that can be stopped and started again, on the same port, and holds nothing by then."""

    def __init__(self, program: str, folder: str, *options: str) -> None:
        """Take a free port."""
        self._program: Final = program
        self._options: Final = options
        self._folder: Final = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: Final[int] = probe.getsockname()[1]
        self.url: Final = f"redis://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int:
        """Give the process of the running server."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(
            [self._program, *OPTIONS, *self._options, "--port", str(self.port), "--dir", self._folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + WITHIN_S
        while self.said("PING") != "+PONG\r\n":
            assert self._process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def stop(self) -> None:
        """End it, as if it had died."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(WITHIN_S)

    @contextmanager
    def silent(self) -> "Iterator[None]":
        """Let it answer nobody within the block, though connections are taken."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def said(self, command: str) -> str:
        """Say a command, and give what it answers within one packet; nothing where it is gone."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=WITHIN_S) as link:
                link.sendall(f"{command}\r\n".encode())
                return link.recv(1 << 16).decode()
        except OSError:
            return ""


@contextmanager
def redis_server(folder: str, *options: str) -> "Iterator[Redis]":
    """Serve a Redis until the block is left, with its files, if its options want any, in a folder."""
    if PROGRAM is None:
        pytest.skip("there is no redis-server on this machine (Debian: apt-get install redis-server)")
    server = Redis(PROGRAM, folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
