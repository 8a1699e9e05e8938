"""Install the locks with the oldest pip and the newest, each in an environment that is thrown away.

A lock that one pip takes can be refused by another, or on a later day: a pip looks up in the registry
whatever it does not find pinned as it wants it. Nothing but the standard library is needed, and Python
3.11, which alone of ours runs the oldest pip.
"""

import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

OLDEST: Final = "22.3"  # what Python 3.11.0 brings
PIPS: Final = (f"pip=={OLDEST}", "pip")
LOCKS: Final = (("run.txt", "build.txt"), ("dev.txt",))  # what is installed together


def main() -> int:
    """Install each lock with each pip; the exit status is 1 when one of them is refused."""
    if sys.version_info[:2] != (3, 11):
        print(f"install_locks: pip {OLDEST} runs on Python 3.11: make locks-install PYTHON=python3.11")
        return 1
    refused = [(pip, locks) for pip in PIPS for locks in LOCKS if not _takes(pip, locks)]
    return 1 if refused else 0


def _takes(pip: str, locks: "Sequence[str]") -> bool:
    """Install locks into a fresh environment, and say how it went."""
    with tempfile.TemporaryDirectory(prefix="usagetwin-locks-") as folder:
        python = str(Path(folder, "bin", "python"))
        venv.create(folder, with_pip=True)
        _run([python, "-m", "pip", "install", "--quiet", "--upgrade", pip]).check_returncode()
        version = _run([python, "-m", "pip", "--version"]).stdout.split()[1]
        files = [part for name in locks for part in ("-r", f"requirements/{name}")]
        begun = time.monotonic()
        ended = _run([python, "-m", "pip", "install", "--quiet", "--require-hashes", *files])
    word = "refuses" if ended.returncode else "takes"
    print(f"pip {version} {word} {' and '.join(locks)} ({time.monotonic() - begun:.0f} s)", flush=True)
    if ended.returncode:
        print(ended.stderr, file=sys.stderr, flush=True)
    return not ended.returncode


def _run(command: "Sequence[str]") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main())
