"""Tests of `usagetwin check --record FILE.har` and `usagetwin check FILE.har`."""

import json
import os
import resource
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner

from tests.acme import MAR_1, MAR_2, NOW
from tests.checker.commanding import check
from tests.checker.hostile import GOOD
from tests.checker.raw_server import answer, answering
from tests.checker.recorded import LIVE, daily, entry, har
from tests.served import USAGETWIN, WITHIN_S, Twin
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    import socket

SMALL: Final = ("--budget", "30", "--max-examples", "0")
TOKEN: Final = "api-22222222-2222-4222-8222-2222222255ec"
ODD_TOKEN: Final = 'not "of" our & usual/shape+'
OF_A_RUN: Final = (
    ("--budget", "5"),
    ("--max-time", "60"),
    ("--seed", "0"),
    ("--max-examples", "0"),
    ("--world", "acme"),
    ("--profile", "observed"),
    ("--cacert", "ca.pem"),
    ("--record", "again.har"),
    ("--show-plan",),
)


def echoing(link: "socket.socket", head: bytes) -> None:
    """Answer with all that was sent, in an error's message and in a header."""
    sent = head.decode("latin-1")
    token = sent.partition("uthorization: ")[2].partition("\r")[0]
    text = json.dumps({"code": "invalid_request", "message": sent})
    body = text.encode()
    lines = [
        "HTTP/1.1 400 Bad Request",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Echo: {token}",
        f"Set-Cookie: session={token}",
        f"Location: /?access_token={token}",
        "Connection: close",
    ]
    link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body)


def test_a_recorded_check_is_judged_again_offline(acme_file: str, tmp_path: Path) -> None:
    """With the same verdict in its last line, and nothing of it to be said twice."""
    file = str(tmp_path / "run.har")

    live = check("twin", "--world", acme_file, "--now", NOW, *SMALL, "--record", file)
    offline = check(file)

    assert live.exit_code == offline.exit_code == 0, live.output + offline.output
    last = offline.output.splitlines()[-1]
    assert last.startswith("pass run.har: ")
    assert last.endswith("30 requests, recorded at http://127.0.0.1:8080")


def test_a_value_of_thousands_of_digits_is_read(tmp_path: Path) -> None:
    """A check asks for such a timestamp."""
    file = tmp_path / "calls.har"
    error = '{"code": "invalid_request", "message": "from is no timestamp"}'
    file.write_bytes(har(daily("incremental", (MAR_1, 31)), entry(f"?from={'9' * 4400}", error, status=400)))

    result = check(str(file))

    assert result.exit_code == 0, result.output


def test_a_recording_over_http_is_judged_without_its_server(twin: Twin, tmp_path: Path) -> None:
    """Its report says that nothing was asked."""
    file, report = str(tmp_path / "run.har"), tmp_path / "report.json"

    live = check(twin.url, *SMALL, "--record", file)
    offline = check(file, "--json", str(report))

    assert live.exit_code == offline.exit_code == 0, live.output + offline.output
    document = json.loads(report.read_text(encoding="utf-8"))
    assert (document["target"], document["ended"], document["requests"]) == ("run.har", "recording", 30)
    assert document["partial"] is False


def test_a_recording_of_a_browser_fails_by_the_sums_of_its_answers(tmp_path: Path) -> None:
    """With exit status 1, and the command that asks again where it was recorded."""
    file = tmp_path / "calls.har"
    file.write_bytes(
        har(
            daily("month_to_date", (MAR_1, 31), (MAR_2, 74)),
            daily("incremental", (MAR_1, 31), (MAR_2, 42)),
            entry(url="https://cdn.example/x.js"),
        )
    )

    result = check(str(file))

    assert result.exit_code == 1, result.output
    assert "failure month-to-date-sums" in result.output
    assert f"'{LIVE}/api/v2/usage/observability/sessions?from=" in result.output
    assert "passed over, of 3 entries: 1 of other hosts or paths" in result.output


@pytest.mark.parametrize("option", OF_A_RUN, ids=lambda option: option[0])
def test_an_option_about_asking_is_refused_for_a_recording(option: tuple[str, ...], tmp_path: Path) -> None:
    """Though it is what it would be by default."""
    file = tmp_path / "calls.har"
    file.write_bytes(har())

    result = check(str(file), *option)

    assert result.exit_code == 2
    assert f"{option[0]} says how a target is asked, and " in result.output
    assert "is a recording" in result.output


def test_the_base_url_is_chosen_of_recordings_alone() -> None:
    """Another target has one."""
    result = check("twin", "--recorded-at", "http://127.0.0.1:8080")

    assert result.exit_code == 2
    assert "--recorded-at 'http://127.0.0.1:8080' chooses a base URL of a recording" in result.output


def test_a_plan_is_not_recorded(tmp_path: Path) -> None:
    """Nothing but the probes is sent for it, and no file is begun."""
    file = tmp_path / "run.har"

    result = check("twin", "--show-plan", "--record", str(file))

    assert result.exit_code == 2
    assert "records a check, and none is run" in result.output
    assert not file.exists()


