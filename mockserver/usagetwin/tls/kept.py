"""The local authority that a user's programs come to believe: made once, kept, and made again in time.

`authority.pem` is the authority, key and certificate, so that the two always belong together; `ca.pem` is the
certificate alone, for those who are to believe it. Both are their owner's alone.
"""

import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError
from usagetwin.tls.contexts import issued, server_context
from usagetwin.tls.private_files import make_folder, read, refusal, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trustme import CA

PRIVATE: Final = "authority.pem"
PUBLIC: Final = "ca.pem"
AGAIN_WITHIN: Final = timedelta(days=30)  # of its end an authority is made again
VALID: Final = timedelta(days=397)  # Apple's clients refuse a server's certificate of more than 825 days
SINCE: Final = timedelta(days=1)  # for clients whose clock is behind
KEY: Final = re.compile(
    rb"-----BEGIN (?P<kind>[A-Z ]*PRIVATE KEY)-----.*?-----END (?P=kind)-----\n?", re.DOTALL
)
CERTIFICATE: Final = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kept:
    """An authority: its key, its certificate and the file of that, when it ends, and whether it is new.

    `made_again` says that it has taken the place of another, which programs may have come to believe.
    """

    key: bytes = field(repr=False)
    certificate: bytes
    file: Path
    ends: datetime
    made_again: bool = False

    def vouch(self, hosts: "Iterable[str]", now: datetime) -> tuple[bytes, ...]:
        """Give certificates for these hosts and this machine, each with its key, in PEM."""
        end = min(now + VALID, self.ends)
        leaves = issued(_authority(self.key, self.certificate), hosts, begin=now - SINCE, end=end)
        return tuple(leaf.private_key_and_cert_chain_pem.bytes() for leaf in leaves)


def default_folder() -> Path:
    """Give the folder of the authority in the user's data directory."""
    from platformdirs import user_data_path

    return user_data_path("usagetwin", appauthor=False)


def kept(folder: Path, now: datetime) -> Kept:
    """Give the authority that is kept in a folder; make it where there is none, and again before it ends.

    Raises SettingError where it can't be made or used.
    """
    make_folder(folder)
    private = folder / PRIVATE
    content = read(private)
    found = None if content is None else _kept(private, content, now)
    ending = found is not None and found.ends - now < AGAIN_WITHIN
    if found is None or ending:
        write(private, _made(), replace=ending)
        content = read(private)  # another process may have been first
        found = _kept(private, content or b"", now, made_again=ending)
    if _differs(found):
        write(found.file, found.certificate, replace=True)
    return found


def _differs(found: Kept) -> bool:
    try:
        return found.file.read_bytes() != found.certificate
    except OSError:
        return True


def _made() -> bytes:
    """Make an authority, and give its key and certificate."""
    from trustme import CA

    made = CA(
        path_length=0, organization_name="usagetwin", organization_unit_name=f"local authority {token_hex(4)}"
    )
    return made.private_key_pem.bytes() + made.cert_pem.bytes()


def _kept(private: Path, content: bytes, now: datetime, *, made_again: bool = False) -> Kept:
    """Read an authority. Raises SettingError where it is none, or has ended."""
    remedy = "delete it, and the next start makes another, which your programs are to believe anew"
    key, certificate = KEY.search(content), CERTIFICATE.search(content)
    if key is None or certificate is None:
        raise refusal(private, "is broken: it holds no key and certificate", remedy)
    ends = _end(certificate[0])
    if ends is None or not _can_vouch(key[0], certificate[0]):
        problem = "is broken: its key and certificate are of no authority that can vouch for a server"
        raise refusal(private, problem, remedy)
    if ends <= now:
        raise refusal(private, f"has expired: its certificate ended on {ends:%Y-%m-%d}", remedy)
    return Kept(key[0], certificate[0], private.with_name(PUBLIC), ends, made_again)


def _end(certificate: bytes) -> datetime | None:
    """Tell until when an authority's certificate is valid; None where it is no authority's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=certificate.decode("ascii"))
    except (ssl.SSLError, ValueError):
        return None
    (found,) = context.get_ca_certs() or (None,)
    return (
        None
        if found is None
        else datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
    )


def _can_vouch(key: bytes, certificate: bytes) -> bool:
    """Tell whether they belong together, and can vouch for a server."""
    try:
        server_context([key + certificate])
        _authority(key, certificate).issue_cert("localhost")
    except SettingError:
        raise
    except Exception:  # noqa: BLE001 -- whatever the libraries have against it
        return False
    return True


def _authority(key: bytes, certificate: bytes) -> "CA":
    from trustme import CA

    return CA.from_pem(certificate, key)
