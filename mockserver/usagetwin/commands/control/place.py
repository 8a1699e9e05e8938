"""Where a twin is and by which right it is spoken to, as options say it. Rule: no secret is in an error."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from usagetwin.commands.control.options import DEFAULT_URL, given
from usagetwin.errors import SettingError, quoted

SCHEMES: Final = ("http", "https")


@dataclass(frozen=True, slots=True)
class Place:
    """A base URL in its parts, and the control token."""

    url: str
    scheme: str
    host: str
    port: int | None
    path: str
    token: str | None


def place() -> Place:
    """Give where the twin is that is meant. Raises SettingError."""
    said = given("url")
    url, said_by = (DEFAULT_URL, "") if said is None else (said.value.rstrip("/"), said.said_by)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _no_url(url, said_by) from None
    if "@" in url:
        problem = "a base URL has no user name and no password"
        raise SettingError(problem, f"{DEFAULT_URL}, and the control token as --token", where=said_by)
    if parts.scheme not in SCHEMES or not host or parts.query or parts.fragment or not _is_plain(url):
        raise _no_url(url, said_by)
    return Place(url, parts.scheme, host, port, parts.path, _token())


def _no_url(url: str, said_by: str) -> SettingError:
    shown = "this value" if "@" in url else quoted(url)
    return SettingError(f"{shown} is no base URL", DEFAULT_URL, where=said_by)


def _token() -> str | None:
    """Give the control token; what can't be in a header would be told by a library, with the token."""
    said = given("token")
    if said is None:
        return None
    if not said.value or not _is_plain(said.value):
        problem = "a control token is printable ASCII without spaces"
        raise SettingError(problem, "the token that the twin was started with", where=said.said_by)
    return said.value


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
