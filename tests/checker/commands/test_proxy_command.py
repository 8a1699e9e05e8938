"""`usagetwin proxy` as a process: where it listens, what it tells, how it ends, and what it leaves."""

import json
import queue
import signal
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from http.client import HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from tests.acme import MAR_1, MAR_3, NOW, PATH
from tests.checker.commanding import check
from tests.checker.hunting import TOKEN, hits, read_all
from tests.checker.proxying.passed import upstream_twin
from tests.checker.raw_server import answer, answering
from tests.sampling import sampled
from tests.served import WITHIN_S, served, starting
from tests.wire import connection_to, get, request, send
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

BIG: Final = 512 << 20
THIS: Final = __file__
QUERY: Final = f"from={MAR_1}&to={MAR_3}"


NUMBERS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)

proxy: Final = partial(served, command="proxy")


def ask(url: str, query: str = "", headers: dict[str, str] | None = None) -> dict[str, str]:
    """Ask once, and give the headers of the answer."""
    with closing(connection_to(url)) as connection:
        return dict(get(connection, query, headers).headers)


@pytest.fixture
def heard() -> "Iterator[None]":
    """Let no signal be ignored by what is started, as `nohup` has it."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in NUMBERS[:1]}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("number", sampled(NUMBERS, NUMBERS[:1]))
def test_a_signal_ends_it_with_the_verdict(acme_file: str, tmp_path: Path, number: signal.Signals) -> None:
    """On the terminal, in its files, and as its status; the recording comes to the same."""
    har, report = tmp_path / "passed.har", tmp_path / "report.json"
    with (
        upstream_twin(acme_file, now=NOW) as url,
        proxy("--upstream", url, "--record", str(har), "--json", str(report)) as passing,
    ):
        assert ask(passing.url, QUERY)["usagetwin-verdict"] == "pass"
        assert ask(passing.url, "from=x")["usagetwin-verdict"] == "pass"
        assert passing.stop(number) == 0

    assert f"requests are passed on to {url}" in "".join(passing.log)
    assert f"   1  200  pass          GET ?{QUERY}\n" in "".join(passing.log)
    assert passing.output[-1].startswith(f"pass {url}: ")
    assert json.loads(report.read_text())["verdict"] == "pass"
    assert check(str(har)).exit_code == 0


def test_a_fault_is_told_when_it_is_found_and_fails(acme_file: str, tmp_path: Path) -> None:
    """A rule is told once, however often it is broken; here over HTTPS, by the local authority."""
    folder, har = tmp_path / "ca", tmp_path / "passed.har"
    options = ("--quiet", "--record", str(har), "--tls", "--tls-port", "0", "--ca-dir", str(folder))
    with (
        upstream_twin(acme_file, now=NOW, deviation="counts-are-strings") as url,
        proxy("--upstream", url, *options) as passing,
    ):
        plain, secure = passing.url.split(" and ")
        found = [ask(plain, query)["usagetwin-broken"] for query in (QUERY, QUERY)]
        context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        with closing(HTTPSConnection("localhost", urlsplit(secure).port, context=context)) as connection:
            connection.request("GET", PATH, headers={"Authorization": "any"})
            found.append(str(connection.getresponse().headers["Usagetwin-Broken"]))
        other = send(plain, request(b"http://other.example/x"))
        itself = send(plain, request(f"{plain}{PATH}?{QUERY}".encode()))
        assert send(plain, request(plain.replace("127.0.0.1", "localhost").encode() + b"/x")).status == 404
        assert send(plain, request(secure.encode() + b"/x")).status == 400
        assert passing.stop() == 1

    assert found == ["values-are-integers"] * 3
    assert dict(itself.headers)["usagetwin-broken"] == "values-are-integers"
    assert (other.status, f"to {url} alone" in other.body.decode()) == (400, True)
    assert "".join(passing.log).count("\n  values-are-integers: ") == 1
    assert f"fail {url}: " in passing.output[-1]
    assert check(str(har)).exit_code == 1


@pytest.mark.proof
def test_what_is_asked_before_the_end_has_nine_seconds_for_its_answer() -> None:
    """An answer that comes by then reaches its client; one that does not is not the client's to blame."""
    asked = queue.Queue[bytes]()

    def respond(link: "socket.socket", head: bytes) -> None:
        asked.put(head)
        if server.ended.wait(6 if b"late" in head else WITHIN_S):
            return
        link.sendall(answer(b"{}", "401 Unauthorized"))

    with answering(respond) as server, proxy("--upstream", server.url) as passing:
        with ThreadPoolExecutor(2) as clients:
            answers = [clients.submit(get_status, passing.url, query) for query in ("late=1", "never=1")]
            for _ in answers:
                asked.get(timeout=WITHIN_S)
            passing.process.send_signal(signal.SIGINT)
            got = [each.result(WITHIN_S) for each in answers]
        passing.wait()

    assert got == [401, 0]
    assert "passed on and not judged: 1 not answered before the proxy ended" in "".join(passing.log)


def get_status(url: str, query: str) -> int:
    """Ask once, and give the status; 0 where the connection ends."""
    with closing(connection_to(url)) as connection:
        try:
            return get(connection, query).status
        except OSError:
            return 0


