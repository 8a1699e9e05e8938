"""What `usagetwin blind-spots` tells of a command, by sums of two days that are done by hand."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner

from tests.clicking import APART
from tests.leading.led import URL, long, looked, python
from tests.served import USAGETWIN, WITHIN_S
from tests.serving.processes import until
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

QUERY: Final = f"{URL}?from=1772323200&to=1772496000&aggregationType=incremental"
ASKS: Final = (
    "import json, os, urllib.request as u\n"
    f"got = u.urlopen(u.Request('{QUERY}', headers={{'Authorization': 'api-1'}})).read()\n"
    "answer = json.loads(got)\n"
    "counts = [sum(v for k, v in each.items() if k != 'time') for each in answer['series']]\n"
)
SUMS: Final = (
    f"{ASKS}print(os.environ['USAGETWIN_URL'])\nassert sum(counts) == 5 + 7\nassert counts[-1] == 7\n"
)
MARKS: Final = (
    "import os, pathlib, time\npathlib.Path({folder!r}, str(os.getpid())).touch()\ntime.sleep(600)\n"
)
UNNOTICED: Final = "metadata-missing"
NOTICED: Final = "incremental-is-cumulative"
HIDDEN: Final = "monthly-misses-the-last-day"
BRITTLE: Final = "descending"
HARMLESS: Final = "time-in-seconds"


@pytest.fixture
def world(tmp_path: Path) -> "Mapping[str, str]":
    """Give the variables of an account that counts 5 and 7 on the first days of March."""
    file = tmp_path / "small.csv"
    file.write_text("date,project,count\n2026-03-01,web,5\n2026-03-02,web,7\n", encoding="utf-8")
    return {"USAGETWIN_WORLD": str(file), "USAGETWIN_NOW": "2026-03-03T15:20:00Z"}


def test_each_fault_is_noticed_or_unnoticed_or_never_shown(
    world: "Mapping[str, str]", tmp_path: Path
) -> None:
    """The cumulative sum is 5 + 12, the last day moves, and nobody reads metadata or asks for months."""
    names = f"{NOTICED},{UNNOTICED},{HIDDEN},{BRITTLE},{HARMLESS}"
    page = tmp_path / "found.html"
    written = ("--outputs", str(tmp_path), "--json", "-", "--html", str(page))
    options = (names, "--jobs", "3", "--fail-on-blind-spots", *written)
    program = tmp_path / "program.py"
    program.write_text(SUMS, encoding="utf-8")

    ended = looked(*options, "--", sys.executable, str(program), environment=world)

    assert ended.returncode == 1
    document = json.loads(ended.stdout)
    assert {each["name"]: each["result"] for each in document["deviations"]} == {
        NOTICED: "noticed",
        UNNOTICED: "unnoticed",
        HIDDEN: "never-shown",
        BRITTLE: "noticed",
        HARMLESS: "unnoticed",
    }
    assert [each["requests"] for each in (document["honest"], *document["deviations"])] == [1] * 6
    again = f"-- {sys.executable} {program}"
    told = ended.stderr.splitlines()
    assert told[told.index("") - 1 :] == [
        "The command ran again, with 3 faults and 2 legal variations.",
        "",
        "1 fault that it did not notice:",
        "  metadata-missing",
        "    A 200 has no `metadata`.",
        "    breaks answer-is-a-series-list; usagetwin explain answer-is-a-series-list",
        f"    see it with usagetwin run --fault metadata-missing {again}",
        "",
        "1 fault noticed:",
        "  incremental-is-cumulative",
        "    exit status 1",
        "",
        "1 fault that changed no answer which it got:",
        "  monthly-misses-the-last-day",
        "",
        "1 legal variation of 2 made it fail, which assumes more than the contract says:",
        "  descending: the newest bucket comes first",
        "    exit status 1",
        f"    see it with usagetwin run --variation descending {again}",
    ]
    assert "1 fault that it did not notice" in page.read_text(encoding="utf-8")
    kept = {file.stem for file in tmp_path.glob("*.txt") if file.read_text().startswith("http://127.0.0.1:")}
    assert kept == {"honest", "honest-again", NOTICED, UNNOTICED, HIDDEN, BRITTLE, HARMLESS}


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        (("sh", "-c", "echo why; exit 4"), 3, "fails with the honest twin already: exit status 4\n"),
        long(("true",), 3, "the command 'true' sent no request, so it can notice nothing\n"),
        long(("no-such-command",), 127, "there is no command 'no-such-command'\n"),
    ],
)
def test_a_command_that_shows_nothing_of_itself_is_told(
    command: tuple[str, ...], status: int, said: str
) -> None:
    """With what it wrote, and without a table."""
    ended = looked("--", *command)

    assert (ended.returncode, ended.stdout) == (status, "")
    assert f"{said}  try   " in ended.stderr
    assert ("  | why\n" in ended.stderr) == ("echo why" in command[-1])


@pytest.mark.proof
def test_a_command_that_fails_when_it_runs_again_is_told(world: "Mapping[str, str]", tmp_path: Path) -> None:
    """It would have noticed everything."""
    once = f"{ASKS}import pathlib\npathlib.Path({str(tmp_path / 'once')!r}).mkdir()\n"

    ended = looked(UNNOTICED, "--", *python(once), environment=world)

    assert (ended.returncode, ended.stdout) == (3, "")
    assert "  | FileExistsError: " in ended.stderr
    assert "fails when it runs again without a fault: exit status 1\n  try   --jobs 1" in ended.stderr


@pytest.mark.proof
def test_a_command_that_hangs_has_noticed(world: "Mapping[str, str]") -> None:
    """It is stopped, and the others go on."""
    hangs = f"{ASKS}import time\nwhile 'metadata' not in answer: time.sleep(1)\n"

    ended = looked(f"{UNNOTICED},{NOTICED}", "--timeout", "20", "--", *python(hangs), environment=world)

    assert ended.returncode == 0
    lines = ended.stdout.splitlines()
    assert lines[lines.index(f"  {UNNOTICED}") + 1].startswith("    stopped, as it had not ended after 2")


@contextmanager
def looking(folder: Path) -> "Iterator[tuple[subprocess.Popen[str], Path]]":
    """Start to look with a command that does not end; give the process, and what /proc has of the command."""
    process = subprocess.Popen(
        [*USAGETWIN, "blind-spots", "--", *python(MARKS.format(folder=str(folder)))],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: any(folder.iterdir()))
        (led,) = folder.iterdir()
        yield process, Path("/proc", led.name)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("name", ["SIGTERM", long("SIGINT")])
def test_a_signal_ends_all_runs(name: str, tmp_path: Path) -> None:
    """The commands get it, too."""
    with looking(tmp_path) as (process, led):
        process.send_signal(signal.Signals[name])
        _, said = process.communicate(timeout=WITHIN_S)

        assert process.returncode == 128 + signal.Signals[name]
        assert said == "usagetwin: stopped, so nothing is told\n"
        assert not led.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process does not learn of its parent's end")
def test_runs_end_with_who_started_them(tmp_path: Path) -> None:
    """Also where that has no time to tell them."""
    with looking(tmp_path) as (process, led):
        process.kill()

        until(lambda: not led.exists())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no command is given\n  try   usagetwin blind-spots -- COMMAND"),
        (("npm", "test"), "no command is given\n  try   usagetwin blind-spots -- COMMAND"),
        (("metadata-mising", "--", "true"), "'metadata-mising'\n  try   metadata-missing"),
        (("default", "more", "--", "true"), "unexpected extra argument (more)"),
        (("--jobs", "0", "--", "true"), "0 is not in the range"),
        (("--json", "/no/such/folder/file", "--", "true"), "'/no/such/folder/file' can't be written"),
        (("--now", "soon", "--", "true"), "'soon'"),
    ],
)
def test_wrong_usage_runs_nothing(arguments: tuple[str, ...], said: str) -> None:
    """It has the status of wrong usage."""
    ended = CliRunner(**APART).invoke(main, ["blind-spots", *arguments])

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_a_program_that_takes_too_long_is_ended() -> None:
    """Its status is a shell's, and it is said that it was not in time."""
    ended = subprocess.run(
        python(
            "import os\n"
            "from usagetwin_checker.leading.forwarding import Forwarding\n"
            "from usagetwin_checker.leading.program import perform\n"
            "print(perform(['sleep', '600'], os.environ, Forwarding(), within_s=0.1))\n"
        ),
        check=True,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
    )

    assert ended.stdout == f"Ended(status={128 + signal.SIGTERM}, left_something=False, in_time=False)\n"


def test_what_was_found_does_not_take_the_place_of_the_account(
    world: "Mapping[str, str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a variable names it."""
    file = Path(world["USAGETWIN_WORLD"])
    account = file.read_text(encoding="utf-8")
    monkeypatch.setenv("USAGETWIN_WORLD", str(file))

    result = CliRunner().invoke(main, ["blind-spots", "--json", str(file), "--", sys.executable])

    assert result.exit_code == 2
    assert "the report would take the place of the world '" in result.output
    assert file.read_text(encoding="utf-8") == account
