"""Which files of certificates this machine believes, and one file of them all and ours."""

import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Final

import certifi

if TYPE_CHECKING:
    from collections.abc import Iterator

BUNDLES: Final = (  # the variables that name such a file; most replace what their readers believe by default
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
)


def bundle(pem: bytes) -> bytes:
    """Give our certificate, and all that programs on this machine believe already."""
    return b"\n".join([pem, *(file.read_bytes() for file in dict.fromkeys(_believed()))])


def _believed() -> "Iterator[Path]":
    # the last is the file that most Python clients believe
    named = [os.environ.get(name) for name in BUNDLES]
    for name in (*named, ssl.get_default_verify_paths().cafile, certifi.where()):
        if name and Path(name).is_file():
            yield Path(name).resolve()
