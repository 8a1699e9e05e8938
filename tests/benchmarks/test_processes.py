"""What processes use is counted with those below them."""

import subprocess
import sys

import pytest

from benchmarks.processes import processor_s, resident_mb

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows it in /proc")
BUSY = "import time\nwhile time.process_time() < 0.2: pass\nprint(flush=True); input()"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"


def test_a_childs_time_and_memory_count() -> None:
    """The parent itself does nothing but wait."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()

        used_s, memory_mb = processor_s(parent.pid), resident_mb(parent.pid)
        parent.communicate(b"\n")

    assert used_s >= 0.2
    assert memory_mb > 10  # two interpreters


def test_several_processes_are_added_up() -> None:
    """As the replicas of a fleet are."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as one:
        alone_mb = resident_mb(one.pid)

        both_mb = resident_mb(one.pid, one.pid)
        one.communicate(b"\n")

    assert both_mb >= 1.5 * alone_mb
