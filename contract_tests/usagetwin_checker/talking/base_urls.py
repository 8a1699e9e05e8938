"""Where a target is: its base URL, and whether that is this machine."""

import socket
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from usagetwin.contract.operation import PATH
from usagetwin.errors import SettingError, quoted

NOT_IN_BASE_URL: Final = frozenset(" '\"\\<>`{}|^?#")  # a base URL has no query, and is pasted into a shell
EXAMPLES: Final = "http://127.0.0.1:8080 or https://app.launchdarkly.com"
TARGETS: Final = f"twin, {EXAMPLES}"


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


def base_url_of(base_url: str, option: str | None = None) -> str:
    """Give a base URL without a slash at its end, and without the endpoint's path where that is given.

    `option` is the one that it was given by, where it is no target. Raises SettingError, which never shows a
    password.
    """
    if not base_url.strip():
        problem = f"{option or 'the target'} is empty, as a variable is that nobody set"
        raise SettingError(problem, EXAMPLES if option else TARGETS)
    endpoint = base_url.partition("?")[0].rstrip("/")
    if endpoint.endswith(PATH):
        base_url = endpoint.removesuffix(PATH)
    if _has_credential(base_url):
        problem = f"{option or 'the target'} has a user name or password in its URL"
        token = "" if option else "; the access token comes from USAGETWIN_TOKEN"
        raise SettingError(problem, f"the URL without them{token}")
    if not _has_port(base_url):
        problem = f"{option or 'the target'} {quoted(base_url)} has no port of 1 to 65535"
        raise SettingError(problem, "the port that it listens on, such as http://127.0.0.1:8080")
    if not _is_base_url(base_url):
        what = "is no base URL" if option else "is neither 'twin' nor a base URL"
        problem = f"{option or 'the target'} {quoted(base_url)} {what}"
        raise SettingError(problem, _nearest(base_url, is_target=option is None))
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


def _has_port(url: str) -> bool:
    """Tell whether the port is one, where there is any."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True  # it has other faults
    try:
        return parts.scheme not in ("http", "https") or parts.port != 0
    except ValueError:
        return False


def _nearest(name: str, *, is_target: bool) -> str:
    if get_close_matches(name, ["twin"]):
        return "twin" if is_target else "the URL that `usagetwin serve` says"
    if "://" not in name and _is_base_url(f"https://{name}"):
        host = urlsplit(f"https://{name}").hostname or ""
        return f"{'http' if is_loopback(host) else 'https'}://{name}"
    return TARGETS if is_target else EXAMPLES
