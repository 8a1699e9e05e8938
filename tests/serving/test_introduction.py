"""What a served twin says of itself: world, clock, profile, policies, fault, and a command to try."""

import shlex
import shutil
import subprocess
import sys
from time import monotonic
from typing import TYPE_CHECKING

import click
import pytest

from tests.acme import FULL, MAR_1, NOW, WORLD
from tests.checker.recorded import daily
from tests.replay.taped import tape
from tests.served import WITHIN_S, run, served
from tests.siblings import ERRORS, LOGS, operations
from usagetwin import Settings
from usagetwin.account.world import load_world
from usagetwin.commands.introduction import introduction, replayed
from usagetwin.settings import DEMO_TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.served import Twin

URL = "http://127.0.0.1:8080"


def said(**settings: object) -> list[str]:
    """Give the lines of a twin with these settings."""
    chosen = Settings(**settings)  # type: ignore[arg-type]  # -- settings by name
    return list(introduction(chosen, load_world(chosen.world), URL))


def value(lines: list[str], label: str) -> str:
    """Give what stands beside a label; empty where it is not there."""
    found = [line for line in lines if click.unstyle(line).split()[0] == label]
    return click.unstyle(found[0]).strip().removeprefix(label).strip() if found else ""


def test_it_names_world_projects_clock_and_profile() -> None:
    """What is at its default is not listed."""
    lines = said(now="2026-03-17")

    assert lines[0] == "usagetwin serves the world business-week"
    assert value(lines, "projects") == "default, mobile, checkout, internal-tools"
    assert value(lines, "clock") == "frozen at 2026-03-17T00:00:00Z"
    assert value(lines, "profile") == "documented"
    assert value(lines, "policies") == ""
    assert value(lines, "fault") == ""


def test_without_now_the_clock_is_the_machines() -> None:
    """No instant is named, since it moves."""
    assert value(said(), "clock") == "the machine's"


def test_a_day_that_a_file_gives_is_announced_as_partial_while_it_is_open(acme_file: str) -> None:
    """Its count will not be the file's; not before or after the given days, nor under the policy."""
    assert value(said(world=acme_file, now=NOW), "today") == (
        "2026-03-03 is counted so far, 50% of its sessions; all of them with --policy open_day=whole"
    )
    assert value(said(world=acme_file, now=NOW, policies={"open_day": "whole"}), "today") == ""
    for now in ("2026-03-04", "2026-02-26"):
        assert value(said(world=acme_file, now=now), "today") == ""
    assert value(said(now=NOW), "today") == ""


def test_of_many_projects_the_first_are_named() -> None:
    """A start stays short."""
    assert value(said(world="two-hundred"), "projects").endswith(" and 192 more")


def test_policies_that_differ_are_listed_whoever_set_them(acme_file: str, tmp_path: "Path") -> None:
    """The profile, the world, the option; one that is set to its default is no difference."""
    file = tmp_path / "own.yaml"
    file.write_text(WORLD + "policies: {error_id: 'on', beta: ignored}\n", encoding="utf-8")

    lines = said(world=str(file), profile="observed", policies={"projects": "separate"})

    assert value(lines, "policies") == "projects=separate, error_id=on, cors=on, quota=1000"
    assert value(said(world=acme_file), "policies") == ""
    assert lines[0] == f"usagetwin serves the world acme ({file})"


def test_a_fault_is_red_and_a_variation_is_not() -> None:
    """With what a user sees of it, and the rules that it breaks."""
    (fault,) = [line for line in said(deviation="rolling-of-31-days") if "rolling" in line]
    (variation,) = [line for line in said(deviation="sparse") if "sparse" in line]

    assert fault.startswith("\x1b[31m  fault     rolling-of-31-days: ")
    assert "(breaks rolling-30d-sums" in fault
    assert variation.startswith("  differs   sparse: ")


@pytest.mark.parametrize(
    ("settings", "token"),
    [
        ({}, DEMO_TOKEN),
        ({"world": "tokens"}, DEMO_TOKEN),
        (
            {"world": "tokens", "policies": {"unknown_tokens": "reject"}},
            "api-00000000-0000-4000-8000-00000000beef",
        ),
    ],
)
def test_the_command_has_a_token_that_works(settings: dict[str, object], token: str) -> None:
    """The invented one, or an invented one of a world that knows no other."""
    assert f"'Authorization: {token}'" in value(said(**settings), "try")


def test_a_token_of_the_users_own_world_is_not_shown(acme_file: str) -> None:
    """It may be a real one; the command asks for it by name."""
    lines = said(world=acme_file, policies={"unknown_tokens": "reject"})

    assert FULL not in "".join(lines)
    assert '"Authorization: ${USAGETWIN_TOKEN:?' in value(lines, "try")


@pytest.mark.parametrize(
    ("listening", "asking"),
    [("http://0.0.0.0:80", "http://127.0.0.1:80"), ("http://[::]:80", "http://[::1]:80")],
)
def test_an_address_that_nobody_can_ask_becomes_one(listening: str, asking: str) -> None:
    """It means every address of the machine."""
    settings = Settings()

    lines = list(introduction(settings, load_world(settings.world), listening))

    assert shlex.split(value(lines, "try"))[-1].startswith(asking)


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("curl") is None, reason="needs a shell and curl")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_the_command_works_as_pasted(acme_file: str, profile: str) -> None:
    """In a shell, with every header that the profile needs; the ready line comes last."""
    with served("--world", acme_file, "--now", NOW, "--profile", profile) as twin:
        line = _command(twin)
        answer = subprocess.run(  # noqa: S602 -- as pasted
            line.removeprefix("  try"),
            shell=True,
            capture_output=True,
            text=True,
            check=True,
        )
        twin.stop()

    assert answer.stdout.startswith('{"_links":')
    assert "\x1b" not in "".join(twin.log)


def _command(twin: "Twin") -> str:
    """Give the line with the command; what a process writes to its log is read by another thread."""
    deadline = monotonic() + WITHIN_S
    while monotonic() < deadline:
        for line in list(twin.log):
            if line.startswith("  try "):
                return line
    raise AssertionError(twin.log)


@pytest.mark.parametrize(
    "options",
    [
        ("--fault", "rolling-of-31-days", "--fault", "counts-are-strings"),
        ("--variation", "sparse", "--variation", "descending"),
        ("--fault", "counts-are-strings", "--variation", "sparse"),
    ],
)
def test_a_second_deviation_is_refused(options: tuple[str, ...]) -> None:
    """Each is written against a twin without another; none is left out without a word."""
    ended = run("serve", "--port", "0", *options)

    assert ended.returncode == 2
    assert ended.stderr.startswith("usagetwin: a twin shows one deviation, and 2 are given: ")
    assert " ".join(options[:2]) in ended.stderr
    assert options[3] in ended.stderr


def test_it_names_the_operations_where_they_are_others_than_the_vendored_one() -> None:
    """What each counts, and the first of them to try."""
    lines = said(operations=operations(ERRORS, LOGS))

    assert lines[1:3] == [
        f"  serves    GET {ERRORS}, the observability errors",
        f"  serves    GET {LOGS}, the observability logs",
    ]
    assert value(lines, "try").endswith(f"{URL}{ERRORS}")
    assert value(said(), "serves") == ""


def test_a_recording_of_one_entry_has_one(tmp_path: "Path") -> None:
    """Also where it is cut off."""
    made = tape(tmp_path, daily("incremental", (MAR_1, 31)))
    made.cut = True

    assert "  cut off   after 1 whole entry" in list(replayed(made, URL))