@pytest.mark.proof
def test_nothing_that_went_by_is_no_verdict(acme_file: str) -> None:
    """Where the report is the output, all that is for people is among the errors."""
    with (
        upstream_twin(acme_file, now=NOW) as url,
        starting("--port", "0", "--upstream", url, "--json", "-", command="proxy") as process,
    ):
        assert process.stderr is not None
        while "usagetwin ready on" not in process.stderr.readline():
            pass
        process.terminate()
        output, _ = process.communicate(timeout=60)

    assert json.loads(output)["verdict"] == "inconclusive"
    assert process.returncode == 3


@pytest.mark.proof
def test_the_token_of_a_client_is_in_nothing_that_is_left(acme_file: str, tmp_path: Path) -> None:
    """Not in the log, the reports, the recording; upstream may echo it where it likes."""
    files = ("--record", "x.har", "--json", "x.json", "--junit", "x.xml", "--sarif", "x.sarif")
    placed = tuple(str(tmp_path / word) if word.startswith("x.") else word for word in files)
    with (
        upstream_twin(acme_file, now=NOW, deviation="counts-are-strings") as url,
        proxy("--upstream", url, *placed) as passing,
    ):
        ask(passing.url, f"{QUERY}&access_token={TOKEN}", {"Authorization": TOKEN, "Cookie": f"a={TOKEN}"})
        ask(passing.url, f"projectKey={TOKEN}", {"Authorization": f"Bearer {TOKEN}"})
        passing.stop()

    assert hits([*passing.log, *passing.output, *read_all(tmp_path)]) == []
    assert len(passing.log) > 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--upstream", "https://api.example.com"), "--allow-host api.example.com"),
        (("--upstream", "http://x.example", "--allow-host", "x.example"), "plain HTTP to another machine"),
        (("--upstream", "http://127.0.0.1:9", "--complete"), "--project KEY for each project"),
        (("--upstream", "http://127.0.0.1:9", "--record", "/dev/null"), "is no ordinary file"),
        (("--upstream", "http://127.0.0.1:9", "--tls-port", "1"), "--tls beside --tls-port"),
        (
            ("--upstream", "http://127.0.0.1:9", "--tls", "--cert", THIS, "--key", "k", "--json", THIS),
            "the report would take the place of the certificate",
        ),
        (("--upstream", "http://127.0.0.1:65533", "--port", "65533"), "is the proxy itself"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_passed_on(options: tuple[str, ...], said: str) -> None:
    """With status 2, and what would be right."""
    ended = CliRunner().invoke(main, ["proxy", *options], env={"USAGETWIN_TOKEN": ""})

    assert ended.exit_code == 2
    assert said in ended.output


def test_a_proxy_that_is_refused_leaves_a_recording_as_it_is(acme_file: str, tmp_path: Path) -> None:
    """Neither one that is whole, nor one that another proxy is writing."""
    har, other = tmp_path / "passed.har", tmp_path / "other.har"
    other.write_text("old")
    with (
        upstream_twin(acme_file, now=NOW) as url,
        proxy("--upstream", url, "--record", str(har)) as passing,
    ):
        ask(passing.url, QUERY)
        again = refused("--upstream", url, "--port", "0", "--record", str(har))
        port = str(urlsplit(passing.url).port)
        taken = refused("--upstream", url, "--port", port, "--record", str(other))
        itself = refused("--upstream", passing.url, "--port", port, "--record", str(other))
        ask(passing.url, QUERY)
        assert passing.stop() == 0

    assert "is being written by another usagetwin" in again
    assert "Address already in use" in taken
    assert "is the proxy itself" in itself
    assert len(json.loads(har.read_text())["log"]["entries"]) == 2
    assert other.read_text() == "old"


def refused(*options: str) -> str:
    """Give what is said to a proxy that can't be."""
    ended = CliRunner().invoke(main, ["proxy", *options])
    assert ended.exit_code == 2
    return ended.output


@pytest.mark.proof
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system tells no process's memory")
@pytest.mark.parametrize("path", [PATH, "/api/v2/projects"])
def test_an_answer_of_any_size_is_passed_on_in_bounded_memory(path: str) -> None:
    """Half a gibibyte, judged or not: as much as is held back, and no more."""
    piece = b"x" * (1 << 20)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {BIG}\r\nConnection: close\r\n\r\n".encode()

    def respond(link: "socket.socket", asked: bytes) -> None:
        if b"small" in asked:
            link.sendall(answer(b"{}"))
            return
        link.sendall(head)
        for _ in range(BIG // len(piece)):
            link.sendall(piece)

    with answering(respond) as server, proxy("--upstream", server.url) as passing:
        ask(passing.url, "small=1")
        before = _peak_kib(passing.process.pid)
        with closing(connection_to(passing.url)) as connection:
            connection.request("GET", path)
            answered, count = connection.getresponse(), 0
            while part := answered.read(1 << 20):
                count += len(part)
        grown = _peak_kib(passing.process.pid) - before

    assert count == BIG
    assert grown < 32 * 1024


def _peak_kib(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
