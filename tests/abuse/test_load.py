"""What wrk reports of held load, and what is made of the memory in its course."""

import subprocess
import sys

import pytest

from tests.abuse.load import Watched, read

REPORT = """Running 30s test @ http://127.0.0.1:8080
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.16ms    7.66ms 1.04s    96.58%
    Req/Sec     9.04k     1.81k   12.48k    70.33%
  Latency Distribution
     50%  980.00us
     75%    2.11ms
     90%    5.71ms
     99%   36.20ms
  270113 requests in 30.05s, 283.16MB read
{trouble}Requests/sec:   8989.22
Transfer/sec:      9.42MB
"""
TROUBLE = "  Socket errors: connect 1, read 12, write 3, timeout 2\n  Non-2xx or 3xx responses: 4\n"


def test_a_report_without_trouble_has_waits_in_one_unit() -> None:
    """Milliseconds, whatever wrk has chosen for each."""
    seen = read(REPORT.format(trouble=""))

    assert (seen.answers, seen.refused, seen.unconnected, seen.broken, seen.late) == (270113, 0, 0, 0, 0)
    assert seen.waits_ms == {
        "50 % within": pytest.approx(0.98),
        "90 % within": 5.71,
        "99 % within": 36.2,
        "slowest": 1040.0,
    }


def test_a_report_with_trouble_tells_each_kind() -> None:
    """What could not connect is not what broke off."""
    seen = read(REPORT.format(trouble=TROUBLE))

    assert (seen.refused, seen.unconnected, seen.broken, seen.late) == (4, 1, 15, 2)


def test_memory_counts_from_a_third_of_the_time_on() -> None:
    """Before that, caches fill; from 100 s to 300 s it grows by 2 MB, which are 0.6 MB a minute."""
    with subprocess.Popen([sys.executable, "-c", ""], text=True) as process:
        twin = Watched(process, "usagetwin ready on http://127.0.0.1:1\n")
    twin.course_mb += [(0, 50.0), (100, 80.0), (200, 81.0), (300, 82.0)]

    assert twin.url == "http://127.0.0.1:1"
    assert twin.grown_mb() == 2.0
    assert twin.slope_mb() == pytest.approx(0.6)
