"""A check of any size on a cluster of this machine: a lost worker changes nothing of the report.

`USAGETWIN_CASES=1000000 make proof ARGS="tests/checker/running/shards/test_any_size.py -s"` is a million.
"""

import os
import sys
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.running.shards.clusters import Killer, killing
from tests.checker.running.shards.cut import WHERE, cut, faulty, without_time
from usagetwin_checker.findings import Verdict
from usagetwin_checker.running.shards.checking import check_in_shards
from usagetwin_checker.running.shards.places import Here, OnDask

if TYPE_CHECKING:
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.running.report import Report
    from usagetwin_checker.running.shards.places import Place
    from usagetwin_checker.running.shards.where import Where

CASES: Final = int(os.environ.get("USAGETWIN_CASES", "20000"))
A_SHARD: Final = 10_000  # requests, some twenty of which are kept for what is not needed
WORKERS: Final = 4

pytestmark = pytest.mark.proof


def timed(
    where: "Where", shards: int, budget: int, place: "Place", killer: Killer | None = None
) -> "tuple[Report, float]":
    """Check in shards; give the report, and the seconds that it took."""
    began_s = time.perf_counter()
    report = check_in_shards(where, *cut(shards, budget), place, progress=killer or no_killer)
    assert report is not None
    return report, time.perf_counter() - began_s


def asks(finding: "Finding") -> list[str]:
    """Give what was asked that shows a finding, to be asked again."""
    return [exchange.ask.query_string for exchange in finding.conversation]


def no_killer(_sent: int, _of: int) -> None:
    """Kill nobody."""


def test_a_cluster_that_loses_a_worker_reports_what_one_process_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All cases are there, nothing is found, and no number differs."""
    shards = max(-(-CASES // A_SHARD), 2 * WORKERS)
    budget = CASES + 100 * shards
    with killing(WORKERS) as (client, killer):
        on_cluster, cluster_s = timed(WHERE, shards, budget, OnDask(client), killer)

    here, here_s = timed(WHERE, shards, budget, Here())

    with capsys.disabled():
        figures = f"{cluster_s:.0f} s by {WORKERS} workers, {here_s:.0f} s by one process"
        sys.stdout.write(f"\n{on_cluster.requests} requests in {shards} shards: {figures}\n")
    assert killer.killed == 1
    assert on_cluster.requests >= CASES
    assert [(each.rule_id, each.message, asks(each)) for each in on_cluster.findings] == []
    assert (on_cluster.verdict, on_cluster.reasons) == (Verdict.PASS, ())
    assert without_time(on_cluster) == without_time(here)


@pytest.mark.parametrize("fault", ["metadata-missing", "rolling-written-as-floats", "link-to-the-last-key"])
def test_a_cluster_finds_what_one_process_finds(fault: str) -> None:
    """By the same conversations, in the same words."""
    with killing(2) as (client, killer):
        on_cluster, _ = timed(faulty(fault), 3, 600, OnDask(client), killer)

    here, _ = timed(faulty(fault), 3, 600, Here())

    assert on_cluster.verdict is Verdict.FAIL
    assert without_time(on_cluster) == without_time(here)
