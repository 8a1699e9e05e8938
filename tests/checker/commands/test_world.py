"""Tests of `usagetwin world RECORDING`."""

import json
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from tests.acme import MAR_1, MAR_2, MAR_3, NOW
from tests.checker.commanding import check
from tests.checker.hostile import body, linked
from tests.checker.recorded import AT_S, daily, entry, har, recorded_run
from tests.served import served
from usagetwin.account.world import load_world
from usagetwin_checker.commands.main import main

SMALL: Final = ("--budget", "60", "--max-examples", "0")
SAMPLES: Final = Path(__file__).parents[1] / "talking" / "recordings" / "samples"


def world(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["world", *arguments], env={"USAGETWIN_TOKEN": ""})


@pytest.fixture
def recording(tmp_path: Path) -> str:
    """Give a recording of two views of two days."""
    file = tmp_path / "calls.har"
    file.write_bytes(
        har(
            daily("month_to_date", (MAR_1, 31), (MAR_2, 73)),
            daily("incremental", (MAR_1, 31), (MAR_2, 42)),
            entry(),
        )
    )
    return str(file)


@pytest.mark.no_cover
def test_a_recorded_check_becomes_a_world_that_is_checked_alike(acme_file: str, tmp_path: Path) -> None:
    """Record, check offline, recover, serve, check that and what was recorded: the same verdict each time."""
    recording, made = str(tmp_path / "run.har"), str(tmp_path / "made.yaml")
    with served("--world", acme_file, "--now", NOW) as twin:
        live = check(twin.url, *SMALL, "--project", "web", "--project", "app", "--record", recording)
    offline = check(recording)
    recovered = world(recording, "-o", made)
    with served("--world", made) as twin:
        again = check(twin.url, *SMALL, "--project", "web", "--project", "app")
    with served("--replay", recording) as replay:
        replayed = check(replay.url, *SMALL, "--project", "web", "--project", "app")
    in_process = check("twin", "--world", made, *SMALL)

    results = (live, offline, recovered, again, replayed, in_process)
    assert [each.exit_code for each in results] == [0] * 6, [each.output[-300:] for each in results]
    assert " recorded, which the twin gives; 0 that it gives otherwise" in recovered.output
    assert "beyond those recorded" not in recovered.output
    assert "the twin lacks" not in recovered.output


def test_a_world_says_of_each_count_whether_it_is_known(recording: str, tmp_path: Path) -> None:
    """In comments; on the terminal there are the days of each project by that."""
    made = tmp_path / "made.yaml"

    result = world(recording, "-o", str(made))

    assert result.exit_code == 0, result.output
    text = made.read_text(encoding="utf-8")
    assert text.startswith("# What the answers of calls.har imply, as of 2026-03-03T23:59:59Z.")
    assert "      2026-03-02: 42\n      2026-03-03: 27\n" in text
    assert "    created: 2026-03-01  # guessed: no answer shows it\n" in text
    assert "project  all-projects  created 2026-03-01  3 days  3 known" in result.output
    assert "note    the project all-projects stands for all that no request named" in result.output
    assert load_world(str(made)).now == MAR_3 + 86399


def test_without_a_file_the_world_is_the_output(recording: str) -> None:
    """What is for people goes to the errors."""
    result = world(recording)

    assert result.exit_code == 0
    assert result.stdout.startswith("# What the answers of")
    assert "values  " in result.stderr


@pytest.mark.parametrize("name", ["vcrpy.yaml", "mitmproxy.flows", "mitmproxy.har"])
def test_what_other_tools_wrote_becomes_a_world(name: str, tmp_path: Path) -> None:
    """By VCR.py and mitmproxy: a twin of the small account, asked for all of it and for web."""
    made = str(tmp_path / "made.yaml")

    result = world(str(SAMPLES / name), "-o", made)

    assert result.exit_code == 0, result.output
    assert "0 that it gives otherwise" in result.output
    assert [project.key for project in load_world(made).projects] == ["web", "other-projects"]


def test_contradictions_are_refused_with_what_a_check_finds(tmp_path: Path) -> None:
    """Nothing is written then."""
    file, made = tmp_path / "calls.har", tmp_path / "made.yaml"
    file.write_bytes(
        har(
            daily("month_to_date", (MAR_1, 31), (MAR_2, 74)),
            daily("incremental", (MAR_1, 31), (MAR_2, 42)),
        )
    )

    checked, result = check(str(file)), world(str(file), "-o", str(made))

    assert result.exit_code == checked.exit_code == 1
    assert "failure month-to-date-sums" in result.output
    assert "no account gives these answers, and no world was written" in result.output
    assert not made.exists()


