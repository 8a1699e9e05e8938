"""Java is led, and believes the twin."""

import shutil
import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from tests.leading.led import KEPT, URL, led, python
from usagetwin.tls.believed import bundle
from usagetwin_checker.leading.trust_store import PASSWORD, trust_store
from usagetwin_checker.redirect.authority import Authority


@pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")  # of an old root
def test_a_store_has_each_certificate_once() -> None:
    """Under a name of its own."""
    pem = bundle(Authority().pem)

    store = load_pkcs12(trust_store(pem + b"\n" + pem), PASSWORD.encode())

    openssl = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    openssl.load_verify_locations(cadata=pem.decode("ascii", "ignore"))
    names = [each.friendly_name for each in store.additional_certs]
    assert store.key is None
    assert len(set(names)) == len(names) == openssl.cert_store_stats()["x509"]


def test_what_is_no_certificate_is_left_out() -> None:
    """The others are believed all the same."""
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

    store = load_pkcs12(trust_store(broken + Authority().pem), PASSWORD.encode())

    assert len(store.additional_certs) == 1


@pytest.mark.skipif(shutil.which("javac") is None, reason="there is no JDK here")
def test_a_client_in_java_is_answered() -> None:
    """That of the standard library; the JVM says that it has read the variable."""
    ended = led("java", str(Path(__file__).with_name("Ask.java")), URL)

    assert (ended.returncode, ended.stdout) == (0, "200\n"), ended.stderr
    assert ended.stderr.startswith("Picked up JAVA_TOOL_OPTIONS: ")
    assert ended.stderr.endswith(KEPT)


@pytest.mark.proof
def test_options_that_java_had_before_stay() -> None:
    """Ours come after them."""
    ended = led(
        *python("import os; print(os.environ['JAVA_TOOL_OPTIONS'])"),
        environment={"JAVA_TOOL_OPTIONS": "-Dmine=1"},
    )

    assert ended.stdout.startswith("-Dmine=1 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=")
