"""Where the entries of a recording were asked, and which of several base URLs is meant."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from usagetwin.contract.operation import PATH
from usagetwin.errors import SettingError, quoted_url

if TYPE_CHECKING:
    from collections.abc import Collection
    from urllib.parse import SplitResult

    from usagetwin.recordings.entries import Entry, Head

MOST_NAMED: Final = 5
PORTS: Final = {"http": 80, "https": 443}  # that need not be written


def asked_at(entry: "Entry", head: "Head", path: str = PATH) -> tuple[str, str] | None:
    """Give the base URL that an entry was asked of, and what follows the endpoint's path; None elsewhere.

    `path` is the operation's. Something follows it in a recording of ours alone: a check asks for wrong paths
    too.
    """
    try:
        parts = urlsplit(entry.url)
        origin = _origin(parts)
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or not entry.url.isprintable():
        return None
    before, found, after = parts.path.partition(path)
    if not found or (after and not head.of_a_check):
        return None
    return f"{origin}{before}", after


def chosen(name: str, found: "Collection[str]", recorded_at: str | None, one: str, path: str = PATH) -> str:
    """Give the base URL that is asked for, or the only one; nothing where there is none.

    `one` says why only one is taken, `path` is the operation's. Raises SettingError.
    """
    named = ", ".join(list(found)[:MOST_NAMED])
    at = None if recorded_at is None else _as_found(recorded_at)
    if recorded_at is not None and at not in found:
        problem = f"--recorded-at {quoted_url(recorded_at)} is not where {name} was recorded"
        raise SettingError(problem, f"one of {named}" if found else f"a recording with GET {path}")
    if recorded_at is None and len(found) > 1:
        problem = f"{name} was recorded at {len(found)} base URLs, and {one}"
        raise SettingError(problem, f"--recorded-at with one of {named}")
    return at or next(iter(found), "")


def _as_found(base_url: str) -> str:
    """Give a base URL as `asked_at` writes it."""
    try:
        parts = urlsplit(base_url)
        return f"{_origin(parts)}{parts.path}"
    except ValueError:
        return base_url


def _origin(parts: "SplitResult") -> str:
    """Give scheme, host and port as one text, however they are written. Raises ValueError."""
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name
    port = "" if parts.port in (None, PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
