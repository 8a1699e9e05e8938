"""Tests of `usagetwin check`: its options, its exit status, and what it prints."""

import json
import os
import pty
import re
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.acme import FULL, NOW
from tests.checker.commanding import check
from tests.checker.hostile import GOOD, linked
from tests.checker.raw_server import answer, answering, saying
from tests.served import USAGETWIN, WITHIN_S, Twin, served
from tests.served import run as run_process
from usagetwin.contract import rules
from usagetwin.contract.operation import PATH
from usagetwin_checker.talking.tokens import ANY_TOKEN

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from starlette.types import ASGIApp

SMALL: Final = ("--budget", "30", "--max-examples", "0")
TOKEN: Final = "api-22222222-2222-4222-8222-2222222255ec"


def report_of(file: Path) -> dict[str, object]:
    """Read a report."""
    read: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return read


def test_the_twin_passes_with_exit_status_0(acme_file: str) -> None:
    """The last line says so, with the figures."""
    result = check("twin", "--world", acme_file, "--now", NOW, *SMALL)

    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[1].startswith("pass twin: ")
    assert "30 requests" in result.output


def test_a_served_twin_passes_over_http(twin: Twin, tmp_path: Path) -> None:
    """With the budget for a host of someone else, and nothing known of the account."""
    file = tmp_path / "report.json"

    result = check(twin.url, "--budget", "60", "--json", str(file))

    assert result.exit_code == 0, result.output
    report = report_of(file)
    assert report["verdict"] == "pass"
    assert report["target"] == twin.url
    assert report["requests"] == 60
    assert report["findings"] == []


def test_a_served_twin_passes_with_all_that_can_be_said_of_it(twin: Twin) -> None:
    """Projects, completeness, the exact time and strict mode leave nothing to chance."""
    options = ("--project", "web", "--project", "app", "--complete", "--now", NOW, "--strict")

    result = check(twin.url, *options, "--budget", "100", token=FULL)

    assert result.exit_code == 0, result.output


def test_the_profile_observed_is_a_legal_target(observed_twin: Twin) -> None:
    """What was recorded on the real API breaks no rule of schema or prose that the checker asks about."""
    assert check(observed_twin.url, *SMALL).exit_code == 0


@contextmanager
def mounted(app: "ASGIApp") -> "Iterator[str]":
    """Serve an application under a prefix, and give the base URL."""
    config = uvicorn.Config(
        Starlette(routes=[Mount("/some/prefix", app)]), port=0, lifespan="off", log_level="critical"
    )
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    listening.listen()  # from now on a request waits for the server, where it was refused before
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/some/prefix"
    finally:
        server.should_exit = True
        thread.join(WITHIN_S)
        listening.close()


def test_a_base_path_is_kept(app: "ASGIApp") -> None:
    """A twin that is mounted under a prefix passes, with a slash at the end of the URL or without."""
    with mounted(app) as url:
        assert check(url, "--now", NOW, "--strict", *SMALL).exit_code == 0
        assert check(f"{url}/", "--now", NOW, "--strict", *SMALL).exit_code == 0


def test_a_base_path_is_in_the_request_and_in_the_command() -> None:
    """What is sent is what is shown."""
    with answering(saying(answer(b"[]"))) as server:
        result = check(f"{server.url}/some/prefix", *SMALL)

    assert server.heads[0].startswith(f"GET /some/prefix{PATH} HTTP/1.1\r\n".encode())
    assert f" {server.url}/some/prefix{PATH}\n" in result.output


def test_a_broken_target_fails_with_exit_status_1(tmp_path: Path) -> None:
    """The finding is printed with its rule, its source and the command that shows it."""
    file = tmp_path / "report.json"

    with answering(saying(answer(b"<html>"))) as server:
        result = check(server.url, "--json", str(file))

    assert result.exit_code == 1
    assert "failure documented-answer-is-json" in result.output
    assert f"$ curl -s -i -H 'Authorization: {ANY_TOKEN}' -H 'LD-API-Version: beta' " in result.output
    assert "Traceback" not in result.output
    assert report_of(file)["verdict"] == "fail"


def test_a_target_that_is_not_there_is_inconclusive_with_exit_status_3(unused_port: int) -> None:
    """Nobody listens: the reason is said, and nothing of the contract."""
    result = check(f"http://127.0.0.1:{unused_port}")

    assert result.exit_code == 3
    assert "inconclusive 4 of 4 requests got no whole answer: nothing listens there" in result.output
    assert f"inconclusive http://127.0.0.1:{unused_port}: 0 rules held, 0 broken" in result.output


def test_a_token_that_is_refused_is_inconclusive(twin: Twin) -> None:
    """A token without access says nothing of the contract."""
    result = check(twin.url, *SMALL, token="api-11111111-1111-4111-8111-11111111f0b1")

    assert result.exit_code == 3, result.output
    assert "no query was answered with 200" in result.output


def test_strict_fails_on_what_is_unconfirmed(own_codes_twin: Twin) -> None:
    """Codes of one's own break rules that only strict mode decides by."""
    lenient = check(own_codes_twin.url, *SMALL)
    strict = check(own_codes_twin.url, *SMALL, "--strict")

    assert "differs: error-has-nothing-else: " in lenient.output
    assert lenient.exit_code == 0
    assert "failure " in strict.output
    assert strict.exit_code == 1


