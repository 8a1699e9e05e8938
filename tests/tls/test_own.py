"""A certificate of the user's own."""

import shutil
import subprocess
from pathlib import Path

import pytest
from trustme import CA, KeyType, LeafCert

from usagetwin.errors import SettingError
from usagetwin.tls.contexts import server_context
from usagetwin.tls.own import own


@pytest.fixture(scope="module")
def leaf() -> LeafCert:
    """Give a server's certificate."""
    return CA().issue_cert("twin.example")


def files(folder: Path, cert: bytes, key: bytes) -> tuple[Path, Path]:
    """Write the two files."""
    paths = folder / "cert.pem", folder / "key.pem"
    for path, content in zip(paths, (cert, key), strict=True):
        path.write_bytes(content)
    return paths


def refused(cert: Path, key: Path) -> str:
    """Give what is said of files that can't be used."""
    with pytest.raises(SettingError) as caught:
        own(cert, key)
    return str(caught.value)


@pytest.mark.parametrize("kind", list(KeyType))
def test_a_certificate_is_shown_with_its_chain(tmp_path: Path, kind: KeyType) -> None:
    """From two files, or from one that holds both."""
    made = CA().create_child_ca().issue_cert("twin.example", key_type=kind)
    chain = b"".join(each.bytes() for each in made.cert_chain_pems)
    cert, key = files(tmp_path, chain, made.private_key_pem.bytes())
    both = tmp_path / "both.pem"
    both.write_bytes(made.private_key_and_cert_chain_pem.bytes())

    assert own(cert, key) == own(both, both)
    assert own(cert, key).count(b"BEGIN CERTIFICATE") == 2
    server_context([own(cert, key)])


def test_a_key_of_another_certificate_is_refused(tmp_path: Path, leaf: LeafCert) -> None:
    """With both files."""
    other = CA().issue_cert("twin.example")
    cert, key = files(tmp_path, leaf.cert_chain_pems[0].bytes(), other.private_key_pem.bytes())

    said = refused(cert, key)

    assert f"--cert {cert} can't be shown with --key {key}: key values mismatch" in said
    assert "try   the key that the certificate was made for" in said


def test_files_that_are_mixed_up_are_refused(tmp_path: Path, leaf: LeafCert) -> None:
    """The first one is named."""
    cert, key = files(tmp_path, leaf.private_key_pem.bytes(), leaf.cert_chain_pems[0].bytes())

    assert f"--cert {cert} holds no certificate in PEM" in refused(cert, key)
    assert f"--key {key} holds no private key in PEM" in refused(key, key)


def test_a_file_that_is_damaged_is_refused(tmp_path: Path, leaf: LeafCert) -> None:
    """As one that can't be shown."""
    torn = leaf.cert_chain_pems[0].bytes()
    cert, key = files(tmp_path, torn[:80] + torn[120:], leaf.private_key_pem.bytes())

    assert "can't be shown" in refused(cert, key)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path, leaf: LeafCert) -> None:
    """With the option that names them."""
    cert, key = files(tmp_path, leaf.cert_chain_pems[0].bytes(), leaf.private_key_pem.bytes())

    assert f"--cert {tmp_path / 'none'} can't be read: No such file" in refused(tmp_path / "none", key)
    assert f"--key {tmp_path} can't be read: " in refused(cert, tmp_path)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl to encrypt a key with")
@pytest.mark.parametrize("form", [[], ["-traditional"]])
def test_an_encrypted_key_is_refused_and_no_password_is_asked_for(
    tmp_path: Path, leaf: LeafCert, form: list[str]
) -> None:
    """A server that waits at a terminal looks like one that hangs."""
    command = ["openssl", "pkey", "-aes256", "-passout", "pass:secret", *form]
    plain = leaf.private_key_pem.bytes()
    encrypted = subprocess.run(command, input=plain, capture_output=True, check=True).stdout
    cert, key = files(tmp_path, leaf.cert_chain_pems[0].bytes(), encrypted)

    assert f"--key {key} is encrypted" in refused(cert, key)
