"""The lines of docs/install.md install usagetwin as they stand.

One is tried each time, with what is installed here in place of an index; `make proof` tries them all.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.project.checkout import ROOT, text
from usagetwin import __version__

GUIDE = text("docs/install.md")
BLOCKS = [
    block.splitlines() for block in re.findall(r"^```console\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
]
PIP, WHEEL, UVX, PIPX, EXAMPLE = BLOCKS
LEAKS = ("PYTEST_", "PYTHON", "VIRTUAL_ENV", "COV_", "USAGETWIN_", "MAKE")
READY = "usagetwin ready on http://127.0.0.1:"


class Clone:
    """The files of the checkout in a place of their own, with an environment."""

    def __init__(self, folder: Path) -> None:
        """Copy the files, and make the environment."""
        self.folder = folder / "clone"
        made = shutil.ignore_patterns(".*", "__pycache__", "dist", "build", "htmlcov")  # no part of a clone
        shutil.copytree(ROOT, self.folder, ignore=made)
        venv.create(folder / "venv", with_pip=True)
        self.programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(LEAKS)}
        self.environment = {
            **kept,
            "PATH": f"{self.programs}{os.pathsep}{kept['PATH']}",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIPX_HOME": str(folder / "pipx"),
            "PIPX_BIN_DIR": str(folder / "bin"),
        }

    def shell(self, *lines: str, **variables: str) -> str:
        """Run lines in one shell, in the clone, as a user does; give what they print."""
        ended = subprocess.run(
            ["sh", "-ec", "\n".join(lines)],  # noqa: S607 -- as a user's shell does
            cwd=self.folder,
            env={**self.environment, **variables},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert ended.returncode == 0, ended.stdout
        return ended.stdout

    def use_what_is_installed_here(self) -> dict[str, str]:
        """Let the environment see this one's packages, and give the variables that keep pip off the index."""
        place = self.shell("python -c \"import sysconfig; print(sysconfig.get_path('purelib'))\"").strip()
        (Path(place) / "here.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
        return {
            "PIP_NO_INDEX": "1",
            "PIP_NO_DEPS": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_FORCE_REINSTALL": "1",
        }


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Give a clone where nothing is installed."""
    return Clone(tmp_path)


def installed(clone: Clone) -> str:
    """Give the version that the environment's own command says, from outside of the clone."""
    assert (clone.programs / "usagetwin").exists()
    where = clone.shell("cd / && python -c 'import usagetwin; print(usagetwin.__file__)'")
    assert where.startswith(str(clone.programs.parent)), where
    return clone.shell("cd / && usagetwin --version").split()[-1]


def test_pip_installs_from_a_clone_offline(clone: Clone) -> None:
    """`pip install ".[check]"`, in seconds: its dependencies are those that are installed here."""
    offline = clone.use_what_is_installed_here()

    clone.shell(*PIP, **offline)

    assert installed(clone) == __version__


def test_the_readme_has_the_first_line() -> None:
    """What the README says is what is tried here."""
    assert PIP == ['pip install ".[check]"']
    assert f"```console\n{PIP[0]}\n" in text("README.md")


def test_the_readme_of_the_example_has_the_lines_of_the_guide() -> None:
    """A person may start at either of them."""
    _, *lines = EXAMPLE

    assert "```console\n" + "".join(f"$ {line}\n" for line in lines) in text(
        "examples/billing-report/README.md"
    )


def test_the_wheel_is_named_by_the_version_that_it_has() -> None:
    """Whoever pastes the line finds the file."""
    assert set(re.findall(r"usagetwin-([\d.]+)-py3-none-any\.whl", GUIDE)) == {__version__}


@pytest.mark.proof
def test_pip_installs_from_a_clone(clone: Clone) -> None:
    """With all that it needs, from the index."""
    clone.shell(*PIP)

    assert installed(clone) == __version__
    assert "3. The finding that names it" in clone.shell("cd / && usagetwin demo")


@pytest.mark.proof
def test_pip_installs_a_wheel(clone: Clone) -> None:
    """The wheel is built, and installed by its name."""
    clone.shell(*WHEEL)

    assert installed(clone) == __version__
    assert "3. The finding that names it" in clone.shell("cd / && usagetwin demo")


@pytest.mark.proof
def test_uvx_serves_from_a_clone(clone: Clone) -> None:
    """It is ready, and ends when it is told to; the port comes from the environment."""
    clone.shell("pip install uv")
    (line,) = UVX

    process = subprocess.Popen(
        ["sh", "-c", f"exec {line}"],  # noqa: S607 -- as a user's shell does
        cwd=clone.folder,
        env={**clone.environment, "USAGETWIN_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(READY)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate()


@pytest.mark.proof
@pytest.mark.parametrize(("tool", "variable"), [("uv", "UV_FIND_LINKS"), ("pipx", "PIP_FIND_LINKS")])
def test_the_demo_runs_without_a_clone(clone: Clone, tmp_path: Path, tool: str, variable: str) -> None:
    """The line as it stands, with a folder that has the wheel in place of an index that has it."""
    (line,) = re.findall(rf"^\| {tool} \| `(.+)` \|$", GUIDE, re.MULTILINE)
    clone.shell(f"pip install {tool}", WHEEL[0])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    said = clone.shell(f"cd {elsewhere}", line, **{variable: str(clone.folder / "dist")})

    assert "3. The finding that names it" in said


@pytest.mark.parametrize("tool", ["uvx", "pipx"])
def test_the_lines_that_need_no_clone_are_those_of_the_readme(tool: str) -> None:
    """The README has the one of uv; both get the extra that the demo needs."""
    (line,) = re.findall(rf"`({tool} [^`]*demo)`", GUIDE)

    assert '"usagetwin[check]" usagetwin demo' in line
    assert (f"```console\n{line}\n```" in text("README.md")) is (tool == "uvx")


@pytest.mark.proof
def test_pipx_installs_from_a_clone(clone: Clone, tmp_path: Path) -> None:
    """The command is where pipx puts commands."""
    clone.shell("pip install pipx")

    clone.shell(*PIPX)

    said = subprocess.run(
        [tmp_path / "bin" / "usagetwin", "--version"], check=True, capture_output=True, text=True
    ).stdout
    assert said.split()[-1] == __version__


@pytest.mark.proof
def test_the_example_is_installed_and_tested_from_a_clone(clone: Clone) -> None:
    """The example's tests pass with the twin of the clone that it lies in."""
    output = clone.shell(*EXAMPLE)

    assert re.search(r"\d+ passed", output)
    assert " failed" not in output


@pytest.mark.proof
@pytest.mark.skipif(sys.platform == "win32", reason="the other lines are for other systems")
def test_the_lines_for_linux_and_macos_make_an_environment(tmp_path: Path) -> None:
    """Made, activated, and a variable set, as the table says."""
    lines = dict(re.findall(r"^\| ([a-z ]+) \| `([^`]+)` \|", GUIDE, re.MULTILINE))
    script = [lines[name] for name in ("make an environment", "activate it", "set a variable")]

    said = subprocess.run(
        ["sh", "-ec", "\n".join([*script, "command -v python; echo $USAGETWIN_NOW"])],  # noqa: S607 -- as a user's shell does
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert said.split() == [str(tmp_path / ".venv" / "bin" / "python"), "2026-03-17"]
