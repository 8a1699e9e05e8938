"""The TLS of a server: the certificates that it shows, and what it asks of its clients.

It shows one certificate of each kind, RSA and ECDSA, as a client may know the suites of one alone.
"""

import ssl
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from trustme import CA, LeafCert

CIPHERS: Final = "DEFAULT"  # OpenSSL's own, with RSA key exchange, which Python's leave out
LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "::1")


def issued(
    authority: "CA",
    hosts: "Iterable[str]",
    *,
    begin: "datetime | None" = None,
    end: "datetime | None" = None,
) -> "tuple[LeafCert, ...]":
    """Let an authority vouch for these hosts, and for this machine under its local names."""
    from trustme import KeyType

    names = dict.fromkeys((*hosts, *LOCAL_NAMES))
    return tuple(
        authority.issue_cert(
            *names, organization_name="usagetwin", key_type=kind, not_before=begin, not_after=end
        )
        for kind in KeyType
    )


def server_context(pems: "Iterable[bytes]") -> ssl.SSLContext:
    """Make the context of a server that shows these certificates, each with its key and its chain.

    Python reads a key from a file alone, so each is in one, which nobody else may read, for that moment.
    Raises `ssl.SSLError` where they don't fit, and SettingError where no such file can be written.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # FACTS 16
    context.set_alpn_protocols(["http/1.1"])
    context.set_ciphers(CIPHERS)
    for pem in pems:
        try:
            with _private_file(pem) as name:
                context.load_cert_chain(name, password=_no_password)
        except ssl.SSLError:
            raise
        except OSError as error:
            problem = f"a certificate can't be loaded by way of a temporary file: {error.strerror or error}"
            raise SettingError(problem, "TMPDIR=DIR, a folder that you can write to") from None
    return context


@contextmanager
def _private_file(content: bytes) -> "Iterator[str]":
    """Have a content in a file of mode 0600, and no longer than needed."""
    with NamedTemporaryFile(prefix="usagetwin-", suffix=".pem", delete=False) as file:
        try:
            file.write(content)
            file.close()  # Windows opens no file twice
            yield file.name
        finally:
            Path(file.name).unlink()


def _no_password() -> bytes:
    """Answer in place of a terminal, which is not asked."""
    return b""
