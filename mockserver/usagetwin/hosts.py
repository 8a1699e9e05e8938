"""Which hosts the twin answers for, and how a host is recognized in what callers write."""

from typing import Final

HOSTS: Final = (  # FACTS 16
    "app.launchdarkly.com",
    "app.launchdarkly.us",
    "app.eu.launchdarkly.com",
)


def host_name(host: object) -> str | None:
    """Give the name in the one form that names are compared in; None when there is none.

    Names arrive as text or bytes, in any case, with or without the dot of the root.
    """
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    return host.lower().rstrip(".") if isinstance(host, str) else None
