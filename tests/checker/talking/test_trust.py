"""Tests of `usagetwin_checker.talking.trust`."""

import hashlib
from pathlib import Path

import pytest
import trustme

from usagetwin.errors import SettingError
from usagetwin_checker.talking.trust import trusting

NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
NAME_BY_HASH = "0123abcd.0"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without any of the variables."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """Give a file with the certificate of a CA."""
    file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(file)
    return file


def of(file: Path) -> list[str]:
    """Give a file's certificates as a context lists them: by their digests."""
    return [hashlib.sha256(each).hexdigest() for each in trusting(str(file)).get_ca_certs(binary_form=True)]


def test_the_option_goes_before_the_variable(ca: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever that is."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/ca.pem")

    assert len(of(ca)) == 1


def test_a_variable_goes_before_the_usual_cas(ca: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And an empty one is none."""
    usual = len(trusting(None).get_ca_certs())
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    given = len(trusting(None).get_ca_certs())
    monkeypatch.setenv("SSL_CERT_FILE", "")

    assert given == 1 < usual == len(trusting(None).get_ca_certs())


def test_a_folder_is_taken_with_certificates_named_by_their_hash(
    ca: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of several will do."""
    ca.rename(tmp_path / NAME_BY_HASH)
    monkeypatch.setenv("SSL_CERT_DIR", f"/nonexistent:{tmp_path}")

    assert trusting(None).get_ca_certs() == []  # they are read when they are needed


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\x30\x82\x01\x0a", "has no certificate in PEM form"),
        (b"-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n", "can't be read"),
        (b"-----BEGIN PRIVATE KEY-----\n", "can't be read"),
    ],
)
@pytest.mark.parametrize("name", ["--cacert", "SSL_CERT_FILE"])
def test_a_file_without_a_certificate_is_refused_by_its_name(
    name: str, content: bytes, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option or the variable, the value, what is wrong, and what would be right."""
    file = tmp_path / "x.pem"
    file.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    with pytest.raises(SettingError) as refused:
        trusting(str(file) if name == "--cacert" else None)

    assert str(refused.value).startswith(f"{name} is ")
    assert what in str(refused.value)
    assert f"try   {name} with the CA's certificates in PEM form" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("SSL_CERT_FILE", "/nonexistent/ca.pem", "can't be read: No such file or directory"),
        ("SSL_CERT_FILE", "/", "can't be read: Is a directory"),
        ("SSL_CERT_DIR", "/nonexistent", "is no folder"),
        ("SSL_CERT_DIR", "/dev", "has no certificate named by its hash"),
        ("SSLKEYLOGFILE", "/nonexistent/keys", "can't be written: No such file or directory"),
    ],
)
def test_what_is_gone_is_refused_by_its_variable(
    name: str, value: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is asked."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingError) as refused:
        trusting(None)

    assert str(refused.value).startswith(f"{name} is {value!r}, which {what}")
