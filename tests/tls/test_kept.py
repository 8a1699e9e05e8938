"""The local authority: made, kept, made again, and refused where it is not as it was left."""

import os
import shutil
import ssl
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from trustme import CA

from usagetwin.errors import SettingError
from usagetwin.tls.contexts import server_context
from usagetwin.tls.kept import Kept, kept

NOW = datetime(2026, 3, 17, tzinfo=UTC)
IS_ROOT = os.name == "posix" and os.geteuid() == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder that is not there yet, nor the one above it."""
    return tmp_path / "share" / "usagetwin"


def mode(path: Path) -> int:
    """Give what who may do with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def refused(folder: Path, now: datetime = NOW) -> str:
    """Give what is said of an authority that can't be used."""
    with pytest.raises(SettingError) as caught:
        kept(folder, now)
    return str(caught.value)


def _until(pem: bytes) -> datetime:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pem.decode())
    (found,) = context.get_ca_certs()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_its_files_are_its_owners_alone(folder: Path, mask: int) -> None:
    """Whatever the process's own mask says."""
    before = os.umask(mask)
    try:
        kept(folder, NOW)
    finally:
        os.umask(before)

    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir()} == {"authority.pem": 0o600, "ca.pem": 0o600}


def test_programs_are_led_to_a_file_without_a_key(folder: Path) -> None:
    """It is the certificate, and nothing else."""
    found = kept(folder, NOW)

    assert found.file == folder / "ca.pem"
    assert found.file.read_bytes() == found.certificate
    assert b"PRIVATE" not in found.certificate
    assert b"PRIVATE KEY" in (folder / "authority.pem").read_bytes()


def test_it_stays_the_same_from_one_start_to_the_next(folder: Path) -> None:
    """So that what trusts it goes on to do so."""
    first = kept(folder, NOW)
    written_ns = {path: path.stat().st_mtime_ns for path in folder.iterdir()}

    assert kept(folder, NOW + timedelta(days=365)) == first
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == written_ns


def test_its_key_is_in_no_text_of_it(folder: Path) -> None:
    """A value is logged more easily than one thinks."""
    found = kept(folder, NOW)

    assert found.key.decode() not in repr(found)
    assert "PRIVATE" not in repr(found)


def test_it_is_made_again_before_it_expires(folder: Path) -> None:
    """And says so, as what has imported it must import it again."""
    first = kept(folder, NOW)
    almost = first.ends - timedelta(days=30)

    same = kept(folder, almost)
    again = kept(folder, almost + timedelta(seconds=1))

    assert (same.certificate, same.made_again) == (first.certificate, False)
    assert again.made_again
    assert again.certificate != first.certificate
    assert again.file.read_bytes() == again.certificate
    assert mode(folder / "authority.pem") == 0o600


def test_an_expired_one_is_refused(folder: Path) -> None:
    """With its date, and what to do."""
    ends = kept(folder, NOW).ends

    said = refused(folder, ends)

    assert f"{folder / 'authority.pem'} has expired: its certificate ended on {ends:%Y-%m-%d}" in said
    assert "try   delete it, and the next start makes another" in said


def test_what_it_vouches_for_ends_in_time(folder: Path) -> None:
    """Apple's clients refuse what is valid for more than 825 days; nothing outlives its authority."""
    found = kept(folder, NOW)

    for now in (NOW, found.ends - timedelta(days=40)):
        for pem in found.vouch(["twin.example"], now):
            server_context([pem])
            shown = _shown(pem)
            begin, end = (_date(shown[key]) for key in ("notBefore", "notAfter"))
            assert begin == now - timedelta(days=1)
            assert end == min(now + timedelta(days=397), found.ends)


def _shown(pem: bytes) -> dict[str, str]:
    """Give what OpenSSL reads of a server's certificate."""
    import subprocess

    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to read a certificate with")
    command = [openssl, "x509", "-noout", "-dates"]
    lines = subprocess.run(command, input=pem, capture_output=True, check=True).stdout.decode().splitlines()
    return dict(line.split("=", 1) for line in lines)


def _date(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff nothing", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
    ids=["empty", "garbage", "no key"],
)
def test_a_broken_one_is_refused(folder: Path, content: bytes) -> None:
    """It is not replaced in silence: programs trust the one that it was."""
    kept(folder, NOW)
    (folder / "authority.pem").write_bytes(content)

    said = refused(folder)

    assert f"{folder / 'authority.pem'} is broken" in said
    assert "try   delete it" in said
    assert (folder / "authority.pem").read_bytes() == content


def _of_two() -> bytes:
    return CA().private_key_pem.bytes() + CA().cert_pem.bytes()