@pytest.fixture(scope="module")
def own_codes_twin(acme_file: str) -> "Iterator[Twin]":
    """Serve a correct target whose errors have an `id`, as LaunchDarkly's overview shows."""
    with served("--world", acme_file, "--now", NOW, "--policy", "error_id=on") as twin:
        yield twin


def test_the_token_is_sent_and_never_shown(tmp_path: Path) -> None:
    """It goes into the header, without the line break of the file that it came from, and nowhere else."""
    file = tmp_path / "report.json"
    echo = json.dumps({"code": TOKEN, "message": f"'{TOKEN}' can't"}).encode()

    def respond(link: "socket.socket", head: bytes) -> None:
        refused = b"?" in head.partition(b"\r\n")[0]
        link.sendall(answer(echo, "400 No") if refused else answer(linked(GOOD, "")))

    with answering(respond) as server:
        result = check(server.url, "--strict", "--json", str(file), token=f"{TOKEN}\n")

    assert result.exit_code == 1
    assert f"Authorization: {TOKEN}\r\n".encode() in server.heads[0]
    assert b"LD-API-Version: beta\r\n" in server.heads[0]
    assert TOKEN not in result.output
    assert TOKEN not in file.read_text(encoding="utf-8")
    assert "${USAGETWIN_TOKEN:?" in result.output


def test_the_json_report_goes_to_the_output_and_the_words_to_the_errors(acme_file: str) -> None:
    """With `-` a program reads the one, and a person the other."""
    run = run_process("check", "twin", "--world", acme_file, "--now", NOW, *SMALL, "--json", "-")

    assert run.returncode == 0
    assert json.loads(run.stdout)["verdict"] == "pass"
    assert run.stderr.splitlines()[-1].startswith("pass twin: ")
    assert not Path("-").exists()


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    """Give a report without how long anything took, and when."""
    phases = [(each["phase"], each["requests"]) for each in report["phases"]]
    return report | {"seconds": 0, "phases": phases}


def test_the_json_report_is_the_same_for_the_same_seed(acme_file: str, tmp_path: Path) -> None:
    """Twice the same run, timing aside."""
    reports = []
    for name in ("one.json", "two.json"):
        file = tmp_path / name
        options = ("--budget", "90", "--seed", "5", "--json", str(file))
        check("twin", "--world", acme_file, "--now", NOW, *options)
        reports.append(without_times(report_of(file)))

    assert reports[0] == reports[1]
    assert reports[0]["seed"] == 5
    assert isinstance(reports[0]["rules"], list)
    assert len(reports[0]["rules"]) == len(rules())


def test_the_plan_is_shown_without_being_sent(acme_file: str) -> None:
    """Table, requests, coverage: a line each where no terminal is, neither folded, cut nor in a box."""
    result = check("twin", "--world", acme_file, "--now", NOW, "--show-plan")

    assert result.exit_code == 0
    assert result.output.startswith("The table of factors\n")
    title = re.search(r"^([0-9]+) requests$", result.output, re.MULTILINE)
    assert title is not None
    asked = result.output[title.end() :].splitlines()[2 : 2 + int(title[1])]
    assert [line.split()[0] for line in asked] == [str(number + 1) for number in range(len(asked))]
    assert "learn the current time" in asked[0]
    assert all(re.search(r"  [A-Z]+ +(\(no parameters\)|\S+=\S*)$", line) for line in asked)
    assert not re.search("[…│┃─━]", result.output)
    coverage = re.findall(r"^([0-9]+) of ([0-9]+) pairs of (.+), as", result.output, re.MULTILINE)
    assert len(coverage) == 2
    assert all(int(met) == int(of) > 300 for met, of, _ in coverage)


def test_there_is_no_plan_for_a_target_that_does_not_answer() -> None:
    """A run would send nothing but the probes either."""
    result = check("http://127.0.0.1:9", "--show-plan")

    assert result.exit_code == 2
    assert "the target shows no current time" in result.output
    assert "--now INSTANT" in result.output


def test_a_pipe_gets_no_escape_codes_and_no_progress_bar(acme_file: str) -> None:
    """Neither output nor errors have any control character but the line break."""
    result = run_process("check", "twin", "--world", acme_file, "--now", NOW, *SMALL)

    assert result.returncode == 0
    assert result.stderr == ""
    assert all(character.isprintable() or character == "\n" for character in result.stdout)


def test_a_terminal_gets_a_progress_bar(acme_file: str) -> None:
    """The bar goes to the errors' terminal, and the report to the output alone."""
    ours, theirs = pty.openpty()
    command = [*USAGETWIN, "check", "twin", "--world", acme_file, "--now", NOW, *SMALL]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, env=environment, text=True
    ) as process:
        os.close(theirs)
        shown = _read_all(ours)
        output, _ = process.communicate(timeout=WITHIN_S)
    os.close(ours)

    assert process.returncode == 0
    assert b"checking" in shown
    assert b"30/30" in shown
    assert "checking" not in output
    assert "pass twin" in output


def _read_all(terminal: int) -> bytes:
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how a terminal says that the other side has closed
            return shown
        if not piece:
            return shown
        shown += piece


def test_a_name_between_colons_is_no_picture(acme_file: str) -> None:
    """What the user or the target wrote is printed as it is."""
    result = check("twin", "--world", acme_file, "--now", NOW, "--project", ":smile:", *SMALL)

    assert result.exit_code == 3
    assert "the project ':smile:' is never answered with 200" in result.output
