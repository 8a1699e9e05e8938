"""What is left of a check that a signal ends: status, words and report, at any moment of it."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.hostile import GOOD
from tests.checker.raw_server import WITHIN_S, answer, answering
from tests.sampling import sampled
from tests.served import USAGETWIN

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from tests.checker.raw_server import Respond

NOISE: Final = (b"Traceback", b"asyncio", b"Task was destroyed", b"never awaited", b"a defect", b"Exception")
STATUSES: Final = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


class Counting:
    """A `respond` that answers well, tells when it is asked so often, and may then stay silent."""

    def __init__(self, number: int, body: bytes = GOOD, *, silent: bool = False) -> None:
        """Take which request to tell of."""
        self._left = number
        self._body = body
        self._silent = silent
        self.reached: Final = threading.Event()
        self.over: Final = threading.Event()

    def __call__(self, link: "socket.socket", _head: bytes) -> None:
        """Answer one request."""
        self._left -= 1
        if self._left <= 0:
            self.reached.set()
            if self._silent:
                self.over.wait(WITHIN_S)
        link.sendall(answer(self._body))


@contextmanager
def checking(respond: "Respond", *options: str) -> "Iterator[subprocess.Popen[bytes]]":
    """Check a server that answers so, as a process that is ended when the block is left."""
    with answering(respond) as server:
        process = subprocess.Popen(
            [*USAGETWIN, "check", server.url, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def ended(process: "subprocess.Popen[bytes]") -> tuple[int, bytes]:
    """Wait for its end, hold what it printed to having no noise in it, and give status and output."""
    printed = b"".join(process.communicate(timeout=2 * WITHIN_S))
    assert [noise for noise in NOISE if noise in printed] == [], printed
    return process.returncode, b" ".join(printed.split())


@pytest.mark.parametrize(
    ("requests", "number"),
    sampled(product([1, 30], STATUSES), [(1, signal.SIGINT), (30, signal.SIGTERM)]),
)
def test_a_check_tells_what_it_found_until_then(requests: int, number: int, tmp_path: Path) -> None:
    """In the words that it prints, and in its report, which says that it is not the whole one."""
    respond, file = Counting(requests, silent=True), tmp_path / "report.json"
    with checking(respond, "--json", str(file)) as process:
        assert respond.reached.wait(2 * WITHIN_S)
        process.send_signal(number)
        status, printed = ended(process)
        respond.over.set()

    report = json.loads(file.read_text(encoding="utf-8"))
    name = signal.Signals(number).name
    reason = f"interrupted after {requests - 1} requests ({name}): this is what was found until then"
    assert status == STATUSES[signal.Signals(number)]
    assert reason.encode() in printed
    assert (report["interrupted"], report["requests"], report["reasons"]) == (name, requests - 1, [reason])
    assert report["verdict"] in ("fail", "inconclusive")


def test_a_check_in_shards_tells_what_it_found_until_then(tmp_path: Path) -> None:
    """Of the shard that it was at, and of those before; no other one is begun."""
    respond, file = Counting(30, silent=True), tmp_path / "report.json"
    with checking(respond, "--shards", "3", "--budget", "72", "--json", str(file)) as process:
        assert respond.reached.wait(2 * WITHIN_S)
        process.send_signal(signal.SIGTERM)
        status, printed = ended(process)
        respond.over.set()

    report = json.loads(file.read_text(encoding="utf-8"))
    assert status == 143
    assert b"interrupted after 29 requests (SIGTERM)" in printed
    assert (report["interrupted"], report["requests"], report["ended"]) == ("SIGTERM", 29, "signal")


def test_a_failure_that_was_found_is_in_the_words_of_an_interrupted_check() -> None:
    """What is broken stays broken, however little else is known."""
    respond = Counting(8, b"{}")
    with checking(respond) as process:
        assert respond.reached.wait(2 * WITHIN_S)
        process.send_signal(signal.SIGINT)
        status, printed = ended(process)

    assert status == 130
    assert b"answer-is-a-series-list" in printed


def test_a_check_that_waits_for_its_quota_is_interrupted_as_well() -> None:
    """A minute's wait is not waited out."""
    respond = Throttling()
    with checking(respond) as process:
        assert respond.reached.wait(2 * WITHIN_S)
        process.send_signal(signal.SIGTERM)
        status, printed = ended(process)

    assert status == 143
    assert b"(SIGTERM): this is what was found until then" in printed