def test_sums_that_no_counts_give_are_refused(tmp_path: Path) -> None:
    """A check does not see that 30 days have less than one of them, as no sums of views say so."""
    file, query = tmp_path / "calls.har", f"?from={MAR_3}&to={MAR_3 + 86400}&aggregationType=rolling_30d"
    whole = entry(query, linked(body((MAR_3 * 1000, 10)), query))
    file.write_bytes(har(daily("incremental", (MAR_1, 31), (MAR_2, 42)), whole))
    when = ("--now", "2026-03-05", "--settles-after", "0")

    checked, result = check(str(file), *when), world(str(file), *when)

    assert (checked.exit_code, result.exit_code) == (0, 1), checked.output + result.output
    assert "no counts of all-projects that are never negative give its answers" in result.output


def test_a_recording_without_an_account_is_no_world(tmp_path: Path) -> None:
    """With what a check says of it."""
    file = tmp_path / "calls.har"
    file.write_bytes(har(entry(content='{"code": "x", "message": "y"}', status=401)))

    result = world(str(file))

    assert result.exit_code == 3
    assert "no query was answered with 200" in result.output
    assert "the recording shows no account, and no world was written" in result.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "made.csv"), "has no ending by which it is read as a world"),
        (("-o", "none/made.yaml"), "can't be written"),
        (("--complete",), "--complete says that the projects given are all"),
        (("--now", "soon"), "the instant 'soon' can't be read"),
        (("--recorded-at", "https://else.example"), "is not where calls.har was recorded"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_written(
    options: tuple[str, ...], said: str, recording: str
) -> None:
    """With exit status 2."""
    result = world(recording, *options)

    assert result.exit_code == 2
    assert said in result.output


def test_a_recording_without_entries_is_not_told_to_give_a_time(tmp_path: Path) -> None:
    """No option helps there."""
    file = tmp_path / "empty.har"
    file.write_bytes(har())

    result = CliRunner().invoke(main, ["world", str(file)])

    assert result.exit_code == 3
    assert "is in the recording" in result.output
    assert "--now" not in result.output


def test_a_recording_that_is_not_there_is_told_with_what_would_do(tmp_path: Path) -> None:
    """Which is another recording: a world is made of nothing else."""
    result = world(str(tmp_path / "none.har"))

    assert result.exit_code == 2
    assert result.output.endswith("  try   a recording that exists and can be read\n")


def test_a_recording_is_not_replaced_by_its_world(tmp_path: Path) -> None:
    """A cassette has the same ending."""
    file = tmp_path / "cassette.yaml"
    file.write_bytes((SAMPLES / "vcrpy.yaml").read_bytes())

    result = world(str(file), "-o", str(file))

    assert result.exit_code == 2
    assert "would take the place of the recording" in result.output


def test_what_the_world_does_not_have_is_said(tmp_path: Path) -> None:
    """A target that shows days in seconds, and has rate limits."""
    file = tmp_path / "run.har"
    recorded_run(file, now=NOW, world="single-project", deviation="time-in-seconds")
    document = json.loads(file.read_text(encoding="utf-8"))
    document["log"]["comment"] = document["log"]["comment"].replace('"strict":true', '"strict":false')
    for each in document["log"]["entries"]:
        each["response"]["headers"].append({"name": "X-Ratelimit-Reset", "value": "1"})
    file.write_text(json.dumps(document), encoding="utf-8")

    result = world(str(file), "-o", str(tmp_path / "made.yaml"))

    assert result.exit_code == 0, result.output
    assert "note    the target differs from the twin: time-is-milliseconds" in result.output
    assert "note    answers have X-Ratelimit headers" in result.output


def test_readings_that_do_not_hold_are_named(tmp_path: Path) -> None:
    """A day that was still counted has many; five are named, and the rest counted."""
    file = tmp_path / "calls.har"
    readings = [body((MAR_1 * 1000, 31), (MAR_2 * 1000, 73), (MAR_3 * 1000, 90 + more)) for more in range(8)]
    file.write_bytes(har(*(entry(content=each, at_s=AT_S + at) for at, each in enumerate(readings))))

    result = world(str(file))

    assert result.exit_code == 0, result.output
    assert (
        "note    not in the world, 7 values, an earlier reading of a day that was still counted"
        in result.stderr
    )
    assert " is 93; month_to_date of 2026-03-03 for all projects is 92 and 2 more" in result.stderr
    assert "values  3 recorded, which the twin gives; 7 that it gives otherwise" in result.stderr
    assert "note    the twin gives 7 values otherwise: month_to_date bucket 2026-03-03" in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full is Linux's to give")
def test_a_world_that_can_not_be_written_is_told(recording: str, tmp_path: Path) -> None:
    """With exit status 2, as nothing was made."""
    made = tmp_path / "made.yaml"
    made.symlink_to("/dev/full")

    result = world(recording, "-o", str(made))

    assert result.exit_code == 2
    assert "can't be written: No space left on device" in result.output
