"""The names that a certificate is for, as a user gives them."""

import re
from ipaddress import ip_address
from typing import Final

from usagetwin.errors import SettingError, quoted
from usagetwin.hosts import host_name

LONGEST: Final = 253
HOST: Final = re.compile(
    r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)


def certificate_name(given: str) -> str:
    """Give a host name or an address as certificates have it. Raises SettingError where it is neither."""
    name = host_name(given.strip().removeprefix("[").removesuffix("]")) or ""
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    if len(name) <= LONGEST and HOST.fullmatch(name):
        return name
    problem = f"--name {quoted(given)} is no host name and no address"
    raise SettingError(problem, "--name twin, --name api.example.test or --name 192.0.2.7, without a port")