class Throttling:
    """A `respond` that has everybody wait for a minute."""

    def __init__(self) -> None:
        """Tell when it has said so."""
        self.reached: Final = threading.Event()

    def __call__(self, link: "socket.socket", _head: bytes) -> None:
        """Refuse one request."""
        link.sendall(answer(b"{}", "429 Slow Down", b"Retry-After: 59\r\n"))
        self.reached.set()


def test_the_second_signal_ends_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word more, and with an old report as it was."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # which would write, where nothing may
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)
    respond, file = Counting(1, silent=True), tmp_path / "report.json"
    file.write_text("old", encoding="utf-8")
    with checking(respond, "--json", str(file)) as process:
        assert respond.reached.wait(2 * WITHIN_S)
        process.send_signal(signal.SIGSTOP)  # so that both arrive together
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        status, printed = ended(process)

    assert status in (130, 143)
    assert printed == b"usagetwin: ended by " + {130: b"SIGINT", 143: b"SIGTERM"}[status]
    assert file.read_text(encoding="utf-8") == "old"


IMPORTING: Final = """
import os, signal, sys, threading
class Signalling:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.{signal})
sys.meta_path.insert(0, Signalling())
sys.argv = ["usagetwin", *{arguments!r}]
from usagetwin_checker.commands.entry import main
main()
"""


@pytest.mark.parametrize(
    ("module", "arguments", "name"),
    sampled(
        [
            (module, arguments, name)
            for module, arguments in [
                ("click", ["check", "twin"]),
                ("rich.console", ["check", "twin"]),
                ("connexion", ["check", "twin"]),
                ("connexion", ["demo"]),
                ("usagetwin.deviations", ["faults"]),
                ("yaml", ["contract"]),
                ("usagetwin.contract", ["explain"]),
            ]
            for name in ["SIGINT", "SIGTERM"]
        ],
        [
            ("click", ["check", "twin"], "SIGTERM"),
            ("connexion", ["check", "twin"], "SIGINT"),
            ("yaml", ["contract"], "SIGTERM"),
        ],
    ),
)
def test_a_signal_during_the_imports_ends_with_its_status_and_one_line(
    module: str, arguments: list[str], name: str
) -> None:
    """Of any command: nothing was found that could be told."""
    program = IMPORTING.format(module=module, signal=name, arguments=arguments)

    process = subprocess.Popen([USAGETWIN[0], "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    status, printed = ended(process)
    assert status == STATUSES[signal.Signals[name]]
    assert printed == f"usagetwin: ended by {name}".encode()


@pytest.mark.parametrize(
    "module",
    sampled(
        ["hypothesis.strategies", "usagetwin_checker.reporting.reports"],
        ["usagetwin_checker.reporting.reports"],
    ),
)
def test_a_signal_during_late_imports_comes_to_a_report(module: str, tmp_path: Path) -> None:
    """Before anything is drawn, and before anything is printed."""
    file = tmp_path / "report.json"
    arguments = ["check", "twin", "--json", str(file)]
    program = IMPORTING.format(module=module, signal="SIGTERM", arguments=arguments)

    process = subprocess.Popen([USAGETWIN[0], "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    status, _ = ended(process)
    assert status == 143
    assert json.loads(file.read_text(encoding="utf-8"))["requests"] > 1


def test_a_score_tells_of_the_faults_until_then(tmp_path: Path) -> None:
    """The table in its file says that it is not whole."""
    file = tmp_path / "score.md"
    process = subprocess.Popen(
        [*USAGETWIN, "score", "--markdown", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()

    process.send_signal(signal.SIGINT)
    status, printed = ended(process)

    assert status == 130
    said = re.search(rb"interrupted after \d+ faults? \(SIGINT\): this is the table until then", printed)
    assert said is not None, printed
    assert said[0].decode() in file.read_text(encoding="utf-8")


def test_nothing_is_imported_before_a_signal_ends_the_process_quietly() -> None:
    """Of ours, or what takes time: Python's own start has no better words than a trace."""
    code = (
        "import sys; before = set(sys.modules); import usagetwin_checker.commands.entry;"
        "print(*sorted(set(sys.modules) - before))"
    )
    loaded = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        check=True,
        text=True,
        timeout=WITHIN_S,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ).stdout.split()

    ours = ["usagetwin_checker", "usagetwin_checker.commands", "usagetwin_checker.commands.entry"]
    assert [name for name in loaded if name.startswith("usagetwin")] == ours
    assert "typing" not in loaded
