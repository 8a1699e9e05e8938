"""A check runs once for a session, whoever asks; what a server is asked shows how often."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.raw_server import answer, answering, saying
from tests.served import WITHIN_S
from usagetwin_checker.suite import Check
from usagetwin_checker.suite.sharing import RUN, outcomes

if TYPE_CHECKING:
    from usagetwin_checker.suite.outcomes import Outcomes

BUDGET: Final = 4
HOLDS: Final = """\
import sqlite3, sys, time
shared = sqlite3.connect(sys.argv[1], isolation_level=None)
shared.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(600)
"""


def config() -> pytest.Config:
    """Give the configuration of a process of its own."""
    return pytest.Config.fromdictargs({}, [])


def test_one_session_checks_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tests get the same value, and a check of something else runs by itself."""
    monkeypatch.delenv(RUN, raising=False)
    session = config()

    with answering(saying(answer(b"[]"))) as server:
        first = outcomes(Check(server.url, budget=BUDGET), session, tmp_path)
        asked = len(server.heads)
        again = outcomes(Check(server.url, budget=BUDGET), session, tmp_path)
        assert len(server.heads) == asked
        outcomes(Check(server.url, budget=BUDGET, seed=1), session, tmp_path)

    assert again is first
    assert len(server.heads) == 2 * asked
    assert list(tmp_path.iterdir()) == []


def test_workers_of_one_run_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that ask while another checks wait for it, and get what it found."""
    monkeypatch.setenv(RUN, "run-1")

    with answering(saying(answer(b"[]"))) as server:
        check = Check(server.url, budget=BUDGET)
        alone = outcomes(check, config(), tmp_path)
        asked = len(server.heads)
        with ThreadPoolExecutor(4) as workers:
            found = list(workers.map(lambda _: outcomes(check, config(), tmp_path), range(4)))

    assert found == [alone] * 4
    assert len(server.heads) == asked


def test_workers_that_ask_at_once_check_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this check nothing is known when they ask, though of another: one checks, and the others wait."""
    monkeypatch.delenv(RUN, raising=False)
    start = Barrier(4)

    def worker(check: Check) -> "Outcomes":
        start.wait(WITHIN_S)
        return outcomes(check, config(), tmp_path)

    with answering(saying(answer(b"[]"))) as server:
        check = Check(server.url, budget=BUDGET)
        alone = outcomes(check, config(), tmp_path)
        asked = len(server.heads)
        monkeypatch.setenv(RUN, "run-1")
        outcomes(Check(server.url, budget=BUDGET, seed=1), config(), tmp_path)
        with ThreadPoolExecutor(4) as workers:
            found = list(workers.map(worker, [check] * 4))

    assert found == [alone] * 4
    assert len(server.heads) == 3 * asked


def test_another_run_checks_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier run found is not taken for this one's."""
    with answering(saying(answer(b"[]"))) as server:
        monkeypatch.setenv(RUN, "run-1")
        outcomes(Check(server.url, budget=BUDGET), config(), tmp_path)
        asked = len(server.heads)
        monkeypatch.setenv(RUN, "run-2")
        outcomes(Check(server.url, budget=BUDGET), config(), tmp_path)

    assert len(server.heads) == 2 * asked


def test_a_worker_that_dies_leaves_the_check_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the midst of it, it holds nobody up."""
    monkeypatch.setenv(RUN, "run-1")
    file = tmp_path / "usagetwin-run-1.sqlite"
    holder = subprocess.Popen([sys.executable, "-c", HOLDS, str(file)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    with holder.stdout, answering(saying(answer(b"[]"))) as server, ThreadPoolExecutor(1) as worker:
        assert holder.stdout.readline() == b"held\n"
        found = worker.submit(outcomes, Check(server.url, budget=BUDGET), config(), tmp_path)
        assert not found.done()
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(WITHIN_S)

        assert found.result(WITHIN_S).target == server.url
