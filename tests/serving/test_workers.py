"""Several processes: replaced, killed, hung, and left alone by their parent."""

import os
import re
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from tests.acme import NOW, PATH
from tests.served import served
from tests.serving.load import ended, started
from tests.serving.processes import all_replaced, serves, until, workers_of
from tests.wire import request, send
from usagetwin.commands.serve import serve
from usagetwin.serving.server import STOP_WITHIN_S
from usagetwin.serving.workers import BESIDE_S

if TYPE_CHECKING:
    from tests.served import Twin

HISTORY: Final = "from=0&to=9999999999"

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="the processes are found in /proc")


def answers(twin: "Twin") -> bool:
    """Tell whether the twin answers a request on a new connection."""
    return send(twin.url, request(PATH.encode())).status == 200


def test_sighup_replaces_the_processes_and_loses_nothing() -> None:
    """Under load, and a stop right after it loses nothing either."""
    with served("--now", NOW, "--quiet", "--workers", "2") as twin:
        before = workers_of(twin)
        clients = started(twin.url, HISTORY, 4)
        twin.process.send_signal(signal.SIGHUP)
        until(lambda: all_replaced(twin, before))
        later = started(twin.url, HISTORY, 4)
        status = twin.stop()
        ended([*clients, *later])

    assert len(before) == 2
    assert [client.lost for client in [*clients, *later] if client.lost] == []
    assert (status, twin.log) == (0, [])


def test_a_killed_process_is_replaced_and_the_stop_loses_nothing() -> None:
    """The one that replaces it is as good at stopping as the first."""
    with served("--now", NOW, "--quiet", "--workers", "2") as twin:
        before = workers_of(twin)
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        until(lambda: len(workers_of(twin) - {killed}) == 2)
        until(lambda: all(serves(pid) for pid in workers_of(twin)))
        clients = started(twin.url, HISTORY, 8)
        status = twin.stop()
        ended(clients)

    assert [client.lost for client in clients if client.lost] == []
    assert (status, twin.log) == (0, [])


@pytest.mark.proof
def test_a_hung_process_does_not_hold_up_the_stop() -> None:
    """It gets its time, and then is killed."""
    with served("--now", NOW, "--quiet", "--workers", "2") as twin:
        hung = min(workers_of(twin))
        os.kill(hung, signal.SIGSTOP)
        status = twin.stop()

        assert status == 0
        assert not Path(f"/proc/{hung}").exists()


def test_the_bound_that_the_help_states_leaves_a_second_for_the_end_of_the_process() -> None:
    """After a worker that hangs has had its time, and is killed."""
    stated = re.search(r"within (\d+) seconds", serve.help or "")

    assert stated is not None
    assert int(stated[1]) >= STOP_WITHIN_S + BESIDE_S + 1


def test_the_processes_end_with_their_parent() -> None:
    """Also when it is killed: nobody answers on the port after that."""
    with served("--now", NOW, "--quiet", "--workers", "2") as twin:
        processes = workers_of(twin)
        assert answers(twin)
        twin.process.kill()
        twin.wait()

        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes))

        with pytest.raises(ConnectionRefusedError):
            answers(twin)


def test_a_client_that_reads_nothing_does_not_hold_up_the_stop() -> None:
    """It loses its connection, and nobody gets a traceback."""
    asked = request(PATH.encode() + b"?from=1&aggregationType=incremental") * 2000
    with served("--now", NOW, "--quiet") as twin:
        parts = urlsplit(twin.url)
        with socket.create_connection((parts.hostname, parts.port), timeout=1) as link:
            with pytest.raises(TimeoutError):
                link.sendall(asked * 100)
            status = twin.stop()

    assert (status, twin.log) == (0, [])


def test_ctrl_c_twice_is_no_error() -> None:
    """An impatient second one changes nothing."""
    with served("--now", NOW, "--quiet") as twin:
        twin.process.send_signal(signal.SIGINT)
        status = twin.stop(signal.SIGINT)

    assert (status, twin.log) == (0, [])


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_ready_line_does_not_depend_on_the_contract(workers: str) -> None:
    """A fault that changes the 401, by which a twin is known elsewhere, does not keep it from being ready."""
    with served("--now", NOW, "--fault", "no-credential-is-403", "--workers", workers) as twin:
        answer = send(twin.url, request(PATH.encode(), b""))
        twin.stop()

    assert answer.status == 403
    assert [line for line in twin.log if " GET " in line] == twin.log[-1:]  # none of our own
