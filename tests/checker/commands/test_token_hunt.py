"""The token hunt through whole processes: each command that reads a token, and each way in which it ends.

Each has a folder for all that it writes. What is looked through is its output, each file, its log, and the
command lines of all processes while it runs.
"""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import pytest
import trustme

from tests.acme import MAR_1, MAR_2
from tests.checker.hunting import TOKEN, Telltale, command_lines, hits, read_all
from tests.checker.raw_server import answer, answering, saying
from tests.checker.recorded import daily, entry, har
from tests.served import USAGETWIN, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


pytestmark = [pytest.mark.proof, pytest.mark.no_cover]

OFTEN_S: Final = 0.02
WITHIN_S: Final = 120
CRASHING: Final = """\
import usagetwin_checker.running.campaign as campaign

def broken(*given, **more):
    raise RuntimeError(f"{given!r} {more!r}")

campaign.learn = broken
"""
SUITE: Final = (
    *(
        "pytest",
        "--pyargs",
        "usagetwin_checker.suite",
        "-q",
        "-x",
        "-l",
        "--full-trace",
        "-o",
        "log_cli=true",
    ),
    *("--log-level=DEBUG", "--log-file=pytest.log", "--junitxml=junit.xml", "--usage-twin-budget", "3"),
)


@dataclass(frozen=True)
class Place:
    """The folder of one process, and what it finds in its environment."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment, without anything of the machine's user."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("USAGETWIN_") and not name.lower().endswith("_proxy")
        }
        of_folder = ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR")
        return kept | dict.fromkeys(of_folder, str(self.folder)) | self.variables


def ended(
    place: Place,
    *words: str,
    act: "Callable[[subprocess.Popen[str]], None] | None" = None,
    stdout: int = subprocess.PIPE,
) -> list[str]:
    """Run a command to its end, and give all that can be read of it."""
    lines: set[str] = set()
    with subprocess.Popen(
        words,
        cwd=place.folder,
        env=place.environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        over = threading.Event()

        def look() -> None:
            while not over.wait(OFTEN_S):
                lines.update(command_lines())

        looking = threading.Thread(target=look)
        looking.start()
        if act is not None:
            act(process)
        try:
            output, errors = process.communicate(timeout=WITHIN_S)
        finally:
            process.kill()
            over.set()
            looking.join()
    return [output or "", errors, *lines]


def hunt(place: Place, *words: str, act: "Callable[[subprocess.Popen[str]], None] | None" = None) -> None:
    """Run a command, and look for the token in all that is left."""
    found = ended(place, *words, act=act)
    token_files = [place.folder / "token"]

    assert hits([*found, *read_all(place.folder, but=token_files)]) == [], words
    assert len(found) > 2 or not Path("/proc").is_dir()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a place where the token is in its variable."""
    return Place(tmp_path, {"USAGETWIN_TOKEN": TOKEN})


@contextmanager
def telling(way: str) -> "Iterator[str]":
    """Serve an answer that repeats the token as it is."""
    with answering(Telltale(way, "plain", "400 Bad", 30)) as server:
        yield server.url


@contextmanager
def silent() -> "Iterator[tuple[str, threading.Event]]":
    """Serve nothing, and tell when somebody asks."""
    asked = threading.Event()

    def respond(_link: socket.socket, _head: bytes) -> None:
        asked.set()
        server.ended.wait(WITHIN_S)

    with answering(respond) as server:
        yield server.url, asked


@pytest.mark.parametrize(
    "way", ["an error", "a series", "headers", "a status line that is none", "a body that is cut"]
)
@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--verbose", "--json", "-"),
        ("--json", "report.json", "--strict"),
        ("--show-plan",),
        ("--dry-run",),
    ],
    ids=" ".join,
)
def test_a_check_of_a_target_that_repeats_it(place: Place, way: str, options: tuple[str, ...]) -> None:
    """However it is told."""
    with telling(way) as url:
        hunt(place, *USAGETWIN, "check", url, "--budget", "9", *options)


@pytest.mark.parametrize(
    "options", [(), ("--strict",), ("--live", "--pace", "0", "--budget", "20")], ids=" ".join
)
@pytest.mark.parametrize("serving", [(), ("--fault", "counts-are-strings")], ids=" ".join)
def test_a_check_that_draws_and_finds(
    place: Place, serving: tuple[str, ...], options: tuple[str, ...]
) -> None:
    """With Hypothesis's database of examples in its folder."""
    with served(*serving, "--policy", "unknown_tokens=accept") as twin:
        hunt(place, *USAGETWIN, "check", twin.url, "--budget", "700", "--json", "report.json", *options[:-2])
    assert hits(twin.log) == []


