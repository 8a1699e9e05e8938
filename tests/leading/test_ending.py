"""Signals, daemons and terminals: the command gets what is its, everything ends, and the status is right."""

import os
import pty
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.leading.led import NO_CALLS, leading, led, long, python
from tests.served import USAGETWIN, WITHIN_S
from tests.serving.processes import until

if TYPE_CHECKING:
    from collections.abc import Iterator

SAYS: Final = (
    "import os, signal, sys, time\n"
    "def note(number, frame):\n"
    "    noted.append(number)\n"
    "    os.write(1, b'noted\\n')\n"
    "    if len(noted) == {times}: sys.exit({status})\n"
    "noted = []\n"
    "signal.signal(signal.{name}, note)\n"
    "os.write(1, b'ready\\n')\n"  # a handler can't print while a print is under way
    "while True: time.sleep(0.01)\n"
)
HEEDS_NOTHING_ITSELF: Final = (
    "import os, signal, time\n"
    "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"  # it ends by the signal, and not by Python's exception
    "os.write(1, b'ready\\n')\n"
    "while True: time.sleep(0.01)\n"
)
IN_A_SHELL: Final = ("sh", "-c", '"$@"', "sh")
LEFT: Final = "usagetwin: the command left something running, which was ended\n"
DAEMON: Final = (
    "import os, signal, sys, time\n"
    "read, write = os.pipe()\n"
    "if os.fork() == 0:\n"
    "    {before}\n"
    "    if os.fork() == 0:\n"
    "        {ignore}\n"
    "        os.write(write, b'%d' % os.getpid())\n"
    "        while True: time.sleep(0.01)\n"
    "    os._exit(0)\n"
    "os.wait()\n"
    "print(os.read(read, 20).decode())\n"
)
CONTROLLED: Final = (
    "import fcntl, os, sys, termios\n"
    "os.setsid()\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)
linux: Final = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")


def says(name: str, *, times: int, status: int) -> tuple[str, ...]:
    """Give a command that ends with a status after so many of a signal."""
    return python(SAYS.format(name=name, times=times, status=status))


@pytest.mark.parametrize(
    "name", ["SIGINT", "SIGTERM", *map(long, ("SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"))]
)
def test_a_signal_is_passed_on(name: str) -> None:
    """The command decides what it means, and what status it ends with."""
    with leading(*says(name, times=1, status=7)) as process:
        process.send_signal(signal.Signals[name])
        _, said = process.communicate(timeout=WITHIN_S)

    assert (process.returncode, said) == (7, NO_CALLS)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", long("SIGHUP")])
def test_a_command_that_a_signal_ends_has_a_shells_status(name: str) -> None:
    """And nobody prints a traceback.

    The program that the shell waits for says that it is ready, and no shell before it starts that: dash loses
    a SIGINT in that moment, from usagetwin as from a terminal, and waits until the program ends by itself.
    """
    with leading(*IN_A_SHELL, *python(HEEDS_NOTHING_ITSELF)) as process:
        process.send_signal(signal.Signals[name])
        _, said = process.communicate(timeout=WITHIN_S)

    assert process.returncode == 128 + signal.Signals[name]
    assert said in {NO_CALLS, f"{LEFT}{NO_CALLS}"}


@pytest.mark.proof
def test_the_second_interrupt_is_passed_on_too() -> None:
    """As many commands end in another way then."""
    with leading(*says("SIGINT", times=2, status=9)) as process:
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "noted\n"
        process.send_signal(signal.SIGINT)

        assert process.wait(WITHIN_S) == 9


def test_a_command_that_heeds_no_interrupt_is_killed_after_the_second() -> None:
    """Not after the first."""
    ignores = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); print('ready', flush=True)\n"
    with leading(*python(f"{ignores}while True: signal.pause()")) as process:
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=WITHIN_S)

    assert (process.returncode, said) == (128 + signal.SIGKILL, NO_CALLS)


def test_a_signal_before_the_command_ends_the_run() -> None:
    """With its status, and no word of Python's."""
    process = subprocess.Popen([*USAGETWIN, "run", "sleep", "600"], stderr=subprocess.PIPE, text=True)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=WITHIN_S)

    assert process.returncode in {128 + signal.SIGTERM, -signal.SIGTERM}  # the last one before Python runs
    assert "Traceback" not in said


