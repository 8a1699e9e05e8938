"""`usagetwin serve` as a process: the ready line, the options, the log."""

import json
import re
import socket
import subprocess
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner

from tests.acme import FULL, NOW, PATH, REVOKED, assert_default_answer
from tests.clicking import APART
from tests.served import READY, run, served, starting
from tests.wire import CREDENTIAL, connection_to, get, request, send
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.served import Twin

TARGET: Final = PATH.encode()


def test_the_ready_line_is_printed_once_it_really_answers(twin: "Twin") -> None:
    """It is the only line of output, and has the URL, with the port that was free."""
    assert_default_answer(send(twin.url, request(TARGET)))
    assert re.fullmatch(READY + r"http://127\.0\.0\.1:[1-9]\d*\n", "".join(twin.output))


def test_a_client_that_comes_too_early_waits_for_its_answer(acme_file: str, unused_port: int) -> None:
    """From the moment that the port takes connections, none is lost while the start goes on."""
    with starting("--world", acme_file, "--now", NOW, "--quiet", "--port", str(unused_port)) as process:
        while True:
            assert process.poll() is None
            with suppress(ConnectionRefusedError):
                answer = send(f"http://127.0.0.1:{unused_port}", request(TARGET))
                break

    assert_default_answer(answer)


def test_quiet_leaves_the_ready_line_alone() -> None:
    """No access log, no warning of a library, no farewell."""
    with served("--now", NOW, "--quiet") as twin:
        send(twin.url, request(TARGET))
        send(twin.url, b"nonsense\r\n\r\n")
        status = twin.stop()

    assert (status, twin.log, len(twin.output)) == (0, [], 1)


def test_the_log_has_a_line_for_each_request_and_never_a_token(acme_file: str) -> None:
    """Beside the health check of the start: status and parameters, whichever way a token came in."""
    with served("--world", acme_file, "--now", NOW) as twin:
        for target, token in (
            (TARGET + b"?from=0&projectKey=web", FULL),
            (TARGET + b"?projectKey=" + FULL.encode(), FULL),
            (TARGET + b"?access_token=" + FULL.encode(), REVOKED),
            (b"/" + FULL.encode(), f"Bearer {FULL}"),
        ):
            send(twin.url, request(target, f"Authorization: {token}\r\n".encode()))
        twin.stop()

    assert [line.split()[1] for line in twin.log][-4:] == ["200", "404", "401", "404"]
    assert twin.log[-4].endswith(f"ms GET {twin.url}{PATH}?from=0&projectKey=web\n")
    assert FULL not in "".join(twin.log)
    assert REVOKED not in "".join(twin.log)


