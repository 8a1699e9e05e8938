"""What `usagetwin run` gives its command, and what status it ends with."""

import socket
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from tests.commands.processes import shell
from tests.leading.led import NO_CALLS, URL, led, long, python
from tests.served import run

ASK: Final = (
    "import sys, urllib.request as u\n"
    "for url in sys.argv[2:]:\n"
    "    try: u.urlopen(u.Request(url, headers={'Authorization': 'any'})).read()\n"
    "    except OSError: pass\n"
    "sys.exit(int(sys.argv[1]))\n"
)
MILLISECONDS: Final = f"{URL}?from=1772323200000"


def asks(status: int, *urls: str) -> tuple[str, ...]:
    """Give a command that asks for URLs and ends with a status."""
    return (*python(ASK), str(status), *urls)


@pytest.mark.parametrize(
    ("options", "command", "status"),
    [
        ((), asks(0, MILLISECONDS), 1),
        (("--requests", "warn"), asks(0, MILLISECONDS), 0),
        ((), ("sh", "-c", "kill -KILL $$"), 137),
        long((), asks(7, MILLISECONDS), 7),
        long((), asks(0, URL), 0),
        long((), asks(7, URL), 7),
        long(("--requests", "off"), asks(0, MILLISECONDS), 0),
        long(("--expect-calls",), asks(0, URL), 0),
        long(("--expect-calls",), asks(0), 1),
        long(("--expect-calls",), asks(7), 7),
        long((), asks(0), 0),
        long((), ("sh", "-c", "kill -INT $$"), 130),
        long((), ("sh", "-c", "exec 0<&- 1>&- 2>&-; exit 5"), 5),
    ],
)
def test_the_status_is_the_commands_or_says_that_something_is_wrong(
    options: tuple[str, ...], command: tuple[str, ...], status: int
) -> None:
    """A command that fails by itself keeps its status."""
    assert led(*command, options=options).returncode == status


def test_the_twin_has_the_limits_that_its_options_say() -> None:
    """As those of `serve`: the second request of a token is one too many."""
    twice = ASK.replace("except OSError: pass", "except OSError as e: print(e.code)")

    ended = led(*python(twice), "0", URL, URL, options=("--rate-limit", "1/60s", "--now", "2026-03-17"))

    assert ended.stdout.split() == ["429"]


def test_a_rule_is_told_once_and_all_its_requests_are_counted() -> None:
    """Hosts are named."""
    federal = MILLISECONDS.replace(".com", ".us")

    ended = led(*asks(0, URL, MILLISECONDS, federal, f"{URL}?granularity=weekly"))

    lines = ended.stderr.splitlines()
    assert lines[0] == (
        "usagetwin: 4 requests to app.launchdarkly.com and app.launchdarkly.us, 3 break the contract"
    )
    assert [line.partition(":")[0] for line in lines if line.startswith("  ") and line[2] != " "] == [
        "  timestamp-fits-ten-digits",
        "  granularity-is-documented",
    ]
    assert lines[3].endswith("?from=1772323200000 (and in 1 more)")


@pytest.mark.proof
def test_rules_that_are_off_are_not_told() -> None:
    """The number of requests is."""
    ended = led(*asks(0, MILLISECONDS), options=("--requests", "off"))

    assert ended.stderr == "usagetwin: 1 request to app.launchdarkly.com\n"


def test_no_request_is_told_with_what_to_do() -> None:
    """A client that was not led looks like that."""
    ended = led("true", options=("--expect-calls",))

    assert ended.returncode == 1
    assert ended.stderr == f"{NO_CALLS}usagetwin: --expect-calls wants a request, and none came\n"


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        (("no-such-command-here",), 127, "there is no command 'no-such-command-here'\n  try   "),
        long(("",), 127, "there is no command ''\n  try   "),
        long(("./no/such/file",), 127, "there is no command './no/such/file'\n  try   "),
        long(("/",), 126, "the command '/' can't be run: Permission denied\n  try   "),
    ],
)
def test_what_can_not_be_run_has_a_shells_status(command: tuple[str, ...], status: int, said: str) -> None:
    """And a sentence, without a verdict."""
    ended = led(*command)

    assert (ended.returncode, ended.stdout) == (status, "")
    assert ended.stderr.startswith(f"usagetwin: {said}")
    assert ended.stderr.count("\n") == 2


