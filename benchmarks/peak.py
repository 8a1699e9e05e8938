"""The most memory that a process ever had: its own, whatever the process had that started it."""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

STATUS: Final = Path("/proc/self/status")
KIB: Final = 1024
IN_BETWEEN: Final = """\
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
printed = process.stdout.read()
_, status, used = os.wait4(process.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss, printed.decode("utf-8", "replace")]))
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended: its status, what it printed, and its peak in bytes."""

    status: int
    printed: str
    peak: int


def peak() -> int:
    """Give the most bytes of memory that this process ever had."""
    if STATUS.exists():
        lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) * KIB for line in lines if line.startswith("VmHWM:"))
    return _as_bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def run(command: "Sequence[str]") -> Ended:
    """Run a command to its end.

    On Linux a process begins with the peak of the one that forked it, so that a small one does.
    """
    between = [sys.executable, "-S", "-c", IN_BETWEEN, *command]
    found = subprocess.run(between, stdout=subprocess.PIPE, check=True)
    status, most, printed = json.loads(found.stdout)
    return Ended(status, printed, _as_bytes(most))


def _as_bytes(most: int) -> int:
    return most if sys.platform == "darwin" else most * KIB
