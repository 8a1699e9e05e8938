"""The lines that make programs trust the local authority."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from usagetwin.tls.believing import lines
from usagetwin.tls.kept import Kept

ODD = "/home/o'brien/my data/ca.pem"


def typed(program: str, file: str = ODD, system: str = "linux") -> tuple[str, ...]:
    """Give the lines of one program."""
    return next(each for name, each in lines(file, system) if name.startswith(program))


def test_each_program_has_its_lines() -> None:
    """In one order on each system."""
    programs = ["curl", "Python", "Node", "Java", "Go", "Ruby", "PHP", ".NET", "Docker"]

    for system in ("linux", "darwin", "win32"):
        assert [name.partition(" ")[0] for name, _ in lines(ODD, system)] == programs


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no shell")
@pytest.mark.parametrize(
    ("program", "variables"),
    [
        ("Python", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]),
        ("Node", ["NODE_EXTRA_CA_CERTS"]),
        ("Go", ["SSL_CERT_FILE"]),
        ("Ruby", ["SSL_CERT_FILE"]),
        (".NET", ["SSL_CERT_FILE"]),
    ],
)
def test_a_line_sets_its_variables_in_a_shell(program: str, variables: list[str]) -> None:
    """Whatever characters the path has."""
    (line,) = typed(program)
    shown = f'{line}; printf "%s\\n" ' + " ".join(f'"${name}"' for name in variables)

    said = subprocess.run(["bash", "-c", shown], capture_output=True, check=True, text=True).stdout  # noqa: S607 -- the shell of the user, as found on PATH

    assert said.splitlines() == [ODD] * len(variables)


def test_the_lines_are_for_a_posix_shell() -> None:
    """As `shlex` reads them."""
    assert shlex.split(typed("curl")[0]) == ["curl", "--cacert", ODD, "https://localhost:8443"]
    assert f"curl.cainfo={ODD}" in shlex.split(typed("PHP")[0])
    store, options = typed("Java")
    assert shlex.split(store)[:5] == ["keytool", "-importcert", "-noprompt", "-alias", "usagetwin"]
    assert ODD in shlex.split(store)
    assert "trustStore=usagetwin.p12" in shlex.split(options)[1]
    copy, run = typed("Docker")
    assert shlex.split(copy) == ["install", "-m", "644", ODD, "usagetwin.crt"]
    assert "-e NODE_EXTRA_CA_CERTS=/usr/local/share/ca-certificates/usagetwin.crt" in run


def test_on_windows_the_lines_are_for_powershell() -> None:
    """With its quoting, and the store that Go and .NET ask there."""
    file = r"C:\Users\O'Brien\ca.pem"

    assert typed("Node", file, "win32") == (r"$env:NODE_EXTRA_CA_CERTS = 'C:\Users\O''Brien\ca.pem'",)
    assert typed("Go", file, "win32")[0].startswith("Import-Certificate -FilePath 'C:")
    assert typed("curl", file, "win32")[0].startswith("curl.exe --cacert 'C:")


def test_on_macos_go_and_net_ask_the_keychain() -> None:
    """No variable counts there."""
    for program in ("Go", ".NET"):
        assert typed(program, system="darwin")[0].startswith("security add-trusted-cert ")


@pytest.mark.skipif(shutil.which("keytool") is None, reason="there is no Java")
def test_the_line_for_java_makes_a_store(tmp_path: Path, authority_kept: Kept) -> None:
    """With keytool itself."""
    line, _ = typed("Java", str(authority_kept.file))

    subprocess.run(shlex.split(line), cwd=tmp_path, check=True, env=dict(os.environ))

    assert (tmp_path / "usagetwin.p12").is_file()
