"""The certificate authority behind the local server's certificate, made for one run and never stored.

Its key stays in this process's memory. A client's context that has learned to trust it can't unlearn it,
so a context that outlives the redirect trusts one more authority, whose key is gone with the process.
"""

import ssl
from functools import cached_property
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from usagetwin.tls.contexts import issued, server_context

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trustme import CA


class Authority:
    """An authority that exists from its first use on: its library takes a while to load."""

    def __init__(self) -> None:
        self._trusting: WeakSet[ssl.SSLContext] = WeakSet()
        self._issued: Final[set[bytes]] = set()

    @cached_property
    def pem(self) -> bytes:
        """The authority's own certificate."""
        return self._authority.cert_pem.bytes()

    def server_context(self, hosts: "Iterable[str]") -> ssl.SSLContext:
        """Make the context of a server for these hosts, and for this machine under its local names."""
        certificates = issued(self._authority, hosts)
        for certificate in certificates:
            pem = certificate.cert_chain_pems[0].bytes().decode("ascii")
            self._issued.add(ssl.PEM_cert_to_DER_cert(pem))
        return server_context(each.private_key_and_cert_chain_pem.bytes() for each in certificates)

    @property
    def certificates(self) -> frozenset[bytes]:
        """The certificates (DER) of its servers."""
        return frozenset(self._issued)

    def issued(self, certificate: bytes | None) -> bool:
        """Tell whether a server's certificate (DER) is one of this authority's."""
        return certificate in self._issued

    def trust(self, context: ssl.SSLContext) -> None:
        """Let a client's context trust this authority too, beside all that it trusts already."""
        if context not in self._trusting:
            context.load_verify_locations(cadata=self.pem.decode("ascii"))
            self._trusting.add(context)

    @cached_property
    def _authority(self) -> "CA":
        from trustme import CA

        return CA(organization_name="usagetwin", organization_unit_name="made for one test run")
