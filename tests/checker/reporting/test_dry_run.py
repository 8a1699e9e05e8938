"""Tests of `usagetwin_checker.reporting.dry_run`, by the option `--dry-run` of `usagetwin check`."""

import json
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.acme import NOW
from tests.checker.commanding import check
from tests.checker.raw_server import answer, answering, saying
from usagetwin_checker.talking.tokens import ANY_TOKEN

LIVE = "https://app.launchdarkly.com"
BASH = shutil.which("bash")
TOKEN = "api-33333333-3333-4333-8333-3333333355ec"


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Count in a folder of the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing leave the process."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        message = "something was sent"
        raise AssertionError(message)

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


@pytest.mark.usefixtures("unheard")
def test_nothing_is_sent_and_nothing_is_written(state: Path) -> None:
    """Not even a question for a name; the budget is told as before a run."""
    result = check(LIVE, "--dry-run", "--now", NOW, token=TOKEN)

    assert result.exit_code == 0, result.output
    assert "app.launchdarkly.com gets 60 requests a day (UTC): 0 were sent today" in result.output
    assert result.output.count("\ncurl -s ") == 60
    assert result.output.endswith("# 60 requests, planned around 2026-03-03T12:00:00Z; none was sent\n")
    assert TOKEN not in result.output
    assert "${USAGETWIN_TOKEN:?" in result.output
    assert not state.exists()


@pytest.mark.usefixtures("unheard")
def test_one_request_is_told_as_one_that_a_run_would_send() -> None:
    """Around the midnight of this machine's day, where nobody says another time."""
    result = check(LIVE, "--dry-run", "--budget", "1", token=TOKEN)

    assert "and a run would send 1 at most" in result.output
    assert re.search(
        r"\n# 1 request, planned around \d{4}-\d\d-\d\dT00:00:00Z; none was sent\n$", result.output
    )


def test_nothing_is_sent_to_this_machine_either() -> None:
    """Methods other than GET are among what would be."""
    with answering(saying(answer(b"{}"))) as server:
        result = check(server.url, "--dry-run", "--budget", "400")

    assert result.exit_code == 0, result.output
    assert server.heads == []
    assert " -X POST " in result.output


@pytest.mark.usefixtures("unheard")
@pytest.mark.skipif(BASH is None, reason="there is no bash to read the script")
def test_what_is_printed_is_a_script(tmp_path: Path) -> None:
    """Whatever the keys are: each request is one command, and nothing else is run."""
    bad = "a'; touch injected #\nb"
    result = check(LIVE, "--dry-run", "--project", bad, "--project", "$(touch injected)", token=TOKEN)
    script = 'curl() { echo "$#"; }\n' + result.output.partition("\n")[2]

    ran = subprocess.run(
        [str(BASH), "-eu", "-c", script],
        env={"USAGETWIN_TOKEN": TOKEN, "PATH": "/nonexistent"},
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )

    assert len(ran.stdout.split()) == 60
    assert ran.stderr == ""


@pytest.mark.usefixtures("unheard")
@pytest.mark.parametrize("to_file", [True, False])
def test_a_program_gets_it_as_json(tmp_path: Path, to_file: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """In a file, beside the commands, or alone on the output."""
    file = tmp_path / "requests.json"

    result = check(
        "twin", "--dry-run", "--now", NOW, "--budget", "9", "--json", str(file) if to_file else "-"
    )
    document = json.loads(file.read_text(encoding="utf-8") if to_file else result.output)

    assert result.exit_code == 0
    assert ("curl -s" in result.output.splitlines()[1]) is to_file
    assert [each["number"] for each in document["requests"]] == [*range(1, 10)]
    assert document["requests"][0] == {
        "number": 1,
        "about": "learn the current time: the default window",
        "method": "GET",
        "url": "http://127.0.0.1:8080/api/v2/usage/observability/sessions",
        "curl": f"curl -s -H 'Authorization: {ANY_TOKEN}' -H 'LD-API-Version: beta' "
        "http://127.0.0.1:8080/api/v2/usage/observability/sessions",
    }
    del document["requests"]
    assert document == {
        "format": "urn:usagetwin:dry-run:1",
        "target": "twin",
        "now": "2026-03-03T12:00:00Z",
        "budget": 9,
        "notes": [],
    }


@pytest.mark.usefixtures("unheard")
def test_it_ends_as_a_run_would_that_may_send_nothing() -> None:
    """A wrong use is one here as well."""
    assert check("https://usage.example", "--dry-run").exit_code == 2
    assert check("twin", "--dry-run", "--json", "/nonexistent/x.json").exit_code == 2
    assert "written as JSON alone" in check("twin", "--dry-run", "--junit", "junit.xml").output