def test_the_base_url_to_judge_can_be_chosen(tmp_path: Path) -> None:
    """As it is written elsewhere: with the endpoint's path, too."""
    file = tmp_path / "calls.har"
    file.write_bytes(har(entry(), entry(url="http://127.0.0.1:8080/api/v2/usage/observability/sessions")))

    several = check(str(file))
    one = check(str(file), "--recorded-at", f"{LIVE}/api/v2/usage/observability/sessions")

    assert several.exit_code == 2
    assert f"--recorded-at with one of {LIVE}, http://127.0.0.1:8080" in several.output
    assert one.exit_code == 0, one.output


@pytest.mark.parametrize("kind", ["folder", "pipe", "nowhere"])
def test_a_recording_that_can_not_be_written_is_refused_before_the_run(kind: str, tmp_path: Path) -> None:
    """Nothing is asked, and nothing waits."""
    file = tmp_path / kind
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        file = tmp_path / "not" / "there.har"

    result = check("http://127.0.0.1:9", "--record", str(file))

    assert result.exit_code == 2
    assert "can't be written" in result.output or "no ordinary file" in result.output


@pytest.mark.parametrize(
    "words",
    [
        ["check", "http://127.0.0.1:9", "--record", "-"],
        ["proxy", "--upstream", "http://127.0.0.1:9", "--port", "0", "--record", "-"],
        ["record", "--upstream", "http://127.0.0.1:9", "-o", "-", "--", "true"],
        ["check", "-"],
        ["world", "-"],
        ["serve", "--port", "0", "--replay", "-"],
    ],
    ids=" ".join,
)
def test_a_recording_is_no_stream(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one that is written, which takes the place of an old one, nor one that is read."""
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(main, words)

    assert result.exit_code == 2
    assert "stream" in result.output
    assert "FILE.har" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_can_not_be_written_on_is_said_once_and_costs_no_verdict(
    acme_file: str, tmp_path: Path
) -> None:
    """Such as on a disk that fills up: here, no file may be longer than a little."""
    file = tmp_path / "run.har"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        result = check("twin", "--world", acme_file, "--now", NOW, *SMALL, "--record", str(file))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert result.exit_code == 0, result.output
    assert result.output.count("the recording can't be written on to") == 1
    assert "File too large" in result.output


def test_a_report_never_takes_the_place_of_a_recording(tmp_path: Path) -> None:
    """Neither of the one that is written, nor of the one that is judged."""
    file = tmp_path / "calls.har"
    file.write_bytes(har())

    written = check("http://127.0.0.1:9", "--record", str(file), "--json", str(file))
    judged = check(str(file), "--junit", str(file))

    assert written.exit_code == judged.exit_code == 2
    assert "--json and --record name one file" in written.output
    assert "the report would take the place of the recording" in judged.output
    assert file.read_bytes() == har()


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    """With exit status 2, what is wrong, and what would be right."""
    file = tmp_path / "notes.har"
    file.write_text("{dear: diary}")

    result = check(str(file))

    assert result.exit_code == 2
    assert "notes.har: it is no JSON: lexical error" in result.output
    assert "try   a HAR (browsers, proxies," in result.output


def test_a_run_that_is_killed_leaves_all_but_its_last_exchange(tmp_path: Path) -> None:
    """The file has no end, and loads."""
    file = tmp_path / "run.har"
    asked: list[bytes] = []

    def respond(link: "socket.socket", head: bytes) -> None:
        asked.append(head)
        if len(asked) > 7:
            os.kill(process.pid, signal.SIGKILL)
            process.wait(WITHIN_S)
            return
        link.sendall(answer(GOOD))

    with answering(respond) as server:
        command = (*USAGETWIN, "check", server.url, *SMALL, "--record", str(file))
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert process.wait(WITHIN_S) == -signal.SIGKILL

    result = check(str(file))

    assert "the recording is cut off: 7 whole entries were read" in result.output
    assert "7 requests, recorded at http://127.0.0.1:" in result.output


@pytest.mark.parametrize("token", [TOKEN, ODD_TOKEN])
def test_no_token_is_in_a_recording_though_each_answer_echoes_it(token: str, tmp_path: Path) -> None:
    """Nor in what is said of it, offline or not."""
    file, report = tmp_path / "run.har", tmp_path / "report.json"

    with answering(echoing) as server:
        live = check(server.url, *SMALL, "--record", str(file), "--json", str(report), token=token)
    offline = check(str(file), "--json", "-", token=token)

    assert live.exit_code == offline.exit_code == 3, live.output
    written = file.read_text(encoding="utf-8")
    assert written.count('"status": 400') > 2
    escaped = json.dumps(token)[1:-1]
    for text in (written, report.read_text(encoding="utf-8"), live.output, offline.output):
        for form in (token, escaped, json.dumps(escaped)[1:-1]):
            assert form not in text
    assert "session=" not in written
