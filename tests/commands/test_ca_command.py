"""`usagetwin ca`, as a process."""

import ssl
from pathlib import Path

import pytest

from tests.served import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder that is not there yet."""
    return tmp_path / "authority"


def test_it_prints_where_the_certificate_is_and_a_line_for_each_program(folder: Path) -> None:
    """The path first, and alone on its line; the authority is made where there is none."""
    ended = run("ca", "--ca-dir", str(folder))

    path, *rest = ended.stdout.splitlines()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert path == str(folder / "ca.pem")
    assert Path(path).is_file()
    assert f"  export NODE_EXTRA_CA_CERTS={path}" in rest
    assert f"  curl --cacert {path} https://localhost:8443" in rest
    assert "PRIVATE" not in ended.stdout


def test_by_default_it_is_in_the_users_data_directory(tmp_path: Path) -> None:
    """As the system has it."""
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "LOCALAPPDATA": str(tmp_path)}

    path = Path(run("ca", environment=home).stdout.splitlines()[0])

    assert path.is_relative_to(tmp_path)
    assert path.parent.name == "usagetwin"


def test_pem_prints_the_certificate_alone(folder: Path) -> None:
    """The same each time."""
    first = run("ca", "--pem", "--ca-dir", str(folder)).stdout
    second = run("ca", "--pem", environment={"USAGETWIN_CA_DIR": str(folder)}).stdout

    assert first == second == (folder / "ca.pem").read_text("ascii")
    assert first.startswith("-----BEGIN CERTIFICATE-----")
    assert first.count("BEGIN") == 1


def test_bundle_prints_it_and_what_this_machine_trusts(folder: Path) -> None:
    """For programs that trust one file."""
    printed = run("ca", "--bundle", "--ca-dir", str(folder)).stdout
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=printed)

    assert printed.startswith((folder / "ca.pem").read_text("ascii"))
    assert len(context.get_ca_certs()) > 20


def test_a_relative_folder_is_printed_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is pasted holds in each folder."""
    monkeypatch.chdir(tmp_path)

    assert run("ca", "--ca-dir", "here").stdout.startswith(str(tmp_path / "here" / "ca.pem"))


@pytest.mark.parametrize("command", [["ca"], ["ca", "--pem"], ["serve", "--tls", "--port", "0"]])
def test_an_authority_that_cant_be_used_ends_with_status_2(folder: Path, command: list[str]) -> None:
    """With the file and the remedy, and no traceback."""
    run("ca", "--ca-dir", str(folder))
    (folder / "authority.pem").write_text("nothing")

    ended = run(*command, environment={"USAGETWIN_CA_DIR": str(folder)})

    assert (ended.returncode, ended.stdout) == (2, "")
    file = folder / "authority.pem"
    assert ended.stderr == (
        f"usagetwin: USAGETWIN_CA_DIR: {file} is broken: it holds no key and certificate\n"
        "  try   delete it, and the next start makes another, which your programs are to believe anew\n"
    )


def test_an_empty_variable_is_as_none(tmp_path: Path) -> None:
    """As with all others."""
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "USAGETWIN_CA_DIR": ""}

    assert run("ca", environment=home).stdout.startswith(str(tmp_path))
