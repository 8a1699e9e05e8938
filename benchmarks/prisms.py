"""Prism: installed from the lock beside this file into the work folder, and how it is run."""

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from benchmarks.claims import AbsentError
from benchmarks.places import FOLDER, HERE, program, work_file
from usagetwin.contract import render

if TYPE_CHECKING:
    from pathlib import Path

LOCKED: Final = HERE / "prism"
INSTALLED: Final = FOLDER / "prism"
PORT: Final = ("--port", "{port}")
QUIET: Final = ("--verboseLevel", "error")


def contract_file() -> "Path":
    """Write the effective contract as OpenAPI 3.1 in JSON, as `usagetwin contract` prints it."""
    path = work_file("contract.json")
    path.write_text(render("3.1", "json"), encoding="utf-8")
    return path


def mock(*options: str) -> list[str]:
    """Give the command that serves Prism's static mock of the contract. Raises AbsentError."""
    return [_prism(), "mock", str(contract_file()), *PORT, *options]


def mock_of(document: "Path") -> list[str]:
    """Give the command that serves Prism's static mock of another document. Raises AbsentError."""
    return [_prism(), "mock", str(document), *PORT, *QUIET]


def proxy(upstream: str, *options: str) -> list[str]:
    """Give the command that runs Prism as a validating proxy before a server. Raises AbsentError."""
    return [_prism(), "proxy", str(contract_file()), upstream, "--errors", *PORT, *QUIET, *options]


def _prism() -> str:
    program("node", "install Node.js 20 or newer")
    npm = program("npm", "install Node.js 20 or newer, which brings it")
    lock = INSTALLED / "package-lock.json"
    command = INSTALLED / "node_modules" / ".bin" / "prism"
    wanted = (LOCKED / "package-lock.json").read_bytes()
    if not (command.exists() and lock.exists() and lock.read_bytes() == wanted):
        _install(npm)
    return str(command)


def _install(npm: str) -> None:
    INSTALLED.mkdir(parents=True, exist_ok=True)
    shutil.copy(LOCKED / "package.json", INSTALLED)
    shutil.copy(LOCKED / "package-lock.json", INSTALLED)
    ended = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=INSTALLED,
        check=False,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        (INSTALLED / "package-lock.json").unlink()
        reason = (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
        message = f"npm could not install Prism into {INSTALLED}: {reason}"
        raise AbsentError(message)