@pytest.mark.parametrize(
    "variables",
    [
        {"USAGETWIN_TOKEN": f"{TOKEN}\x7f"},
        {"USAGETWIN_TOKEN": f"{TOKEN}\n{TOKEN}"},
        {"USAGETWIN_TOKEN_FILE": "token"},
        {"USAGETWIN_TOKEN_FILE": "token", "USAGETWIN_TOKEN": TOKEN},
    ],
    ids=["no header", "two lines", "a file", "both"],
)
@pytest.mark.parametrize(
    ("mode", "content"), [(0o600, TOKEN), (0o644, TOKEN), (0o600, f"{TOKEN}\n{TOKEN}"), (0o600, TOKEN * 200)]
)
def test_a_token_that_is_no_use(tmp_path: Path, variables: dict[str, str], mode: int, content: str) -> None:
    """And one of a file that is."""
    (tmp_path / "token").write_text(content, encoding="ascii")
    (tmp_path / "token").chmod(mode)
    with telling("an error") as url:
        hunt(Place(tmp_path, variables), *USAGETWIN, "check", url, "--budget", "3")


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("http://127.0.0.1:1", ()),
        ("https://127.0.0.1:1", ()),
        ("http://nobody.invalid", ("--allow-host", "nobody.invalid", "--pace", "0")),
        ("http://usage.example", ()),
        ("http://app.launchdarkly.com", ()),
        ("nothing at all", ()),
    ],
)
def test_a_target_that_is_not_there(place: Place, url: str, more: tuple[str, ...]) -> None:
    """Or may not be asked."""
    hunt(place, *USAGETWIN, "check", url, "--budget", "3", *more)


