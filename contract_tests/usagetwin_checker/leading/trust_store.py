"""The certificates of a bundle as Java reads them: a PKCS#12 file whose entries are marked as trusted."""

import re
import warnings
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

PASSWORD: Final = "changeit"  # noqa: S105 -- Java's own; a store without any can't be read by all of its versions
ONE: Final = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def trust_store(bundle: bytes) -> bytes:
    """Give the store that holds the certificates (PEM) of a bundle, each once."""
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import (
        PKCS12Certificate,
        serialize_java_truststore,
    )

    read = (_certificate(pem) for pem in dict.fromkeys(ONE.findall(bundle)))
    certificates = dict.fromkeys(filter(None, read))
    entries = [PKCS12Certificate(each, b"root-%d" % number) for number, each in enumerate(certificates)]
    return serialize_java_truststore(entries, BestAvailableEncryption(PASSWORD.encode()))


def _certificate(pem: bytes) -> "Certificate | None":
    """Read a certificate; an old root that breaks a rule of today's may be refused, and is left out."""
    from cryptography.x509 import load_pem_x509_certificate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return load_pem_x509_certificate(pem)
        except ValueError:
            return None
