"""Whether a twin answers: it says that it is ready, or answers as the contract does under another server."""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from usagetwin.contract.operation import PATH, before_path
from usagetwin.control.probes import READY

TIMEOUT_S: Final = 5.0
UNAUTHORIZED: Final = 401
EXAMPLE: Final = "http://127.0.0.1:8080"


def health(url: str) -> str | None:
    """Ask the twin at a base URL; give None when it is well, else what is wrong, in one line.

    The question spends no quota and needs no token.
    """
    if "@" in url:
        return f"a base URL has no user name and no password; give one such as {EXAMPLE}"
    connection: HTTPConnection | None = None
    try:
        parts = urlsplit(url)
        schemes = {"http": HTTPConnection, "https": HTTPSConnection}
        if parts.scheme not in schemes or not parts.hostname:
            return f"{url!r} is no base URL, such as {EXAMPLE}"
        connection = schemes[parts.scheme](parts.hostname, parts.port, timeout=TIMEOUT_S)
        base = parts.path.rstrip("/")
        ready = _said(_asked(connection, base + READY)).get("ready")
        if isinstance(ready, bool):
            return None if ready else f"{url} is not ready: it is about to stop, or has not started yet"
        status, body = _asked(
            connection, base + PATH
        )  # another server's process, which tells nothing of itself
    except (OSError, HTTPException, ValueError) as error:
        return f"{url} does not answer: {error}"
    finally:
        if connection is not None:
            connection.close()
    return None if _is_ours(status, body) else f"{url} answers {status}, but is no usagetwin{_longer(url)}"


def _longer(url: str) -> str:
    """Say which base URL may be meant where the endpoint's path, or its beginning, is at the end of one."""
    before, part = before_path(url)
    return f"; a base URL ends before {part}: {before}" if part else ""


def _asked(connection: HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read(65536)
    connection.close()  # the next question gets one of its own
    return response.status, body


def _said(answer: tuple[int, bytes]) -> "dict[str, object]":
    """Read what a process tells of itself; nothing where it does not."""
    try:
        document = json.loads(answer[1])
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _is_ours(status: int, body: bytes) -> bool:
    try:
        return status == UNAUTHORIZED and json.loads(body)["code"] == "unauthorized"
    except (ValueError, KeyError, TypeError):
        return False
