"""Tests of `usagetwin check` of a live account behind this machine: what is told, and what a day has."""

import json
import time
from pathlib import Path

import pytest

from tests.checker.commanding import check
from tests.checker.raw_server import answer, answering, saying
from tests.served import Twin

LIVE = ("--live", "--pace", "0")


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Count in a folder of the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "usagetwin" / "requests"


def test_what_may_be_spent_is_told_before_and_what_was_spent_afterwards(twin: Twin) -> None:
    """To people on the terminal, and in the report."""
    host = twin.url.removeprefix("http://")

    result = check(twin.url, *LIVE, "--per-day", "9", "--budget", "7")

    assert result.exit_code == 0, result.output
    assert result.output.startswith(
        f"usagetwin: {host} gets 9 requests a day (UTC): 0 were sent today, and this run sends 7 at most, "
    )
    assert f"{host} got 7 requests of this run, and 7 of the 9 that it gets today (UTC)" in result.output


def test_learning_gets_what_the_day_has_left(twin: Twin) -> None:
    """After the requests of the verdict, however many it may have."""
    options = ("--per-day", "12", "--budget", "8", "--learn-budget", "50")

    result = check(twin.url, *LIVE, *options)

    assert result.exit_code == 0, result.output
    assert "this run sends 12 at most" in result.output
    assert "got 12 requests of this run, and 12 of the 12 that it gets today" in result.output
    assert "by 4 requests of their own" in result.output


def test_a_day_that_has_nothing_left_is_inconclusive(state: Path) -> None:
    """With status 3, and without a request; its report file stays as it is."""
    with answering(saying(answer(b"{}"))) as server:
        first = check(server.url, *LIVE, "--per-day", "3")
        asked = len(server.heads)
        second = check(server.url, *LIVE, "--per-day", "3")
        third = check(server.url, *LIVE, "--per-day", "4", "--budget", "4")

    assert (first.exit_code, second.exit_code, third.exit_code) == (1, 3, 1)
    assert second.output.startswith("inconclusive: 127.0.0.1:")
    assert "got its 3 requests of today (UTC), and gets no more" in second.output
    assert (asked, len(server.heads)) == (3, 4)
    assert "3 were sent today, and this run sends 1 at most" in third.output
    (file,) = state.glob("*.json")
    assert json.loads(file.read_text(encoding="ascii"))["sent"] == 4


def test_the_time_of_a_check_bounds_its_waits_and_its_numbers_agree() -> None:
    """Where a header can't be read, as where none is there: what was asked for is named."""
    busy = answer(b'{"code": "rate_limited", "message": "m"}', "429 Slow", b"Retry-After: soon\r\n")
    started = time.monotonic()

    with answering(saying(busy)) as server:
        result = check(server.url, *LIVE, "--max-time", "1")

    assert time.monotonic() - started < 5
    assert result.exit_code == 3
    assert len(server.heads) == 3
    assert "got 3 requests of this run, and 3 of the 60" in result.output
    assert "; 1 request, and 2 sent again, in " in result.output
    assert "the target answers 429 (Retry-After: 'soon'), the next request would be 1.2 s later" in " ".join(
        result.output.split()
    )


def test_where_nobody_listens_the_day_keeps_its_requests(state: Path, unused_port: int) -> None:
    """However often that is tried."""
    runs = [check(f"http://127.0.0.1:{unused_port}", *LIVE, "--per-day", "5") for _ in range(3)]

    assert {run.exit_code for run in runs} == {3}
    assert "got 0 requests of this run, and 0 of the 5 that it gets today" in runs[-1].output
    assert "4 more could not be sent, and don't count" in " ".join(runs[-1].output.split())
    (file,) = state.glob("*.json")
    assert json.loads(file.read_text(encoding="ascii"))["sent"] == 0


def test_a_count_that_is_broken_sends_nothing(state: Path) -> None:
    """With status 2, the path, and the remedy."""
    with answering(saying(answer(b"{}"))) as server:
        check(server.url, *LIVE, "--budget", "1")
        (file,) = state.glob("*.json")
        file.write_text("60", encoding="ascii")
        result = check(server.url, *LIVE, "--budget", "1")

    assert result.exit_code == 2
    assert f"{file} is broken" in result.output
    assert "delete it" in result.output
    assert len(server.heads) == 1


def test_show_plan_sends_no_more_than_its_probes(twin: Twin, state: Path) -> None:
    """They count."""
    assert check(twin.url, *LIVE, "--show-plan").exit_code == 0

    (file,) = state.glob("*.json")
    assert json.loads(file.read_text(encoding="ascii"))["sent"] == 2
