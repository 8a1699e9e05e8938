"""One request to the control API, and its answer, or why there is none that helps.

Rule: proxies of the environment are not asked: a twin stands where its user does.
"""

import json
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import SettingError, quoted, readable
from usagetwin.settings import CONTROL_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.commands.control.place import Place

PREFIX: Final = "/__twin__"
TIMEOUT_S: Final = 10.0
LARGEST_ANSWER: Final = 64 * 1024 * 1024
OK: Final = range(200, 300)
JSON_HEADERS: Final = {"Content-Type": "application/json"}
START_ONE: Final = "usagetwin serve; or --url or USAGETWIN_URL with where the twin is"
REMEDIES: "Final[Mapping[str, str]]" = {  # in the words of a shell, by the code of a refusal
    "unauthorized": f"--token or {CONTROL_VARIABLE} with what the twin has in {CONTROL_VARIABLE}",
    "forbidden": (
        f"{CONTROL_VARIABLE}, the same for `usagetwin serve` and for this command; "
        "or on the twin's own machine a --url with 127.0.0.1"
    ),
    "not_found": "a play of `usagetwin control plays`, or a new one: `usagetwin control play`",
}


@dataclass(eq=False)
class RefusedError(SettingError):
    """What the control API refuses, with the code that it has for that."""

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
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise _no_control(place, status)
    if status in OK:
        return Answer(place.url, content.decode("utf-8", "replace").strip(), document)
    code, problem, remedy = (document.get(name) for name in ("code", "message", "remedy"))
    if not (isinstance(code, str) and isinstance(problem, str) and isinstance(remedy, str)):
        raise _no_control(place, status)
    raise RefusedError(readable(problem), readable(REMEDIES.get(code, remedy)), code=code)


def is_strange(url: str) -> SettingError:
    """Give the error for an answer that the control API does not give."""
    return SettingError(f"{url} answers as no twin of this release does", START_ONE)


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
            return f"nothing listens at {url}", START_ONE
        case TimeoutError():
            return f"{url} does not answer within {TIMEOUT_S:g} seconds", START_ONE
        case socket.gaierror():
            return f"no host is known as {quoted(place.host)}", START_ONE
        case ssl.SSLCertVerificationError():
            problem = f"the certificate of {url} is not trusted: {error.verify_message}"
            return problem, "SSL_CERT_FILE with the file of the CA that signed it"
        case ssl.SSLError():
            return f"{url} speaks no TLS that fits", "a --url with http://"
        case _:
            return f"{url} does not answer: {readable(str(error)) or type(error).__name__}", START_ONE


def _no_control(place: "Place", status: int) -> SettingError:
    """Say what it is that answers there instead."""
    from usagetwin.serving.health import health

    if health(place.url) is not None:
        return SettingError(f"{place.url} answers {status}, but is no usagetwin", START_ONE)
    problem = f"the twin at {place.url} has no control API"
    return SettingError(problem, "usagetwin serve, of this release and without --no-control")
