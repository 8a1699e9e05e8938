"""Which proxy of the environment a URL is asked through, and what is wrong with the variables that say so.

Rule: only the variables that decide for one URL are read, and no credential in them is ever shown.
"""

import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies

from usagetwin.errors import SettingError, quoted

SCHEMES: Final = ("http", "https", "socks5", "socks5h")
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
HIDDEN: Final = "***"
A_PROXY: Final = "a URL such as http://proxy.example:3128, or none"
SYSTEM: Final = "the system's settings"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy: its URL, with its credential; how it is shown, without; and the variable that names it."""

    url: str = field(repr=False)
    shown: str
    variable: str

    def __str__(self) -> str:
        """Say which one it is."""
        return f"the proxy {self.shown} of {self.variable}"


def proxy_for(url: str) -> Proxy | None:
    """Give the proxy that a URL is asked through. Raises SettingError, which names the variable."""
    parts = urlsplit(url)
    known = getproxies()
    name = next((name for name in (parts.scheme, "all") if known.get(name)), None)
    if name is None or _is_left_out(parts, known.get("no", "")):
        return None
    variable, value = _variable(f"{name}_proxy"), known[name].strip()
    proxy = _split(value)
    if proxy is None:
        problem = f"{variable} is {quoted(masked(value))}, which is no URL of a proxy"
        raise SettingError(problem, f"{variable} set to {A_PROXY}")
    if proxy.scheme not in SCHEMES:
        problem = f"{variable} is {quoted(masked(value))}; a proxy is one of {', '.join(SCHEMES)}"
        raise SettingError(problem, f"{variable} set to {A_PROXY}")
    if proxy.scheme.startswith("socks") and find_spec("socksio") is None:
        problem = f"{variable} is {quoted(masked(value))}, and the package for SOCKS is not installed"
        raise SettingError(problem, f"pip install 'httpx[socks]', or {variable} set to {A_PROXY}")
    return Proxy(proxy.geturl(), proxy.netloc.rpartition("@")[2], variable)


def refuse_to_show(url: str, proxy: Proxy) -> None:
    """Raise SettingError where a proxy would read the access token: it reads all of plain HTTP."""
    if urlsplit(url).scheme == "http":
        problem = f"{quoted(url)} is plain HTTP, and {proxy} would read the access token"
        remedy = (
            "https://, which a proxy passes on unread; or NO_PROXY with the host; or no token of your own"
        )
        raise SettingError(problem, remedy)


def masked(value: str) -> str:
    """Give what a proxy's variable holds without what may be a credential."""
    scheme, separator, rest = value.rpartition("://")
    credential, at, place = rest.partition("/")[0].rpartition("@")
    if not at and "@" in rest:  # a credential with a slash in it
        credential, at, place = rest.rpartition("@")
    host, colon, port = place.rpartition(":")
    if colon and not port.isdigit() and not host.startswith("["):
        place = f"{host.partition(':')[0]}:{HIDDEN}"  # a name and a password alone, perhaps
    return f"{scheme}{separator}{HIDDEN if credential else ''}{at}{place}"


def _split(value: str) -> SplitResult | None:
    """Take a proxy's URL apart, which may be without a scheme; None where it is no URL."""
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    whole = bool(host) and port != 0 and not set(host) & set(" \"'<>\\^`{|}%*")
    return parts if whole and value.isprintable() and " " not in value else None


def _variable(name: str) -> str:
    """Give a variable as it is spelled in the environment; lower case goes first, as everywhere."""
    return next((given for given in (name, name.upper()) if os.environ.get(given)), SYSTEM)


def _is_left_out(target: SplitResult, no_proxy: str) -> bool:
    """Tell whether NO_PROXY has a target. Raises SettingError for what it has that is no host."""
    matching = [entry for entry in no_proxy.replace(",", " ").split() if _matches(entry, target)]
    return bool(matching)


def _matches(entry: str, target: SplitResult) -> bool:
    scheme, separator, place = entry.rpartition("://")
    if separator and scheme not in ("all", target.scheme):
        return False
    host = (target.hostname or "").lower()
    if "/" in place:
        return _in_range(place, host)
    name, port = _host_and_port(place)
    if port is not None and port != (target.port or DEFAULT_PORTS[target.scheme]):
        return False
    if name == "*":
        return True
    name = name.removeprefix("*").removeprefix(".").lower().rstrip(".")
    return bool(name) and (host.rstrip(".") == name or host.rstrip(".").endswith(f".{name}"))


def _host_and_port(place: str) -> tuple[str, int | None]:
    """Take a host and its port apart. Raises SettingError where they are neither."""
    if place.startswith("[") and "]" in place:
        name, _, rest = place[1:].partition("]")
        return _address(name, place), _port(rest.removeprefix(":"), place) if rest else None
    if place.count(":") > 1:
        return _address(place, place), None
    name, colon, port = place.partition(":")
    return name, _port(port, place) if colon else None


def _address(name: str, place: str) -> str:
    try:
        return str(ip_address(name))
    except ValueError:
        raise _no_host(place, "no host, domain or address") from None


def _port(port: str, place: str) -> int:
    if port.isascii() and port.isdigit() and len(port) <= len("65535"):
        return int(port)
    raise _no_host(place, "no host with its port")


def _in_range(place: str, host: str) -> bool:
    """Tell whether a range of IPv4 addresses has a host, which has to be an address for that."""
    try:
        network = ip_network(place.replace("[", "").replace("]", ""), strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise _no_host(place, "no range of addresses") from None
    if not isinstance(network, IPv4Network):
        raise _no_host(place, "a range of IPv6 addresses, which is not read here")
    try:
        return ip_address(host) in network
    except ValueError:
        return False


def _no_host(place: str, what: str) -> SettingError:
    variable = _variable("no_proxy")
    problem = f"{variable} has {quoted(place)}, {what}"
    remedy = (
        f"{variable} with hosts, domains, addresses and ranges of IPv4 alone, such as .example.com,10.0.0.0/8"
    )
    return SettingError(problem, remedy)
