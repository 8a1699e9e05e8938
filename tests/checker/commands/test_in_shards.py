"""Tests of `usagetwin check --shards`, `--workers` and `--scheduler`, and of what they are refused with."""

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner

from tests.checker.commanding import check
from tests.checker.running.shards.clusters import threads
from tests.checker.running.shards.cut import NOW
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET: Final = "api-5ec2e7aa-0000-4000-8000-000000000000"
TWIN: Final = ("twin", "--now", NOW, "--shards", "2", "--budget", "48")
NOWHERE: Final = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def scheduler() -> "Iterator[Any]":
    """Give a cluster on a port of this machine."""
    with threads(1, "tcp") as cluster:
        yield cluster


def report_of(*arguments: str, file: "Path") -> Any:  # noqa: ANN401 -- JSON
    """Run a check, and give its report without times."""
    result = check(*arguments, "--json", str(file))
    assert result.exit_code == 0, result.output
    assert "(seed 0, 2 shards)" in result.output
    report = json.loads(file.read_text(encoding="utf-8"))
    return {name: each for name, each in report.items() if name not in ("seconds", "phases")}


@pytest.mark.no_cover
def test_a_check_in_shards_is_the_same_wherever_it_runs(scheduler: Any, tmp_path: "Path") -> None:  # noqa: ANN401 -- untyped
    """In this process, and on the workers of a scheduler."""
    here = report_of(*TWIN, file=tmp_path / "here.json")
    there = report_of(*TWIN, "--scheduler", scheduler.scheduler_address, file=tmp_path / "there.json")

    assert here == there
    assert (here["verdict"], here["options"]["shards"], here["options"]["budget"]) == ("pass", 2, 48)


def test_a_target_that_does_not_answer_is_inconclusive_once(tmp_path: "Path") -> None:
    """All shards say the same, and the report says it once."""
    result = check(NOWHERE, "--shards", "2", "--budget", "40", "--json", str(tmp_path / "report.json"))

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert result.exit_code == 3
    assert len(report["reasons"]) == 1
    assert report["ended"] == "target"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("twin", "--scheduler", "tcp://127.0.0.1:1"), ("nothing says how many", "--shards N")),
        (
            ("twin", "--workers", "2", "--shards", "2", "--scheduler", "tcp://127.0.0.1:1"),
            ("--workers 2 runs on this machine", "one of them"),
        ),
        (("twin", "--shards", "2", "--scheduler", "x"), ("'x' is no address", "tcp://HOST:8786")),
        (("twin", "--shards", "9", "--budget", "90"), ("leaves a shard 10 requests", "--budget 180")),
        (("twin", "--shards", "2", "--dry-run"), ("--dry-run is about one run", "without --shards")),
        (("twin", "--shards", "2", "--show-plan"), ("--show-plan is about one run", "without --shards")),
        (("twin", "--shards", "2", "--record", "x.har"), ("--record is about one run", "without --shards")),
        (("twin", "--shards", "2", "--learn"), ("--learn is about one run", "without --shards")),
        (("twin", "--shards", "2", "--learn-budget", "0"), ("--learn-budget is about one run", "--shards")),
        (("twin", "--shards", "2", "--write-profile", "x"), ("--write-profile is about one run", "--shards")),
        ((NOWHERE, "--live", "--shards", "2"), ("asked one request at a time", "a target on this machine")),
        (
            ("https://app.launchdarkly.com", "--workers", "2"),
            ("asked one request at a time", "a target on this machine"),
        ),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    """With what would, before anything is asked."""
    result = check(*arguments)

    printed = " ".join(f"{result.output} {result.exception}".split())
    assert result.exit_code != 0
    assert [each for each in words if each not in printed] == []


@pytest.mark.parametrize("option", ["--shards", "--workers", "--scheduler"])
def test_a_recording_is_not_cut(option: str, tmp_path: "Path") -> None:
    """It was asked already."""
    file = tmp_path / "some.har"
    file.write_text('{"log": {"entries": []}}', encoding="utf-8")

    result = check(str(file), option, "2")

    assert f"{option} says how a target is asked" in f"{result.output} {result.exception}"


def test_no_token_is_in_what_dask_keeps(scheduler: Any) -> None:  # noqa: ANN401 -- untyped
    """In no task, no log and no event of the scheduler and its workers."""
    with scheduler.get_client() as client:
        result = check(
            NOWHERE,
            *("--shards", "2", "--budget", "40", "--scheduler", scheduler.scheduler_address),
            token=SECRET,
        )
        logs = client.get_worker_logs(), client.get_scheduler_logs(), client.get_events()
        graphs = [task.run_spec for task in scheduler.scheduler.tasks.values()]

    assert result.exit_code == 3
    assert SECRET not in repr((logs, graphs, result.output))


@pytest.mark.proof
def test_a_score_is_the_same_wherever_it_runs(scheduler: Any, tmp_path: "Path") -> None:  # noqa: ANN401 -- untyped
    """The table has the faults in their order, however they ended."""
    tables = []
    for number, place in enumerate(((), ("--scheduler", scheduler.scheduler_address))):
        file = tmp_path / f"{number}.md"
        asked = ("score", "links-missing", "metadata-missing", "--markdown", str(file), *place)
        result = CliRunner().invoke(main, asked)
        assert result.exit_code == 0, result.output
        tables.append(file.read_text(encoding="utf-8"))

    assert tables[0] == tables[1]
    assert tables[0].index("metadata-missing") < tables[0].index("links-missing")
