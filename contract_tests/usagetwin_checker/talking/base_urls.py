"""Where a target is: its base URL, and whether that is this machine."""

import socket
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from usagetwin.contract.operation import PATH
from usagetwin.errors import SettingError, quoted

TARGETS: Final = "twin, http://127.0.0.1:8080 or https://app.launchdarkly.com"
NOT_IN_BASE_URL: Final = frozenset(" '\"\\<>`{}|^?#")  # a base URL has no query, and is pasted into a shell


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its name alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_this_machine(host: str) -> bool:
    """Tell whether a host is this machine, by its name and by what that leads to here.

    Another name is never taken for it, wherever it leads: somebody else's API may be behind a tunnel.
    """
    if not is_loopback(host):
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return True  # it leads nowhere, and nothing can be sent there
    return all(is_loopback(str(address[0])) for *_, address in found)


def host_of(base_url: str) -> str:
    """Give the host of a base URL; nothing where it has none."""
    return urlsplit(base_url).hostname or ""


def base_url_of(base_url: str) -> str:
    """Give a base URL without a slash at its end, and without the endpoint's path where that is given.

    Raises SettingError, which never shows a password.
    """
    if not base_url.strip():
        problem = "the target is empty, as a variable is that nobody set"
        raise SettingError(problem, TARGETS)
    endpoint = base_url.partition("?")[0].rstrip("/")
    if endpoint.endswith(PATH):
        base_url = endpoint.removesuffix(PATH)
    if _has_credential(base_url):
        problem = "the target has a user name or password in its URL"
        raise SettingError(problem, "the URL without them; the access token comes from USAGETWIN_TOKEN")
    if not _is_base_url(base_url):
        problem = f"the target {quoted(base_url)} is neither 'twin' nor a base URL"
        raise SettingError(problem, _nearest_target(base_url))
    return base_url.rstrip("/")


def _has_credential(url: str) -> bool:
    """Tell whether a URL has a user name or password, with its scheme or without, or may be meant so."""
    rest = url.partition("://")[2] or url
    return "@" in rest.partition("/")[0] or ("@" in rest and not _is_base_url(url))


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    written = url.isascii() and url.isprintable() and NOT_IN_BASE_URL.isdisjoint(url)
    return written and parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0


def _nearest_target(name: str) -> str:
    if get_close_matches(name, ["twin"]):
        return "twin"
    if "://" not in name and _is_base_url(f"https://{name}"):
        host = urlsplit(f"https://{name}").hostname or ""
        return f"{'http' if is_loopback(host) else 'https'}://{name}"
    return TARGETS
