"""`usagetwin worlds`: the list, and what is in one world."""

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tests.acme import FULL, NOW
from tests.project.checkout import text
from tests.served import USAGETWIN, run
from usagetwin.account.world import world_names
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    from pathlib import Path


def printed(*arguments: str) -> list[str]:
    """Give the lines that the command prints where no terminal is."""
    ended = CliRunner().invoke(main, ["worlds", *arguments])
    assert ended.exit_code == 0, ended.output
    return ended.output.splitlines()


def parsed(*arguments: str) -> Any:  # noqa: ANN401 -- a JSON document
    """Give what the command prints as JSON."""
    return json.loads("\n".join(printed(*arguments, "--json")))


def test_the_list_has_one_line_for_each_world() -> None:
    """Uncut, so that `grep` finds what it is for."""
    lines = printed()

    assert [line.split()[0] for line in lines] == list(world_names())
    assert any(line.endswith("so that filters, sums and creation days all show.") for line in lines)


def test_the_list_is_there_as_json() -> None:
    """Name and purpose of each."""
    assert [each["name"] for each in parsed()] == list(world_names())
    assert all(each["about"] for each in parsed())


def test_several_worlds_are_shown_one_after_the_other(acme_file: str) -> None:
    """In the order that they are named in; as JSON they are a list."""
    both = parsed(acme_file, "idle", "--now", NOW)

    assert both == [parsed(acme_file, "--now", NOW), parsed("idle", "--now", NOW)]
    assert printed(acme_file, "idle", "--now", NOW) == [
        *printed(acme_file, "--now", NOW),
        *printed("idle", "--now", NOW),
    ]


def test_of_several_worlds_one_that_can_not_be_read_is_told(acme_file: str, tmp_path: "Path") -> None:
    """By its own name and line, and nothing is shown of the others."""
    broken = tmp_path / "broken.yaml"
    broken.write_text("projects: 7\n", encoding="utf-8")

    ended = run("worlds", acme_file, str(broken))

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "broken.yaml" in ended.stderr


def test_a_world_is_added_up_until_now(acme_file: str) -> None:
    """By hand: web has 10+20+30+40 and half of 50, app 1+2 and half of 4; February has 30."""
    world = parsed(acme_file, "--now", NOW)

    assert (world["name"], world["now"], world["sessions"]) == ("acme", NOW, 130)
    assert world["projects"] == [
        {"key": "web", "created": "2026-02-27", "sessions": 125, "last_30_days": 125},
        {"key": "app", "created": "2026-03-01", "sessions": 5, "last_30_days": 5},
    ]
    assert world["months"] == [
        {"month": "2026-02", "sessions": 30},
        {"month": "2026-03", "sessions": 100},
    ]


def test_the_last_30_days_end_with_today(acme_file: str) -> None:
    """At the end of 30 March: the 27th and 28th of February are out, the first of March is in."""
    (web, _) = parsed(acme_file, "--now", "2026-03-30T12:00:00Z")["projects"]

    assert (web["sessions"], web["last_30_days"]) == (150, 120)


def test_a_project_of_the_future_has_nothing_yet(acme_file: str) -> None:
    """Neither total nor month; before any project there is no month at all."""
    world = parsed(acme_file, "--now", "2026-02-28T00:00:00Z")
    before = parsed(acme_file, "--now", "2026-01-01")

    assert [each["sessions"] for each in world["projects"]] == [10, 0]
    assert (before["sessions"], before["months"]) == (0, [])
    assert printed(acme_file, "--now", "2026-01-01")[-1].startswith("project  app")


def test_without_a_terminal_each_record_is_a_line(acme_file: str) -> None:
    """No box, no bar, no folding."""
    lines = printed(acme_file, "--now", NOW)

    assert lines[0] == "world     acme"
    assert "project  web  created 2026-02-27  125 sessions  125 in 30 days" in lines
    assert lines[-1] == "month  2026-03  100"


def test_tokens_of_the_worlds_that_come_with_usagetwin_are_shown() -> None:
    """They are invented, and there to be used."""
    lines = printed("tokens")

    assert "token     api-00000000-0000-4000-8000-00000000dead  revoked" in lines


def test_tokens_of_the_users_own_world_are_masked(acme_file: str) -> None:
    """They may be real; beginning and end are enough to know one's own."""
    assert FULL not in "\n".join([*printed(acme_file), *printed(acme_file, "--json")])
    assert parsed(acme_file)["tokens"][0] == {"token": "api-...beef", "role": "full"}


def test_a_short_token_is_masked_whole(tmp_path: "Path") -> None:
    """Its ends would be most of it."""
    file = tmp_path / "own.yaml"
    file.write_text(
        "name: own\nabout: x\nprojects: [{key: p, counts: {2026-01-01: 5}}]\n"
        "tokens: [{token: secret-hunter2, role: full}]\n",
        encoding="utf-8",
    )

    assert parsed(str(file))["tokens"] == [{"token": "...", "role": "full"}]


@pytest.mark.parametrize("arguments", [("no-such-world",), ("idle", "--now", "yesterday")])
def test_a_wrong_name_or_instant_is_said_with_what_would_be_right(arguments: tuple[str, ...]) -> None:
    """Exit status 2, no traceback."""
    ended = run("worlds", *arguments)

    assert ended.returncode == 2
    assert arguments[-1] in ended.stderr
    assert "\n  try   " in ended.stderr


@pytest.mark.parametrize("name", world_names())
def test_every_world_that_comes_with_usagetwin_is_shown(name: str) -> None:
    """One in the future, one without sessions, one with 200 projects, one beyond 2^53."""
    assert printed(name)[0] == f"world     {name}"


def test_the_guide_shows_what_is_printed() -> None:
    """Line for line."""
    command = "given-counts", "--now", "2026-03-17T15:20:00Z"
    shown = text("docs/worlds.md").split(f"$ usagetwin worlds {' '.join(command)}\n")[1].split("```")[0]

    assert printed(*command) == shown.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
@pytest.mark.parametrize(("encoding", "bar"), [("utf-8", "█"), ("ascii", "#")])
def test_a_terminal_gets_a_chart(acme_file: str, encoding: str, bar: str) -> None:
    """The longest month is 40 wide, and the others in proportion: 30 of 100 is 12."""
    shown = _in_a_terminal(encoding, "worlds", acme_file, "--now", NOW)

    assert f"month  2026-02   30  {bar * 12}\r\n" in shown
    assert f"month  2026-03  100  {bar * 40}\r\n" in shown
    assert max(map(len, shown.splitlines())) <= 80


def _in_a_terminal(encoding: str, *arguments: str) -> str:
    """Run a command with its output on a terminal of 80 columns, and give what it writes."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": encoding}
    process = subprocess.Popen([*USAGETWIN, *arguments], stdout=theirs, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # Linux says so that the other end is closed
        pass
    os.close(ours)
    assert process.wait(60) == 0
    return shown.decode()
