"""A sample of every probe: what `make abuse` tries often is tried here a little, and all of it holds."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.claims import AbsentError
from tests.abuse import __main__
from tests.abuse.probes import PROBES
from tests.abuse.rows import FULL, SAMPLE, Effort, Row
from tests.sampling import sampled

TRIED_ELSEWHERE = {"replicas"}  # by tests/deploy, as much as a sample would
QUICK = ("connections", "large", "memory", "mutated", "spoiled", "unique", "worlds")

pytestmark = [
    pytest.mark.skipif(
        sys.platform != "linux" or not Path("/dev/full").exists(),
        reason="processes, their memory and a full disk are looked at as Linux shows them",
    ),
    pytest.mark.no_cover,  # whole checks: traced, they take twice as long
]


def rows_of(probe: str, effort: Effort) -> list[Row]:
    """Give what came of a probe; the test is skipped where a program that it takes is absent."""
    try:
        return PROBES[probe](effort)
    except AbsentError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("probe", sampled([name for name in PROBES if name not in TRIED_ELSEWHERE], QUICK))
def test_a_sample_of_each_probe_holds(probe: str) -> None:
    """Every attempt ends as it should, and every figure is within its bound."""
    rows = rows_of(probe, SAMPLE)

    assert rows
    assert [row.cells for row in rows if not row.kept] == []


@pytest.mark.proof
@pytest.mark.parametrize("probe", PROBES)
def test_each_probe_holds_as_often_as_the_page_says(probe: str) -> None:
    """The same at the size of docs/reliability.md, but for held load: a minute of each will do."""
    effort = replace(FULL, load_s=60, kill_every_s=15)

    assert [row.cells for row in rows_of(probe, effort) if not row.kept] == []


def test_a_probe_that_lacks_a_program_is_skipped_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """And with the way to get it; the command goes on with the others."""
    monkeypatch.setenv("PATH", "")

    ended = CliRunner().invoke(__main__.main, ["--only", "load", "--sample"])

    assert ended.exit_code == 0, ended.output
    assert "skipped load: wrk is not on PATH; install it from your distribution" in ended.output