@pytest.fixture
def taken_port() -> "Iterator[str]":
    """Give a port that something else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield str(other.getsockname()[1])


def test_a_port_that_is_taken_is_said_in_one_message(taken_port: str) -> None:
    """With the reason and a way out; exit status 2, no traceback."""
    ended = run("serve", "--port", taken_port)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"usagetwin: can't listen on 127.0.0.1, port {taken_port}: ")
    assert "--port (0 takes a free one)" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (("--world", "busines-week"), ["'busines-week'", "business-week"]),
        (("--world", "no-such-file.yaml"), ["no-such-file.yaml"]),
        (("--host", "a" * 80), ["can't listen on aaa", "another --host"]),
        (("--host", "\u00fc..x"), ["can't listen on", "another --host"]),
        (("--policy", "beta"), ["'beta'", "NAME=VALUE"]),
        (("--policy", "betta=required"), ["'betta'", "unknown_project", "quota"]),
        (("--policy", "beta=maybe"), ["'maybe'", "ignored", "required"]),
        (("--profile", "real"), ["'real'", "documented", "observed"]),
        (("--now", "tomorrow"), ["'tomorrow'", "2026-03-17T15:20:00Z"]),
        (("--now", "1735689600000"), ["'1735689600000'", "Unix seconds"]),
        (("--now", "2026-02-29"), ["'2026-02-29'"]),
        (("--host", "no.such.host.invalid"), ["no.such.host.invalid", "--host"]),
        (("--store", "disk://"), ["the store", "memory://"]),
        (("--rate-limit", "100/10s", "--rate-limit", "5"), ["'100/10s,5'", "route:1000/10s"]),
        (("--rate-limit", "5", "--policy", "quota=6"), ["--rate-limit 5", "quota=6", "one of the two"]),
        (("--port", "65536"), ["65536", "65535"]),
        (("--port", "http"), ["http"]),
        (("--workers", "0"), ["0"]),
        (("--wolrd", "idle"), ["--wolrd", "--world"]),
        (("idle",), ["idle"]),
    ],
)
def test_a_wrong_option_is_said_with_what_would_be_right(
    taken_port: str, options: tuple[str, ...], parts: list[str]
) -> None:
    """Exit status 2, nothing on the output, no traceback."""
    ended = CliRunner(**APART).invoke(main, ["serve", "--port", taken_port, *options])

    assert ended.exit_code == 2
    assert ended.stdout == ""
    assert [part for part in parts if part not in ended.stderr] == []
    assert "Traceback" not in ended.stderr


def test_a_bad_world_is_said_with_its_line(tmp_path: "Path") -> None:
    """File, line, what is wrong, what would be right."""
    file = tmp_path / "bad.yaml"
    file.write_text(
        "name: bad\nabout: x\nprojects:\n  - key: p\n    counts: {2026-01-01: -5}\n", encoding="utf-8"
    )

    ended = run("serve", "--port", "0", "--world", str(file))

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"usagetwin: {file}:5: ")
    assert "\n  try   " in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_world_given_day_by_day_says_where_its_counts_end(twin: "Twin") -> None:
    """It counts zero from then on, and the start says so."""
    assert any("2026-03-03" in line for line in twin.log)


def test_options_come_from_the_environment_too(acme_file: str) -> None:
    """`USAGETWIN_*`, which a compose file sets."""
    environment = {
        "USAGETWIN_WORLD": acme_file,
        "USAGETWIN_NOW": NOW,
        "USAGETWIN_POLICY": "error_id=on unknown_tokens=reject",
        "USAGETWIN_PORT": "1",  # the option wins
    }

    with served("--quiet", environment=environment) as twin, closing(connection_to(twin.url)) as connection:
        assert_default_answer(get(connection))
        assert "id" in get(connection, "from=x").json()
        assert get(connection, headers={"Authorization": "unlisted"}).status == 401


def test_without_now_the_clock_is_the_machines() -> None:
    """The default world answers with this month, up to today."""
    with served("--quiet") as twin:
        answer = send(twin.url, request(TARGET))

    assert answer.status == 200
    assert 0 <= len(answer.values) <= 31
    assert answer.values == sorted(answer.values)


def test_a_twin_listens_on_ipv6_too(acme_file: str) -> None:
    """The ready line writes the address in brackets."""
    if not socket.has_ipv6 or not _can_bind_ipv6():
        pytest.skip("this machine has no IPv6 loopback")

    with served("--world", acme_file, "--now", NOW, "--quiet", "--host", "::1") as twin:
        assert twin.url.startswith("http://[::1]:")
        assert_default_answer(send(twin.url, request(TARGET)))


def test_health_tells_a_twin_from_anything_else(twin: "Twin", unused_port: int) -> None:
    """Exit status 0 for a twin, 1 with the reason else."""
    well = run("health", twin.url)
    silent = run("health", f"http://127.0.0.1:{unused_port}")
    elsewhere = run("health", f"{twin.url}/nowhere")

    assert (well.returncode, well.stderr) == (0, "")
    assert (silent.returncode, elsewhere.returncode) == (1, 1)
    assert "does not answer" in silent.stderr
    assert "404" in elsewhere.stderr


def _can_bind_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize(("workers", "running"), [(1, "async def Server.main_loop"), (2, "def Workers.run")])
def test_the_collector_is_on_again_while_a_server_runs(workers: int, running: str) -> None:
    """It is off for the start alone, also in the process that only watches the workers."""
    kind, replaced = running.rsplit(" ", 1)
    code = (
        "import gc, os\n"
        "from usagetwin_checker.commands.main import main\n"
        "from usagetwin.serving import server\n"
        f"{kind} tell(*_): print(gc.isenabled(), flush=True); os._exit(0)\n"
        f"server.{replaced} = tell\n"
        f"main(['serve', '--port', '0', '--quiet', '--workers', '{workers}'])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.stdout.split()[-1:] == ["True"], ended.stderr


def test_the_log_in_json_has_nothing_but_objects(tmp_path: "Path") -> None:
    """Notes of the start, requests with their ids and plays, and never a token."""
    path = tmp_path / "daily.csv"
    path.write_text("date,project,count\n2026-03-01,web,5\n", encoding="utf-8")
    with served("--world", str(path), "--now", NOW, "--log", "json") as twin:
        raw = request(PATH.encode() + b"?from=x", CREDENTIAL + b"X-Request-Id: mine\r\n")
        assert "mine" not in str(send(twin.url, raw))
        headers = b"Content-Type: application/json\r\nContent-Length: 2\r\n"
        made = send(
            twin.url, request(b"/__twin__/plays", headers, b"POST").replace(b": twin", b": [::1]") + b"{}"
        )
        token = made.json()["token"]
        send(twin.url, request(PATH.encode(), f"Authorization: {token}\r\n".encode()))
        twin.stop()

    said = [json.loads(line) for line in twin.log]
    first, second = (each for each in said if each["event"] == "request")
    assert {each["event"] for each in said} == {"note", "request"}
    assert (first["rule"], first["request_id"]) == ("from-is-unix-seconds", "mine")
    assert (second["status"], second["play"]) == (200, 1)
    assert not any(secret in line for secret in (FULL, token) for line in twin.log)
