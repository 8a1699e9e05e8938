"""wrk's report, and the queries of its script."""

import os
import shutil
import socket
import threading
from contextlib import suppress
from urllib.parse import parse_qs

import pytest

from benchmarks import wrk
from benchmarks.serving import Served
from benchmarks.throughput import MONTHS_31_FROM_S, NOW, script_arguments
from usagetwin.account import answers
from usagetwin.account.ledger import Ledger
from usagetwin.account.world import load_world
from usagetwin.clock import parse_instant
from usagetwin.policies import make_policies
from usagetwin.request import read
from usagetwin.settings import DEFAULT_PROFILE, DEFAULT_WORLD

REPORT = """Running 3s test @ http://127.0.0.1:8080/x
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.02ms    0.45ms  12.34ms   93.12%
    Req/Sec    15.02k     1.22k   16.90k    71.00%
  44831 requests in 3.01s, 29.11MB read
{trouble}Requests/sec:  14943.55
Transfer/sec:      9.67MB
"""


def test_a_report_gives_requests_and_rate() -> None:
    """The two figures that count."""
    load = wrk.read(REPORT.format(trouble=""))

    assert (load.requests, load.per_second) == (44831, 14943.55)


@pytest.mark.parametrize(
    "trouble",
    ["  Non-2xx or 3xx responses: 17\n", "  Socket errors: connect 0, read 3, write 0, timeout 0\n"],
)
def test_a_report_with_failed_requests_is_refused(trouble: str) -> None:
    """A fast error page is not a fast answer."""
    with pytest.raises(wrk.LoadError, match=trouble.strip()):
        wrk.read(REPORT.format(trouble=trouble))


def test_a_report_without_requests_is_refused() -> None:
    """Nothing was measured."""
    with pytest.raises(wrk.LoadError, match="no answer"):
        wrk.read("  0 requests in 3.00s, 0.00B read\nRequests/sec:      0.00\n")


def test_a_rate_counts_for_the_processor_time_that_the_server_had() -> None:
    """A server that had half a processor would have answered twice as much with a whole one."""
    assert wrk.Load(100, 50.0, server_share=0.5).per_processor_second == 100.0


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
@pytest.mark.parametrize(("points", "monthly_from_s"), [(31, MONTHS_31_FROM_S), (365, 0)])
def test_the_script_asks_valid_queries_that_differ_and_have_all_points(
    points: int, monthly_from_s: int
) -> None:
    """What the claim says of the queries, held to the contract and to the world that answers them."""
    asked = _recorded(script_arguments(3, points, monthly_from_s))

    assert len(asked) > 100
    assert len(set(asked)) == len(asked)
    assert _numbers_of_points(asked[:500]) == {points}
    assert len({frozenset(parse_qs(query.decode())) for query in asked}) > 5


def _numbers_of_points(queries: list[bytes]) -> set[int]:
    """Give the numbers of points that the world of the benchmarks answers valid queries with."""
    world = load_world(DEFAULT_WORLD)
    ledger = Ledger({project.key: (project.created, project.counts) for project in world.projects})
    policies = make_policies(DEFAULT_PROFILE, {}, {})
    now_s = parse_instant(NOW)
    asked = [read(query, now_s) for query in queries]
    return {len(answers.series(query, ledger, policies, now_s).times_ms) for query in asked}


def _recorded(arguments: list[int]) -> list[bytes]:
    """Let wrk ask a server that answers everything with the same few bytes; give the queries it sent."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        threading.Thread(target=_accept, args=(listener, asked), daemon=True).start()
        port = listener.getsockname()[1]
        wrk.unrepeated(Served(f"http://127.0.0.1:{port}", os.getpid(), 0.0), arguments, 1)
    return list(asked)


def _accept(listener: socket.socket, asked: list[bytes]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection, asked), daemon=True).start()


def _answer(connection: socket.socket, asked: list[bytes]) -> None:
    with suppress(ConnectionError), connection, connection.makefile("rb") as lines:
        for line in lines:
            if line.startswith(b"GET "):
                asked.append(line.split()[1].partition(b"?")[2])
            elif line == b"\r\n":
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
