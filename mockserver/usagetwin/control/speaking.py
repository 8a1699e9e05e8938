"""One request to the control API, and its answer, or why there is none that helps.

Rule: proxies of the environment are not asked: a twin stands where its user does.
"""

import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from json import loads  # by name: a test may replace it for its own code
from typing import Any, Final
from urllib.parse import urlsplit

from usagetwin.contract.operation import before_path
from usagetwin.errors import SettingError, quoted, quoted_url, readable

PREFIX: Final = "/__twin__"
TIMEOUT_S: Final = 10.0
LARGEST_ANSWER: Final = 64 * 1024 * 1024
OK: Final = range(200, 300)
JSON_HEADERS: Final = {"Content-Type": "application/json"}
SCHEMES: Final = ("http", "https")


@dataclass(frozen=True, slots=True)
class Place:
    """A base URL in its parts, the control token, and what to do where no twin answers there."""

    url: str
    scheme: str
    host: str
    port: int | None
    path: str
    token: str | None
    remedy: str


def place_of(url: str, token: str | None, *, remedy: str, example: str, where: str = "") -> Place:
    """Read a base URL, without a slash at its end. Raises SettingError, with who said it (`where`).

    `example` is a base URL that can be. No secret is in the error.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _no_url(url, example, where) from None
    if "@" in url:
        problem = "a base URL has no user name and no password"
        raise SettingError(problem, f"{example}, and the control token apart from it", where=where)
    if parts.scheme not in SCHEMES or not host or parts.query or parts.fragment or not is_plain(url):
        raise _no_url(url, example, where)
    return Place(url, parts.scheme, host, port, parts.path, token, remedy)


def is_plain(text: str) -> bool:
    """Tell whether a text can stand in a request's head."""
    return text.isascii() and text.isprintable() and " " not in text


def _no_url(url: str, example: str, where: str) -> SettingError:
    return SettingError(f"{quoted_url(url)} is no base URL", example, where=where)


@dataclass(eq=False)
class RefusedError(SettingError):
    """What the control API refuses, with the code that it has for that, and its own remedy."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the twin said: its text, and what that says."""

    url: str
    text: str
    document: dict[str, Any]


def speak(place: "Place", method: str, path: str, body: bytes | None) -> Answer:
    """Send a request. Raises RefusedError, and SettingError where no control API answers."""
    status, content = _sent(place, method, PREFIX + path, body)
    try:
        document = loads(content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise _no_control(place, status)
    if status in OK:
        return Answer(place.url, content.decode("utf-8", "replace").strip(), document)
    code, problem, remedy = (document.get(name) for name in ("code", "message", "remedy"))
    if not (isinstance(code, str) and isinstance(problem, str) and isinstance(remedy, str)):
        raise _no_control(place, status)
    raise RefusedError(readable(problem), readable(remedy), code=code)


def is_strange(url: str, remedy: str) -> SettingError:
    """Give the error for an answer that the control API does not give."""
    return SettingError(f"{url} answers as no twin of this release does", remedy)


def _sent(place: "Place", method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    headers = dict(JSON_HEADERS) if body is not None else {}
    if place.token is not None:
        headers["Authorization"] = f"Bearer {place.token}"
    try:
        connection = kind(place.host, place.port, timeout=TIMEOUT_S)
        try:
            connection.request(method, place.path + path, body, headers)
            response = connection.getresponse()
            return response.status, response.read(LARGEST_ANSWER)
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError) as error:
        raise SettingError(*_silence(place, error)) from None


def _silence(place: "Place", error: Exception) -> tuple[str, str]:
    """Say why no answer came, and what to do about it."""
    url = place.url
    match error:
        case ConnectionRefusedError():
            return f"nothing listens at {url}", place.remedy
        case TimeoutError():
            return f"{url} does not answer within {TIMEOUT_S:g} seconds", place.remedy
        case socket.gaierror():
            return f"no host is known as {quoted(place.host)}", place.remedy
        case ssl.SSLCertVerificationError():
            problem = f"the certificate of {url} is not trusted: {error.verify_message}"
            return problem, "SSL_CERT_FILE with the file of the CA that signed it"
        case ssl.SSLError():
            return f"{url} speaks no TLS that fits", "a URL with http://"
        case _:
            return f"{url} does not answer: {readable(str(error)) or type(error).__name__}", place.remedy


def _no_control(place: "Place", status: int) -> SettingError:
    """Say what it is that answers there instead."""
    from usagetwin.control.health import health

    if health(place.url) is not None:
        before, part = before_path(place.url)
        remedy = f"{before}, without {part}" if part else place.remedy
        return SettingError(f"{place.url} answers {status}, but is no usagetwin", remedy)
    problem = f"the twin at {place.url} has no control API"
    return SettingError(problem, "usagetwin serve, of this release and without --no-control")
