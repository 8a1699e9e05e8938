"""The certificate in a folder that others read."""

import os
import ssl
import stat
from pathlib import Path

import pytest

from usagetwin.errors import SettingError
from usagetwin.tls.kept import Kept
from usagetwin.tls.published import publish

POSIX = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def refused(found: Kept, folder: Path) -> str:
    """Give what is said of a folder that the certificate can't be put into."""
    with pytest.raises(SettingError) as caught:
        publish(found, folder)
    return str(caught.value)


def test_everything_that_is_published_is_without_a_key(authority_kept: Kept, tmp_path: Path) -> None:
    """The certificate alone, and the same with all that this machine believes."""
    file = publish(authority_kept, tmp_path / "for" / "all")

    written = {path.name: path.read_bytes() for path in file.parent.iterdir()}
    assert file == tmp_path / "for" / "all" / "ca.pem"
    assert sorted(written) == ["bundle.pem", "ca.pem"]
    assert written["ca.pem"] == authority_kept.certificate
    assert written["bundle.pem"].startswith(authority_kept.certificate)
    assert b"PRIVATE" not in b"".join(written.values())


def test_the_bundle_is_believed_beside_others(authority_kept: Kept, tmp_path: Path) -> None:
    """A program that reads it speaks to the twin, and to the rest of the world."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(publish(authority_kept, tmp_path / "all").with_name("bundle.pem"))

    assert len(context.get_ca_certs()) > 20


@POSIX
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_others_can_read_it_whatever_the_mask_says(authority_kept: Kept, tmp_path: Path, mask: int) -> None:
    """Only its owner can change it."""
    folder = tmp_path / "all"
    folder.mkdir()
    before = os.umask(mask)
    try:
        publish(authority_kept, folder)
    finally:
        os.umask(before)

    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o644}


def test_an_older_certificate_is_replaced(authority_kept: Kept, tmp_path: Path) -> None:
    """Where the authority has been made again; nothing is left over of the writing."""
    (tmp_path / "ca.pem").write_text("older")

    publish(authority_kept, tmp_path)
    publish(authority_kept, tmp_path)

    assert (tmp_path / "ca.pem").read_bytes() == authority_kept.certificate
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["bundle.pem", "ca.pem"]


@pytest.mark.skipif(os.name != "posix", reason="links take a privilege elsewhere")
def test_a_link_in_its_place_is_not_followed(authority_kept: Kept, tmp_path: Path) -> None:
    """Who else can write there is not let to another file of the owner's."""
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "ca.pem").symlink_to(tmp_path / "mine")

    publish(authority_kept, tmp_path / "all")

    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "all" / "ca.pem").is_symlink()


def test_the_folder_of_the_key_is_refused(authority_kept: Kept) -> None:
    """Who shares it shares the key; by any way that leads there."""
    folder = authority_kept.file.parent
    before = {path: path.read_bytes() for path in folder.iterdir()}

    said = refused(authority_kept, folder.parent / "." / folder.name)

    assert "is the folder that holds the authority's key\n  try   another folder" in said
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_where_it_cant_be_written_another_folder_is_the_remedy(authority_kept: Kept, tmp_path: Path) -> None:
    """A file in the folder's place, or a folder in the file's."""
    (tmp_path / "file").write_text("")
    (tmp_path / "all" / "ca.pem").mkdir(parents=True)

    for folder in (tmp_path / "file", tmp_path / "all"):
        said = refused(authority_kept, folder)
        assert f"the certificate can't be written to {folder}: " in said
        assert "try   --publish-ca DIR, a folder that you can write to, and others can read" in said
    assert [path.name for path in (tmp_path / "all").iterdir()] == ["ca.pem"]