def test_a_file_that_is_no_program_can_not_be_run(tmp_path: Path) -> None:
    """The remedy is what a shell would make of it."""
    file = tmp_path / "data"
    file.write_bytes(b"data")

    denied = led(str(file))
    file.chmod(0o755)
    unknown = led(str(file))

    assert (denied.returncode, unknown.returncode) == (126, 126)
    assert "can't be run: Permission denied\n  try   " in denied.stderr
    assert "can't be run: Exec format error\n  try   a program, or `sh -c` before" in unknown.stderr


@pytest.mark.proof
def test_a_script_without_its_interpreter_is_there_but_can_not_be_run(tmp_path: Path) -> None:
    """It is no missing command."""
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n", encoding="utf-8")
    script.chmod(0o755)

    ended = led(str(script))

    assert ended.returncode == 126
    assert "what runs it is not there" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no command is given\n  try   usagetwin run -- COMMAND"),
        (("--fault", "nothing", "--", "true"), "there is no fault 'nothing'"),
        long(("--fault", "reset", "--", "true"), "try   usagetwin control fault reset"),
        long(("--",), "no command is given\n  try   usagetwin run -- COMMAND"),
        long(("--world", "idel", "--", "true"), "'idel'"),
        long(("--now", "soon", "--", "true"), "'soon'"),
        long(("--requests", "loud", "--", "true"), "'loud'"),
    ],
)
def test_wrong_usage_starts_nothing(arguments: tuple[str, ...], said: str) -> None:
    """It has the status of wrong usage."""
    ended = run("run", *arguments)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_wrong_variable_is_named() -> None:
    """As serve does it."""
    ended = led("true", environment={"USAGETWIN_NOW": "soon"})

    assert ended.returncode == 2
    assert "USAGETWIN_NOW" in ended.stderr


@pytest.mark.proof
def test_options_end_with_the_command() -> None:
    """Also without `--`."""
    ended = run("run", "--now", "2026-03-03", "sh", "-c", "echo $0 $1", "--now", "--expect-calls")

    assert (ended.returncode, ended.stdout) == (0, "--now --expect-calls\n")


def test_the_streams_are_the_commands_own(tmp_path: Path) -> None:
    """What it reads and writes is not touched; the verdict is on standard error alone."""
    given = tmp_path / "given"
    given.write_bytes(b"\x00\xff in\n")

    ended = shell(f"< {given}", "run", "--", "sh", "-c", "cat; echo out; echo err >&2")

    assert (ended.returncode, ended.stdout) == (0, b"\x00\xff in\nout\n")
    assert ended.stderr.decode() == f"err\n{NO_CALLS}"


@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", *map(long, ("<&-", ">&-", "2>&-"))])
def test_closed_streams_change_no_status(closed: str) -> None:
    """Neither usagetwin's own nor what the command has of them."""
    ended = shell(closed, "run", "--", *asks(5, URL))

    assert ended.returncode == 5
    assert b"Traceback" not in ended.stderr


def test_nothing_is_left_of_it() -> None:
    """No file, and no port."""
    shown = (
        "import os; print(*(os.environ[name] for name in ('SSL_CERT_FILE', 'USAGETWIN_URL', 'all_proxy')))"
    )

    file, *urls = led(*python(shown)).stdout.split()

    assert not Path(file).parent.exists()
    assert len(urls) == 2
    for url in map(urlsplit, urls):
        with socket.socket() as probe:
            assert probe.connect_ex((url.hostname or "", url.port or 0)) != 0


@pytest.mark.proof
def test_the_files_are_private_and_keep_no_key() -> None:
    """Others on this machine read none of it while the command runs."""
    shown = (
        "import os, pathlib\n"
        "folder = pathlib.Path(os.environ['SSL_CERT_FILE']).parent\n"
        "text = (folder / 'certificates.pem').read_text()\n"
        "print(oct(folder.stat().st_mode & 0o777), 'PRIVATE KEY' in text)\n"
    )

    assert led(*python(shown)).stdout == "0o700 False\n"
