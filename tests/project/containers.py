"""What a service of a compose file runs, in a place apart: its command, variables, volumes, no privilege."""

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from tests.project.checkout import ROOT, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.apart import Apart

WITHIN_S: Final = 60
OURS: Final = "usagetwin"  # the image
EMPTIED: Final = ("/run", "/srv", "/var/lib")  # empty in the image, but for what is mounted there
TEMPORARY: Final = "/run/tmp"
SYSTEM: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def services(file: str) -> dict[str, dict[str, Any]]:
    """Give the services of a compose file of the checkout."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(text(file))["services"]
    return found


def names(service: dict[str, Any]) -> list[str]:
    """Give the names that lead to a service, besides its own."""
    aliases: list[str] = service["networks"]["default"]["aliases"]
    return aliases


@dataclass(frozen=True, slots=True)
class Container:
    """One service of a compose file; `volumes` has a folder for each named volume."""

    service: dict[str, Any]
    file: str
    volumes: Path
    apart: "Apart"

    def start(self, **variables: str) -> "subprocess.Popen[str]":
        """Start its command; the caller ends it."""
        return subprocess.Popen(
            self._words(self.service["command"]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment() | variables,
            cwd="/",
            start_new_session=True,
        )

    def run(self, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in it to its end: by default its own."""
        return subprocess.run(
            self._words(command or self.service["command"]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=WITHIN_S,
            env=self._environment() | variables,
            cwd="/",
        )

    def health(self) -> "subprocess.CompletedProcess[str]":
        """Run its health check."""
        kind, *command = self.service["healthcheck"]["test"]
        assert kind == "CMD"
        return self.run(*command)

    def _words(self, command: "Iterable[str]") -> list[str]:
        return self.apart.words(*command, before=self._before())

    def _before(self) -> "Iterator[str]":
        """Give the lines of a shell that lay out the container."""
        yield from (f"mount -t tmpfs none {folder}" for folder in EMPTIED)
        for volume in self.service.get("volumes", ()):
            source, target, *mode = volume.split(":")
            yield from self._mounted(source, target, read_only=mode == ["ro"])
        if self.service.get("tmpfs"):
            yield f"mkdir {TEMPORARY} && mount -t tmpfs none {TEMPORARY}"
        for key, value in self.service.get("sysctls", {}).items():
            yield f"echo {value} > /proc/sys/{key.replace('.', '/')}"
        if self.service["read_only"]:
            yield from (f"mount -o remount,ro {folder}" for folder in EMPTIED)
            yield "mount -o bind,remount,ro /"

    def _mounted(self, source: str, target: str, *, read_only: bool) -> "Iterator[str]":
        if source.startswith("."):
            path = (ROOT / self.file).parent / source
            yield f"mkdir -p {Path(target).parent} && : > {target}"
        else:
            path = self.volumes / source
            yield f"mkdir -p {target}"
        yield f"mount --bind {shlex.quote(str(path))} {target}"
        if read_only:
            yield f"mount -o remount,bind,ro {target}"

    def _environment(self) -> dict[str, str]:
        given = self.service.get("environment", {})
        found = {"PATH": f"{Path(sys.executable).parent}:{SYSTEM}", "TMPDIR": TEMPORARY}
        if self.service["image"] == OURS:
            found |= dict(re.findall(r"^ENV (USAGETWIN_\w+)=(\S+)$", text("Dockerfile"), re.MULTILINE))
        if isinstance(given, list):  # a name alone is that of a variable of the caller's shell
            given = dict(each.split("=", 1) for each in given if "=" in each)
        folders = self.service.get("tmpfs", [])
        return found | {name: TEMPORARY if value in folders else value for name, value in given.items()}
