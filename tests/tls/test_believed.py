"""The one file of certificates for programs that believe one file alone."""

import ssl
from typing import TYPE_CHECKING

import certifi
import pytest

from usagetwin.tls.believed import BUNDLES, bundle

if TYPE_CHECKING:
    from pathlib import Path

    from usagetwin_checker.redirect.authority import Authority


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in BUNDLES:
        monkeypatch.delenv(name, raising=False)


def _believed(pem: bytes) -> set[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pem.decode("ascii", "replace"))
    return set(context.get_ca_certs(binary_form=True))


def test_it_holds_ours_and_what_python_clients_believe(authority: "Authority") -> None:
    """So that other hosts are still believed."""
    ours = ssl.PEM_cert_to_DER_cert(authority.pem.decode())
    context = ssl.create_default_context(cafile=certifi.where())

    believed = _believed(bundle(authority.pem))

    assert believed >= {ours, *context.get_ca_certs(binary_form=True)}


@pytest.mark.parametrize("name", BUNDLES)
def test_it_holds_what_the_environment_names(
    authority: "Authority", monkeypatch: pytest.MonkeyPatch, tmp_path: "Path", name: str
) -> None:
    """A company's own authority, say."""
    theirs = type(authority)().pem
    file = tmp_path / "theirs.pem"
    file.write_bytes(theirs)
    monkeypatch.setenv(name, str(file))

    assert ssl.PEM_cert_to_DER_cert(theirs.decode()) in _believed(bundle(authority.pem))


def test_a_file_that_is_not_there_is_passed_over(
    authority: "Authority", monkeypatch: pytest.MonkeyPatch, tmp_path: "Path"
) -> None:
    """The program would have said so itself."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))

    assert bundle(authority.pem).startswith(authority.pem)


def test_a_file_that_is_named_twice_is_held_once(
    authority: "Authority", monkeypatch: pytest.MonkeyPatch, tmp_path: "Path"
) -> None:
    """Programs read it each time they start."""
    marked = tmp_path / "marked.pem"
    marked.write_bytes(b"# marked\n")
    for name in BUNDLES:
        monkeypatch.setenv(name, str(marked))

    assert bundle(authority.pem).count(b"# marked") == 1
