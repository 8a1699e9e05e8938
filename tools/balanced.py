"""Run nginx as `deploy/nginx/usagetwin.conf` says, on a free port of loopback, before servers that are there.

Only this file knows what nginx needs besides that configuration: where it may write, and as whom it runs.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CONFIGURATION: Final = Path(__file__).resolve().parents[1] / "deploy" / "nginx" / "usagetwin.conf"
PLACES: Final = "/usr/sbin"  # where Debian has it, which is not on everybody's path
WITHIN_S: Final = 30.0
POLL_S: Final = 0.01
SERVER: Final = re.compile(r"^ *server (\S+:\d+)( .*;)$\n", re.MULTILINE)
LISTEN: Final = re.compile(r"^( *listen )8080;", re.MULTILINE)
AROUND: Final = """\
daemon off;
master_process on;
worker_processes {workers};
{user}pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/usagetwin.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Nginx:
    """A running nginx: where it answers, and its process, whose children are its workers."""

    url: str
    process_id: int


class NoNginxError(Exception):
    """There is no nginx on this machine, or it did not start; the message says which."""


@contextmanager
def balanced(ports: "Sequence[int]", folder: Path, *, workers: int = 1) -> "Iterator[Nginx]":
    """Run nginx before these ports until the block is left. Raises NoNginxError.

    `folder` gets everything that it writes.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path=PLACES)
    if program is None:
        message = "there is no nginx on this machine (Debian: apt-get install nginx)"
        raise NoNginxError(message)
    port = free_port()
    _lay_out(folder, ports, port, workers)
    command = [program, "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        try:
            _until_it_listens(process, port, folder)
            yield Nginx(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()


def configured(text: str, ports: "Sequence[int]", port: int) -> str:
    """Give the configuration with these servers in the place of those that it names."""
    first = SERVER.search(text)
    if first is None or not LISTEN.search(text):
        message = f"{CONFIGURATION.name} has no line 'server NAME:PORT ...;' or no 'listen 8080;'"
        raise NoNginxError(message)
    servers = "".join(f"    server 127.0.0.1:{each}{first[2]}\n" for each in ports)
    others = SERVER.sub("", text[first.end() :])
    return LISTEN.sub(rf"\g<1>127.0.0.1:{port};", text[: first.start()] + servers + others)


def free_port() -> int:
    """Give a port of loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


def _lay_out(folder: Path, ports: "Sequence[int]", port: int, workers: int) -> None:
    is_root = (
        hasattr(os, "geteuid") and os.geteuid() == 0
    )  # then its workers would be of a user who can't write here
    text = configured(CONFIGURATION.read_text(encoding="utf-8"), ports, port)
    (folder / "usagetwin.conf").write_text(text, encoding="utf-8")
    around = AROUND.format(folder=folder, workers=workers, user="user root;\n" if is_root else "")
    (folder / "nginx.conf").write_text(around, encoding="utf-8")


def _until_it_listens(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    deadline = time.monotonic() + WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_S)
    log = folder / "error.log"
    message = f"nginx did not start: {log.read_text(encoding='utf-8') if log.exists() else 'it said nothing'}"
    raise NoNginxError(message)
