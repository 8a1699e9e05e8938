"""A certificate of the user's own: read once, with its key, and refused in words where it can't be shown."""

import ssl
from typing import TYPE_CHECKING

from usagetwin.errors import SettingError, readable
from usagetwin.tls.contexts import server_context
from usagetwin.tls.kept import CERTIFICATE, KEY
from usagetwin.tls.private_files import LARGEST

if TYPE_CHECKING:
    from pathlib import Path


def own(cert: "Path", key: "Path") -> bytes:
    """Give a certificate with its chain and its key, in PEM. Raises SettingError."""
    chain = b"".join(CERTIFICATE.findall(_content(cert, "--cert")))
    if not chain:
        problem = f"--cert {readable(str(cert))} holds no certificate in PEM"
        raise SettingError(problem, "a file with -----BEGIN CERTIFICATE----- in it, the server's own first")
    found = KEY.search(_content(key, "--key"))
    if found is None:
        problem = f"--key {readable(str(key))} holds no private key in PEM"
        raise SettingError(problem, "a file with -----BEGIN PRIVATE KEY----- in it")
    if b"ENCRYPTED" in found[0]:
        problem = f"--key {readable(str(key))} is encrypted, and no password is asked for"
        raise SettingError(problem, "a file with the key alone, of mode 0600: openssl pkey -in FILE -out NEW")
    try:
        server_context([found[0] + chain])
    except ssl.SSLError as error:
        why = (error.reason or "for a reason of OpenSSL's").replace("_", " ").lower()
        problem = f"--cert {readable(str(cert))} can't be shown with --key {readable(str(key))}: {why}"
        raise SettingError(problem, "the key that the certificate was made for") from None
    return found[0] + chain


def _content(file: "Path", option: str) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST)
    except OSError as error:
        problem = f"{option} {readable(str(file))} can't be read: {error.strerror or error}"
        raise SettingError(problem, f"{option} FILE, a file in PEM that you can read") from None
