"""The processes of a served twin, as /proc shows them, and how to wait for one."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

WITHIN_S: Final = 60


class Served(Protocol):
    """What has the process that its workers are children of."""

    @property
    def process(self) -> "subprocess.Popen[str]":
        """Give the process."""


def workers_of(twin: Served) -> set[int]:
    """Give the processes that serve: the children that have a child's command line."""
    children = Path(f"/proc/{twin.process.pid}/task/{twin.process.pid}/children").read_text("ascii")
    return {
        int(pid) for pid in children.split() if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    }


def until(wanted: "Callable[[], bool]") -> None:
    """Wait until something is so. Fails when it does not become so."""
    deadline = time.monotonic() + WITHIN_S
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def all_replaced(twin: Served, before: set[int]) -> bool:
    """Tell whether as many others serve as before, and none of those."""
    now = workers_of(twin)
    return len(now) == len(before) and not now & before


def serves(pid: int) -> bool:
    """Tell whether a process has come as far as to listen to more than its start: it has an event loop."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    return any("eventpoll" in link for link in links)


def until_all_serve(twin: Served, number: int) -> None:
    """Wait until as many processes serve; the ready line comes with the first of them."""
    until(lambda: len(pids := workers_of(twin)) == number and all(serves(pid) for pid in pids))