def test_a_certificate_that_nobody_trusts_and_that_names_it(place: Place) -> None:
    """OpenSSL's words are told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA(organization_name=TOKEN).issue_cert("127.0.0.1", common_name=TOKEN).configure_cert(context)
    with answering(Telltale("an error", "plain", "400 Bad", 0)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        hunt(place, *USAGETWIN, "check", server.url.replace("http:", "https:"), "--budget", "3")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_never_sees_it(tmp_path: Path, scheme: str) -> None:
    """Neither of what is sent within TLS nor of what is sent plainly, which is refused."""
    with answering(Telltale("an error", "plain", "407 Proxy", 0)) as proxy:
        place = Place(
            tmp_path, {"USAGETWIN_TOKEN": TOKEN, f"{scheme}_proxy": proxy.url, "ALL_PROXY": proxy.url}
        )
        allowed = ("--allow-host", "usage.example", "--pace", "0", "--budget", "2")
        hunt(place, *USAGETWIN, "check", f"{scheme}://usage.example", *allowed)

    assert hits(head.decode("latin-1") for head in proxy.heads) == []
    assert bool(proxy.heads) is (scheme == "https")


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_check_that_is_interrupted(place: Place, number: signal.Signals, times: int) -> None:
    """In the middle of an answer that never comes."""
    with silent() as (url, asked):

        def interrupt(process: "subprocess.Popen[str]") -> None:
            assert asked.wait(WITHIN_S)
            for _ in range(times):
                process.send_signal(number)

        hunt(place, *USAGETWIN, "check", url, "--json", "report.json", act=interrupt)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"USAGETWIN_TRACEBACK": "1"},
        {"USAGETWIN_TRACEBACK": "1", "PYTHONDEVMODE": "1", "PYTHONASYNCIODEBUG": "1"},
        {"USAGETWIN_TRACEBACK": "1", "HTTPX_LOG_LEVEL": "trace", "SSLKEYLOGFILE": "keys"},
    ],
    ids=["told in short", "with its traceback", "in development mode", "with logs"],
)
def test_a_check_that_crashes(place: Place, variables: dict[str, str]) -> None:
    """With all that it knew of the answers in its words."""
    (place.folder / "site").mkdir()
    (place.folder / "site" / "sitecustomize.py").write_text(CRASHING, encoding="ascii")
    crashing = Place(place.folder, place.variables | variables | {"PYTHONPATH": str(place.folder / "site")})
    for way in ("an error", "headers", "a series"):
        with telling(way) as url:
            words = (*USAGETWIN, "check", url, "--budget", "9")
            assert "RuntimeError" in "".join(ended(crashing, *words))
            hunt(crashing, *words)


@pytest.mark.parametrize("crashing", [False, True])
def test_a_check_by_workers_of_a_cluster(place: Place, crashing: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """With all that Dask logs, where it keeps its files, and what a worker says that breaks."""
    variables = {"DASK_LOGGING__DISTRIBUTED": "debug", "DASK_TEMPORARY_DIRECTORY": str(place.folder)}
    if crashing:
        (place.folder / "sitecustomize.py").write_text(CRASHING, encoding="ascii")
        variables["PYTHONPATH"] = str(place.folder)
    cluster = Place(place.folder, place.variables | variables)
    with telling("headers") as url:
        asked = ("--shards", "2", "--workers", "1", "--budget", "40", "--json", "report.json")
        hunt(cluster, *USAGETWIN, "check", url, *asked)
    assert crashing is not (place.folder / "report.json").exists()


@pytest.mark.parametrize("way", ["an error", "a series", "headers", "a header that is none"])
@pytest.mark.parametrize("crashing", [False, True])
def test_the_suite(place: Place, way: str, crashing: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """With the values of variables, every log of every library, and a report of each test."""
    if crashing:
        (place.folder / "sitecustomize.py").write_text(CRASHING, encoding="ascii")
    of_suite = Place(place.folder, place.variables | {"PYTHONPATH": str(place.folder)})
    with telling(way) as url:
        hunt(of_suite, sys.executable, "-m", *SUITE, "--usage-twin-target", url)


def test_the_suite_that_is_interrupted(place: Place) -> None:
    """In the middle of an answer, with the frames of all libraries."""
    with silent() as (url, asked):

        def interrupt(process: "subprocess.Popen[str]") -> None:
            assert asked.wait(WITHIN_S)
            process.send_signal(signal.SIGINT)

        hunt(place, sys.executable, "-m", *SUITE, "--usage-twin-target", url, act=interrupt)


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("fault", "no-such-fault"),
        ("fault", "reset", "--times", "1", "--json"),
        ("freeze", "yesterday"),
        ("play",),
        ("verdict",),
        ("journal",),
    ],
    ids=" ".join,
)
def test_control_of_a_twin_and_of_what_is_none(tmp_path: Path, words: tuple[str, ...]) -> None:
    """With the token that it wants, another one, and of servers that repeat it."""
    place = Place(tmp_path, {"USAGETWIN_CONTROL_TOKEN": TOKEN})
    with ExitStack() as stack:
        right = stack.enter_context(served(environment={"USAGETWIN_CONTROL_TOKEN": TOKEN}))
        other = stack.enter_context(
            served(environment={"USAGETWIN_CONTROL_TOKEN": "another-token-of-nobody"})
        )
        urls = [right.url, other.url, "http://127.0.0.1:1"]
        urls += [stack.enter_context(telling(way)) for way in ("an error", "a page", "headers", "a reason")]
        for url in urls:
            hunt(place, *USAGETWIN, "control", *words, "--url", url)
        for twin in (right, other):
            twin.stop()
            assert hits([*twin.log, *twin.output]) == []


def test_a_twin_tells_nobody_what_its_clients_send(tmp_path: Path) -> None:
    """Neither its log nor its page nor its journal, whatever place of a request it is in."""
    with served("--policy", "unknown_tokens=reject", environment={"USAGETWIN_CONTROL_TOKEN": TOKEN}) as twin:
        path = "/api/v2/usage/observability/sessions"
        told = []
        with httpx.Client(base_url=twin.url, trust_env=False) as client:
            for value in (TOKEN, f"Bearer {TOKEN}", f"Basic {TOKEN}", f"{TOKEN}{TOKEN}"):
                for target in (
                    path,
                    f"{path}?from=x",
                    "/nothing",
                    "/__twin__/plays",
                    "/__twin__/plays/0/journal",
                    "/",
                ):
                    answer = client.get(target, headers={"Authorization": value})
                    told += [answer.text, str(answer.headers)]
        twin.stop()

    assert hits([*told, *twin.log, *twin.output, *read_all(tmp_path)]) == []


@pytest.mark.parametrize("command", [("true",), ("false",), ("/nonexistent",)], ids=" ".join)
@pytest.mark.parametrize("words", [("run",), ("blind-spots", "counts-are-strings")], ids=" ".join)
def test_commands_that_are_led(tmp_path: Path, words: tuple[str, ...], command: tuple[str, ...]) -> None:
    """Whatever becomes of them."""
    place = Place(tmp_path, {"USAGETWIN_CONTROL_TOKEN": TOKEN, "USAGETWIN_TOKEN": TOKEN})
    hunt(place, *USAGETWIN, *words, "--", *command)


@pytest.mark.parametrize("options", [(), ("--json", "drift.json", "--html", "drift.html")], ids=" ".join)
def test_drift_of_recordings_that_repeat_it(
    place: Place, options: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A browser's recording has what was sent; a report of it has not."""
    said = json.dumps({"code": "invalid_request", "message": f"{TOKEN} is wrong", "id": TOKEN})
    sent = {"asked_with": [{"name": "Authorization", "value": TOKEN}]}
    recording = tmp_path_factory.mktemp("elsewhere") / "calls.har"
    recording.write_bytes(
        har(daily("incremental", (MAR_1, 31), (MAR_2, 42), **sent), entry("?to=x", said, status=400, **sent))
    )

    hunt(place, *USAGETWIN, "drift", "behaviour", str(recording), str(recording), *options)


def test_drift_of_a_document_sends_none(place: Place) -> None:
    """Whoever has the document is told nothing."""
    with telling("an error") as url:
        hunt(place, *USAGETWIN, "drift", "document", f"{url}/new.yaml")
    with answering(saying(answer(b"openapi: 3.1.0\npaths: {}\n"))) as server:
        hunt(place, *USAGETWIN, "drift", "document", server.url)
    assert hits([head.decode("latin-1") for head in server.heads]) == []
