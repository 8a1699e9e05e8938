"""Which hosts are asked that are not this machine: LaunchDarkly's, and those that the caller names.

Source: `FACTS` 16.
"""

from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from usagetwin.errors import SettingError, quoted, quoted_url
from usagetwin.hosts import HOSTS, host_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from urllib.parse import SplitResult

NOT_IN_A_NAME: Final = frozenset("/:@*?#[] \t\\")
_NAMED: Final = "--allow-host {}, the name of one host, without scheme, port and path"


def refuse_not_allowed(base_url: str, allowed: "Iterable[str]") -> None:
    """Raise SettingError for a host that nobody allowed, and for one of LaunchDarkly's without TLS."""
    parts = urlsplit(base_url)
    host = host_name(parts.hostname) or ""
    named = {_name(each) for each in allowed}
    if host in HOSTS and parts.scheme != "https":
        problem = f"{host} speaks TLS alone, and {quoted(base_url)} is plain HTTP"
        raise SettingError(problem, f"https://{host}")
    if host not in HOSTS and host not in named:
        problem = (
            f"{quoted(host)} is neither this machine nor one of LaunchDarkly's hosts ({', '.join(HOSTS)})"
        )
        raise SettingError(problem, _here(parts) or f"--allow-host {host}, if its owner lets you check it")


def _here(parts: "SplitResult") -> str:
    """Give the URL of this machine that is meant by an address to listen on; nothing for any other host."""
    own = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(parts.hostname or "")  # noqa: S104 -- none is listened on
    if own is None:
        return ""
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{own}{port}{parts.path}, which is this machine"


def _name(given: str) -> str:
    """Give an allowed host as names are compared. Raises SettingError for what is none."""
    name = host_name(given.strip().removeprefix("[").removesuffix("]")) or ""
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    if not _is_name(name):
        rest = urlsplit(given if "://" in given else f"//{given}").netloc.rpartition("@")[2].partition(":")[0]
        problem = f"--allow-host {quoted_url(given)} is no name of a host"
        raise SettingError(problem, _NAMED.format(rest if _is_name(rest) else "HOST"))
    return name


def _is_name(text: str) -> bool:
    return bool(text) and text.isascii() and NOT_IN_A_NAME.isdisjoint(text)