def _of_a_server() -> bytes:
    return CA().issue_cert("localhost").private_key_and_cert_chain_pem.bytes()


def _torn() -> bytes:
    made = CA()
    certificate = made.cert_pem.bytes()
    return made.private_key_pem.bytes() + certificate[:60] + certificate[90:]


@pytest.mark.parametrize("make", [_of_two, _of_a_server, _torn])
def test_a_key_and_a_certificate_that_are_no_authority_are_refused(folder: Path, make: object) -> None:
    """Of two authorities, of a server, or damaged."""
    kept(folder, NOW)
    (folder / "authority.pem").write_bytes(make())  # type: ignore[operator]  # -- one of those above

    assert "is broken: its key and certificate are of no authority" in refused(folder)


@pytest.mark.parametrize("name", ["authority.pem", "ca.pem"])
def test_a_folder_in_the_place_of_a_file_is_refused(folder: Path, name: str) -> None:
    """By its name."""
    (folder / name).mkdir(parents=True)
    folder.chmod(0o700)

    said = refused(folder)

    assert f"{folder / name} is a folder" in said
    assert "move it away" in said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are POSIX's")
def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(folder: Path) -> None:
    """It would never end."""
    folder.mkdir(parents=True, mode=0o700)
    os.mkfifo(folder / "authority.pem", 0o600)

    assert "no ordinary file" in refused(folder)


def test_a_file_in_the_place_of_the_folder_is_refused(folder: Path) -> None:
    """And one in the place of the folder above it."""
    folder.parent.mkdir()
    folder.write_text("")

    assert f"{folder} is no folder" in refused(folder)
    assert f"{folder / 'below'} can't be made" in refused(folder / "below")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("wide", [0o640, 0o604])
def test_a_key_that_others_can_read_is_refused(folder: Path, wide: int) -> None:
    """Whether they have read it, its owner must know."""
    kept(folder, NOW)
    (folder / "authority.pem").chmod(wide)

    said = refused(folder)

    assert f"holds a key, and others can read it (mode {wide:o})" in said
    assert "chmod 600" in said


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_folder_that_others_can_write_to_is_refused(folder: Path) -> None:
    """They could put an authority of their own there."""
    kept(folder, NOW)
    folder.chmod(0o777)

    assert "is a folder that others can write to (mode 777)" in refused(folder)


@pytest.mark.skipif(not IS_ROOT, reason="giving a file to somebody takes root")
@pytest.mark.parametrize("name", ["", "authority.pem"])
def test_another_users_file_is_refused(folder: Path, name: str) -> None:
    """With who that is."""
    kept(folder, NOW)
    os.chown(folder / name, 65534, -1)

    said = refused(folder)

    assert "is another user's (" in said
    assert "try   run this as its owner; or --ca-dir DIR" in said


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="there is no folder that nobody can write to")
def test_where_nothing_can_be_written_another_folder_is_the_remedy() -> None:
    """A read-only home."""
    said = refused(Path("/proc/usagetwin"))

    assert "/proc/usagetwin can't be made" in said
    assert "try   --ca-dir DIR, a folder of your own that you can write to" in said


def test_where_no_temporary_file_can_be_written_the_authority_is_not_to_blame(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python reads a key from a file alone."""
    first = kept(folder, NOW)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))

    said = refused(folder)
    monkeypatch.undo()

    assert "a certificate can't be loaded by way of a temporary file: No such file or directory" in said
    assert "try   TMPDIR=DIR" in said
    assert kept(folder, NOW) == first


@pytest.mark.skipif(IS_ROOT or os.name != "posix", reason="root writes to any folder")
def test_one_that_is_there_is_used_where_nothing_can_be_written(folder: Path) -> None:
    """Only one that is missing has to be written."""
    first = kept(folder, NOW)
    folder.chmod(0o500)

    assert kept(folder, NOW) == first

    folder.chmod(0o700)


def test_a_certificate_that_is_missing_or_another_is_written_again(folder: Path) -> None:
    """The authority is what counts."""
    first = kept(folder, NOW)

    first.file.write_text("another")
    kept(folder, NOW)
    assert first.file.read_bytes() == first.certificate

    first.file.unlink()
    kept(folder, NOW)
    assert first.file.read_bytes() == first.certificate


def test_many_that_start_at_once_have_one_authority(folder: Path) -> None:
    """The first one's, and nothing is left over of the others'."""

    def start(_number: int) -> Kept:
        return kept(folder, NOW)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(start, range(16)))

    assert len({each.certificate for each in found}) == 1
    assert len({each.key for each in found}) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["authority.pem", "ca.pem"]
    assert found[0].file.read_bytes() == found[0].certificate
    assert _until(found[0].certificate) == found[0].ends
