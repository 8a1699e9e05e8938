"""What the README shows is what a user sees: its commands run as they stand."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.project.checkout import text
from tests.served import run, served
from usagetwin import Settings, create_app
from usagetwin.contract.operation import PATH
from usagetwin.deviations.shape import parsed_query
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.talking.targets import AppTarget
from usagetwin_checker.testing import UsageTwin

README = text("README.md")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
LINES = [
    line.removeprefix("$ ") for block in BLOCKS for line in block.splitlines() if line[:1] not in ("", "{")
]
SERVES = [line for line in LINES if line.startswith("usagetwin serve")]
EXAMPLES = re.findall(r"^\$ (curl .*)\n(.*)$", README, flags=re.MULTILINE)
FROZEN = "usagetwin serve --now 2026-03-03T15:20:00Z"
LED = f"usagetwin run -- curl -s -H 'Authorization: any' https://app.launchdarkly.com{PATH}"
URL = "http://127.0.0.1:8080"
FIGURE = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?: of \d+| ms)?")


def asked(command: str, settings: Settings) -> Exchange:
    """Ask a twin in this process what a curl command asks a served one."""
    parts = shlex.split(command)
    assert [part for part in parts if part.startswith("-")] == ["-s", "-H"]
    url = urlsplit(parts[-1])
    assert f"{url.scheme}://{url.netloc}" == URL
    target = AppTarget(create_app(settings))
    exchange = target.send(Ask(parsed_query(url.query.encode())))
    target.close()
    return exchange


@pytest.mark.parametrize(("command", "shown"), EXAMPLES)
def test_a_curl_example_of_the_readme_gets_the_answer_that_the_readme_shows(command: str, shown: str) -> None:
    """The clock of the line above them is frozen, so that their answers never change."""
    assert README.index(f"\n{FROZEN}\n") < README.index(command)

    exchange = asked(command, Settings(now=FROZEN.rpartition(" ")[2]))

    assert exchange.body.decode() == shown


def test_the_readme_starts_with_a_picture_and_a_command() -> None:
    """Nothing has to be read, and nothing cloned, before the first of each."""
    title, picture, command, *_ = README.split("\n\n")

    assert (title, picture.splitlines()[0]) == ("# usagetwin", "<picture>")
    assert command == f"```console\n{LINES[0]}\n```"
    assert LINES[0].startswith("uvx ")


def test_this_months_sessions_come_from_the_command_that_promises_them() -> None:
    """The curl command without a shown answer gets the days of this month so far."""
    (command,) = [line for line in LINES if line.startswith("curl ") and line not in dict(EXAMPLES)]

    exchange = asked(command, Settings())

    assert exchange.status == 200
    assert exchange.document["series"]


def test_the_readme_has_curl_examples() -> None:
    """An example that is not found is not tested."""
    assert len(EXAMPLES) == 3


def test_every_command_of_the_readme_is_one_that_is_run_here() -> None:
    """Installing has tests of its own; all others are below."""
    others = [line for line in LINES if not line.startswith(("curl ", "usagetwin serve"))]

    assert others == [
        'uvx --from "usagetwin[page]" usagetwin serve',
        'uvx --from "usagetwin[check]" usagetwin demo',
        'pip install ".[check]"',
        "usagetwin demo",
        LED,
        f"usagetwin check {URL}",
    ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README asks with curl")
def test_the_run_command_of_the_readme_ends_as_the_readme_says() -> None:
    """With an answer, and the verdict that is quoted."""
    ended = run(*shlex.split(LED)[1:])

    assert ended.returncode == 0
    assert '"series":' in ended.stdout
    assert f"`{ended.stderr.strip()}`" in README


def test_the_demo_of_the_readme_runs() -> None:
    """It ends well, as it stands."""
    assert run("demo").returncode == 0


@pytest.mark.parametrize("line", SERVES)
def test_a_serve_command_of_the_readme_serves(line: str) -> None:
    """It says that it is ready; the port comes from the environment, as another twin may have this one."""
    with served(*line.split()[2:], environment={"USAGETWIN_PORT": "0"}) as twin:
        assert run("health", twin.url).returncode == 0


def test_the_check_command_of_the_readme_passes_the_twin() -> None:
    """Of a served twin, told nothing, the verdict is pass."""
    with served("--quiet") as twin:
        assert run("check", twin.url).returncode == 0


@pytest.mark.proof
@pytest.mark.skipif(shutil.which("curl") is None, reason="the README asks with curl")
def test_the_readme_can_be_followed_line_by_line(tmp_path: Path) -> None:
    """Each line goes to a shell as it stands; while a twin is served, the lines that follow ask it."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 8080)) == 0:
            pytest.skip("something else listens on port 8080")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    serving: subprocess.Popen[str] | None = None
    try:
        for line in LINES:
            if line.startswith(("pip install", "uvx ")):
                continue
            if line.startswith("usagetwin serve"):
                _end(serving)
                serving = subprocess.Popen(
                    ["sh", "-c", f"exec {line}"],  # noqa: S607 -- as a user's shell does
                    cwd=tmp_path,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                )
                assert serving.stdout is not None
                assert serving.stdout.readline() == f"usagetwin ready on {URL}\n"
                continue
            ended = subprocess.run(
                ["sh", "-c", line],  # noqa: S607 -- as a user's shell does
                cwd=tmp_path,
                env=environment,
                check=False,
                capture_output=True,
                text=True,
            )
            assert ended.returncode == 0, ended.stdout + ended.stderr
            assert ended.stdout.strip() == dict(EXAMPLES).get(line, ended.stdout.strip())
    finally:
        _end(serving)


def _end(process: "subprocess.Popen[str] | None") -> None:
    if process is not None:
        process.terminate()
        process.communicate()


def test_what_the_example_test_calls_is_there() -> None:
    """The fixture's value has every name that the README's test uses."""
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    names = set(re.findall(r"usage_twin\.(\w+)", README))

    compile(example, "README.md", "exec")
    assert names == {"freeze", "expected", "calls", "fault"}
    assert all(hasattr(UsageTwin, name) for name in names)


def test_the_figures_about_other_tools_are_those_that_were_measured() -> None:
    """Each figure of the table is in the rows of docs/benchmarks.md, in the same form."""
    table = README[README.index("| tool |") : README.index("The 30 faults")]
    figures = FIGURE.findall(table.replace("30 of 30", "30 of 30 "))
    measured = text("docs/benchmarks.md")

    assert len(figures) >= 8
    assert [each for each in figures if each not in measured] == []


def test_pictures_are_shown_dark_and_light() -> None:
    """Each has a source for pages that are dark, and the light one for all others."""
    shown = re.findall(
        r'<source media="\(prefers-color-scheme: dark\)" srcset="docs/pictures/([a-z-]+)-dark\.svg">\n'
        r'  <img alt="[^"]+" src="docs/pictures/\1-light\.svg">',
        README,
    )

    assert shown == ["finding", "failing-test"]
    assert 'dark)" srcset="docs/pictures/page-account-dark.png">' in README


@pytest.mark.parametrize("command", ["make contract", "make test"])
def test_the_commands_that_do_all_set_up_are_named(command: str) -> None:
    """They are what CI calls, or what it calls calls, so the README gives them as they stand."""
    assert f"`{command}`" in README
