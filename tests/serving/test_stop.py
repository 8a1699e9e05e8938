"""How a served twin stops: every request that it took is answered, and the exit status is 0."""

import signal
import socket
from typing import Final
from urllib.parse import urlsplit

import pytest

from tests.acme import NOW, PATH
from tests.served import served
from tests.serving.load import ended, started
from tests.wire import request, send

HISTORY: Final = "from=0&to=9999999999"  # every day of the default world: long enough to be under way


@pytest.mark.parametrize(
    ("workers", "number"), [(1, signal.SIGTERM), (1, signal.SIGINT), (4, signal.SIGTERM)], ids=str
)
def test_under_load_no_request_is_lost(workers: int, number: signal.Signals) -> None:
    """Clients that keep their connections and never pause all get an answer that says that it is the last."""
    with served("--now", NOW, "--quiet", "--workers", str(workers)) as twin:
        clients = started(twin.url, HISTORY, 8)
        status = twin.stop(number)
        ended(clients)

    assert [client.lost for client in clients if client.lost] == []
    assert all(client.ended_by_the_server for client in clients)
    assert status == 0
    assert twin.log == []


@pytest.mark.parametrize("workers", [1, 2])
def test_under_load_each_answer_has_its_line_in_the_log(workers: int) -> None:
    """The lines that were collected, and not written yet, come with the end of the process."""
    with served("--now", NOW, "--workers", str(workers)) as twin:
        clients = started(twin.url, "from=1770000000&to=1770100000", 4)
        status = twin.stop()
        ended(clients)

    assert status == 0
    assert len([line for line in twin.log if "?from=1770000000&" in line]) == sum(
        client.answers for client in clients
    )


def test_ctrl_c_reaches_the_workers_too_and_loses_nothing() -> None:
    """A terminal sends it to every process of the group at once."""
    with served("--now", NOW, "--quiet", "--workers", "2") as twin:
        clients = started(twin.url, HISTORY, 4)
        status = twin.interrupt_all()
        ended(clients)

    assert [client.lost for client in clients if client.lost] == []
    assert (status, twin.log) == (0, [])


def test_a_request_that_has_only_begun_to_arrive_is_answered(acme_file: str) -> None:
    """Half a head before the signal, the rest after it."""
    with served("--world", acme_file, "--now", NOW) as twin:
        parts = urlsplit(twin.url)
        raw = request(PATH.encode())
        with socket.create_connection((parts.hostname, parts.port), timeout=30) as link:
            link.sendall(raw[:40])
            send(twin.url, raw)  # the answer shows that the server has read the half before
            twin.process.send_signal(signal.SIGTERM)
            link.sendall(raw[40:])
            received = b"".join(iter(lambda: link.recv(65536), b""))
        status = twin.wait()

    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert status == 0


def test_an_idle_twin_stops_at_once() -> None:
    """An idle connection does not hold it up, and its port is free again."""
    with served("--now", NOW, "--quiet") as twin:
        parts = urlsplit(twin.url)
        with socket.create_connection((parts.hostname, parts.port), timeout=30) as link:
            status = twin.stop()
            rest = link.recv(100)

    assert (status, rest, twin.log) == (0, b"", [])
    with pytest.raises(ConnectionRefusedError):
        send(twin.url, request(PATH.encode()))


def test_a_twin_stops_when_asked_twice() -> None:
    """An impatient second signal changes nothing about the status."""
    with served("--now", NOW, "--quiet") as twin:
        assert send(twin.url, request(PATH.encode())).status == 200
        twin.process.send_signal(signal.SIGTERM)
        status = twin.stop(signal.SIGTERM)

    assert status == 0
    assert twin.log == []
