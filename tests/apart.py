"""A network and mounts of a test's own: every port is free there, and names lead to this machine.

It is made of Linux's namespaces, which takes no root where the system lets users have some. Run as a program,
this file is the process that holds them, from within, until its input ends.
"""

import os
import shutil
import socket
import struct
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NEEDED: Final = ("unshare", "nsenter", "setpriv", "mount")
HERE: Final = "127.0.0.1"
READY: Final = "ready"
WITHIN_S: Final = 60
SIOCSIFFLAGS: Final = 0x8914  # of linux/sockios.h
IFF_UP: Final = 1  # of linux/if.h
NO_CAPABILITIES: Final = ("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


class NotPossibleError(Exception):
    """Why this machine lets no test have such a place."""


class Apart:
    """The place; what is run there gets no further than this machine."""

    def __init__(self, holder: int) -> None:
        """Take the process that holds it."""
        self._holder: Final = holder

    def words(self, *command: str, before: "Iterable[str]" = ()) -> list[str]:
        """Give a command line that runs a command there, with mounts of its own, and with no capability.

        `before` are lines of a shell that come first, with all capabilities.
        """
        enter = (
            "nsenter",
            f"--target={self._holder}",
            "--user",
            "--net",
            "--mount",
            "--preserve-credentials",
        )
        script = "\n".join(["set -eu", *before, f'exec setpriv {" ".join(NO_CAPABILITIES)} -- "$@"'])
        return [*enter, "--", "unshare", "--mount", "--", "sh", "-c", script, "sh", *command]

    def run(self, *command: str, before: "Iterable[str]" = ()) -> "subprocess.CompletedProcess[str]":
        """Run a command there to its end, as `words` has it."""
        return subprocess.run(
            self.words(*command, before=before),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=WITHIN_S,
        )


@contextmanager
def apart(folder: Path, names: "Iterable[str]") -> "Iterator[Apart]":
    """Have such a place, where these names lead to this machine. Raises NotPossibleError."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if sys.platform != "linux" or missing:
        message = f"namespaces are Linux's, and take {', '.join(missing or NEEDED)}"
        raise NotPossibleError(message)
    hosts = folder / "hosts"
    hosts.write_text("".join(f"{HERE} {name}\n" for name in ("localhost", *names)))
    command = ["unshare", "--map-root-user", "--net", "--mount", "--", sys.executable, __file__, str(hosts)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stderr is not None
        try:
            if holder.stdout.readline().strip() != READY:
                message = f"there are no namespaces for a test: {holder.stderr.read().strip()}"
                raise NotPossibleError(message)
            yield Apart(holder.pid)
        finally:
            holder.stdin.close()


def _hold(hosts: str) -> None:
    """Let loopback be up and names be found, say so, and wait for the end of the input."""
    import fcntl  # there is none on Windows

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
    mount = shutil.which("mount")
    assert mount is not None
    subprocess.run([mount, "--bind", hosts, os.path.realpath("/etc/hosts")], check=True)
    print(READY, flush=True)  # noqa: T201 -- its reader waits for it
    sys.stdin.read()


if __name__ == "__main__":
    try:
        _hold(sys.argv[1])
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(str(error))
