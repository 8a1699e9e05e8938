"""The long version: the tools themselves, as they are today, record a twin, and what they wrote is judged.

They are installed where nothing else is, and thrown away: mitmproxy alone brings some thirty packages.
"""

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.commanding import check
from tests.checker.talking.recordings.held import TOKEN, assert_answers, assert_passes
from tests.served import Twin
from usagetwin.contract.operation import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

TOOLS: Final = ("mitmproxy", "vcrpy", "requests", "schemathesis")
INSTALLED_WITHIN_S: Final = 600
WITHIN_S: Final = 120
ASKING: Final = f"""\
import sys, requests, vcr

HEADERS = {{"Authorization": {TOKEN!r}, "LD-API-Version": "beta"}}
QUERIES = ("", "?aggregationType=incremental", "?projectKey=web", "?granularity=monthly", "?projectKey=x")

def ask(base_url):
    for query in QUERIES:
        requests.get(base_url + {PATH!r} + query, headers=HEADERS)
    requests.get(base_url + "/elsewhere", headers=HEADERS)

base_url, cassette, serializer = sys.argv[1:]
if cassette:
    with vcr.use_cassette(cassette, serializer=serializer):
        ask(base_url)
else:
    ask(base_url)
"""
DOCUMENT: Final = f"""\
openapi: 3.0.3
info: {{title: usage, version: "1"}}
paths:
  {PATH}:
    get:
      parameters:
        - {{name: granularity, in: query, schema: {{type: string, enum: [daily, monthly]}}}}
      responses: {{"200": {{description: ok}}, "400": {{description: bad}}}}
"""

pytestmark = [pytest.mark.proof, pytest.mark.no_cover]


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the tools, and give the folder of their commands."""
    folder = tmp_path_factory.mktemp("tools")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    install = [str(commands / "python"), "-m", "pip", "install", "--quiet", *TOOLS]
    done = subprocess.run(install, capture_output=True, text=True, check=False, timeout=INSTALLED_WITHIN_S)
    if done.returncode:
        pytest.skip(f"the tools can't be installed: {done.stderr.splitlines()[-1:]}")
    return commands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with what is asked, and with a document."""
    (tmp_path / "asking.py").write_text(ASKING, encoding="utf-8")
    (tmp_path / "usage.yaml").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


def run(tools: Path, folder: Path, name: str, *arguments: str) -> None:
    """Run one of the tools to its end."""
    done = subprocess.run(
        [tools / name, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=WITHIN_S
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("serializer", ["yaml", "json"])
def test_a_cassette_of_vcrpy_is_judged(serializer: str, tools: Path, folder: Path, twin: Twin) -> None:
    """In each of its two forms."""
    run(tools, folder, "python", "asking.py", twin.url, f"cassette.{serializer}", serializer)

    assert_passes(folder / f"cassette.{serializer}", 5)
    assert_answers(folder / f"cassette.{serializer}", 5)


def test_what_mitmproxy_dumps_and_exports_is_judged(tools: Path, folder: Path, twin: Twin) -> None:
    """The flows, and the HAR."""
    with recording_proxy(tools, folder, twin.url) as base_url:
        run(tools, folder, "python", "asking.py", base_url, "", "")

    for name in ("all.flows", "all.har"):
        assert_passes(folder / name, 5)
        assert_answers(folder / name, 5)


def test_the_reports_of_schemathesis_are_judged(tools: Path, folder: Path, twin: Twin) -> None:
    """Each of the three that have answers."""
    run(
        tools,
        folder,
        "schemathesis",
        "run",
        "usage.yaml",
        *("--url", twin.url, "-H", f"Authorization: {TOKEN}", "--max-examples", "5", "--phases", "fuzzing"),
        *("--report", "vcr,har,ndjson", "--report-dir", "reports", "--generation-database", "none"),
    )

    reports = sorted((folder / "reports").iterdir())
    assert [file.suffix for file in reports] == [".json", ".ndjson", ".yaml"]
    for file in reports:
        result = check(str(file))
        assert result.exit_code == 0, result.output


@contextmanager
def recording_proxy(tools: Path, folder: Path, url: str) -> "Iterator[str]":
    """Put mitmproxy in front of a twin until the block is left, and give its base URL once it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (
        *(str(tools / "mitmdump"), "--mode", f"reverse:{url}", "--set", f"confdir={folder}"),
        *("--listen-host", "127.0.0.1", "--listen-port", str(port)),
        *("--set", "hardump=all.har", "-w", "all.flows"),
    )
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        assert any("listening at" in line for line in iter(process.stdout.readline, ""))
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)  # as Ctrl-C, which has it write its HAR
            process.communicate(timeout=WITHIN_S)