@linux
@pytest.mark.parametrize(
    ("before", "ignore"),
    [
        ("pass", "pass"),
        ("os.setsid()", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"),
        long("os.setsid()", "pass"),
        long("pass", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"),
    ],
)
def test_a_daemon_ends_with_its_command(before: str, ignore: str) -> None:
    """Also one that has left the group, and one that ignores SIGTERM; and it is told."""
    ended = led(*python(DAEMON.format(before=before, ignore=ignore)))

    assert (ended.returncode, ended.stderr) == (0, f"{LEFT}{NO_CALLS}")
    assert not Path(f"/proc/{int(ended.stdout)}").exists()


@linux
@pytest.mark.proof
def test_what_was_there_before_the_command_goes_on() -> None:
    """A shell's own job, which is a child of whoever takes the shell's place."""
    line = f"sleep 60 & echo $!; exec {sys.executable} -m usagetwin run -- true"

    process = subprocess.Popen(["sh", "-c", line], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S607 -- any shell
    assert process.stdout is not None
    job = int(process.stdout.readline())
    try:
        assert process.wait(WITHIN_S) == 0
        assert b"sleep" in Path(f"/proc/{job}/cmdline").read_bytes()
    finally:
        os.kill(job, signal.SIGKILL)
        process.communicate()


@contextmanager
def at_a_terminal(*command: str) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """Start a command under usagetwin at a terminal; give usagetwin and the terminal's other end."""
    here, there = pty.openpty()
    arguments = [sys.executable, "-c", CONTROLLED, *USAGETWIN, "run", "--", *command]
    process = subprocess.Popen(arguments, stdin=there, stdout=there, stderr=there)
    os.close(there)
    try:
        yield process, here
    finally:
        process.kill()
        process.wait(WITHIN_S)
        os.close(here)


def shown(terminal: int, wanted: str) -> str:
    """Read what a terminal shows until something is there."""
    text = ""
    while wanted not in text:
        assert select.select([terminal], [], [], WITHIN_S)[0], text
        text += os.read(terminal, 1000).decode()
    return text


def state(process: int) -> str:
    """Give a process's state, as /proc shows it."""
    return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]


def test_ctrl_c_in_a_terminal_is_the_commands() -> None:
    """It comes once, and the verdict is told afterwards."""
    with at_a_terminal(*says("SIGINT", times=1, status=7)) as (process, terminal):
        shown(terminal, "ready")
        os.write(terminal, b"\x03")
        assert "no request to" in shown(terminal, "docs/run.md)")
        assert process.wait(WITHIN_S) == 7


@pytest.mark.proof
def test_ctrl_c_twice_in_a_terminal() -> None:
    """A command that waits for the second one gets it."""
    with at_a_terminal(*says("SIGINT", times=2, status=7)) as (process, terminal):
        shown(terminal, "ready")
        os.write(terminal, b"\x03")
        shown(terminal, "noted")
        os.write(terminal, b"\x03")
        shown(terminal, "docs/run.md)")
        assert process.wait(WITHIN_S) == 7


@pytest.mark.proof
def test_a_command_reads_from_the_terminal() -> None:
    """It is no background job there."""
    with at_a_terminal(*python("print('got', input('ready'))")) as (process, terminal):
        shown(terminal, "ready")
        os.write(terminal, b"a line\n")
        assert "got a line" in shown(terminal, "docs/run.md)")
        assert process.wait(WITHIN_S) == 0


@linux
def test_ctrl_z_stops_both_and_both_go_on() -> None:
    """As a shell wants it, which knows of usagetwin alone."""
    with at_a_terminal(*python("print('got', input('ready'))")) as (process, terminal):
        shown(terminal, "ready")
        os.write(terminal, b"\x1a")
        until(lambda: state(process.pid) == "T")
        process.send_signal(signal.SIGCONT)
        os.write(terminal, b"a line\n")
        assert "got a line" in shown(terminal, "docs/run.md)")
        assert process.wait(WITHIN_S) == 0
