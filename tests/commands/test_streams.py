"""What becomes of a command whose output can't be written, or not in the characters that it has."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.raw_server import answer, answering, saying
from tests.commands.processes import FULL, shell

if TYPE_CHECKING:
    from tests.served import Twin

NO_SPACE: Final = b"usagetwin: not all output could be written: No space left on device\n"
pytestmark = pytest.mark.skipif(not Path(FULL).exists(), reason="a disk that is always full is Linux's")


@pytest.mark.parametrize(
    ("redirections", "said"),
    [
        (f">{FULL}", NO_SPACE),
        (f">{FULL} 2>{FULL}", b""),
        (f"2>{FULL} >/dev/null", b""),
        (">&-", b""),
        (">&- 2>&- <&-", b""),
        ("| true; exit ${PIPESTATUS[0]}", b""),
    ],
)
def test_a_check_keeps_its_status_and_its_report(
    redirections: str, said: bytes, tmp_path: Path, unused_port: int
) -> None:
    """Nobody listens, so that the verdict is 3, wherever the words go; the file has them first."""
    report = tmp_path / "report.json"

    result = shell(redirections, "check", f"http://127.0.0.1:{unused_port}", "--json", str(report))

    assert (result.returncode, result.stderr) == (3, said)
    assert json.loads(report.read_text(encoding="utf-8"))["verdict"] == "inconclusive"


def test_health_is_no_matter_of_a_disk(twin: "Twin") -> None:
    """What is asked is whether the twin is well."""
    result = shell(f">{FULL}", "health", twin.url)

    assert (result.returncode, result.stderr) == (0, NO_SPACE)


@pytest.mark.parametrize(
    ("redirections", "status", "said"),
    [(f">{FULL}", 1, NO_SPACE), (">&-", 0, b""), ("| head -1 | cut -c-8; exit ${PIPESTATUS[0]}", 0, b"")],
)
def test_a_list_on_a_full_disk_is_a_failure(redirections: str, status: int, said: bytes) -> None:
    """It has no verdict to keep; who wants no output, or no more of it, has what they want."""
    result = shell(redirections, "faults")

    assert (result.returncode, result.stderr) == (status, said)
    assert result.stdout in (b"", b"faults (\n")


@pytest.mark.parametrize(
    ("encoding", "shown"), [("ascii", b"'caf\\xe9\\u2192'"), ("cp1252", b"'caf\xe9\\u2192'")]
)
def test_a_character_that_the_encoding_lacks_is_written_as_its_escape(encoding: str, shown: bytes) -> None:
    """On both streams: the report names a server, an error a rule."""
    variables = {"PYTHONIOENCODING": encoding}
    with answering(saying(answer(b"{}", "404 Not Found", "Server: 'café→'\r\n".encode()))) as server:
        checked = shell("", "check", server.url, "--budget", "2", environment=variables)

    explained = shell("", "explain", "café→", environment=variables)

    assert shown in checked.stdout
    assert shown in explained.stderr
    assert (checked.returncode, explained.returncode) == (3, 2)


@pytest.mark.parametrize("columns", ["0", "1", "7", "-3", "wide", "9" * 5000])
def test_any_width_prints_the_verdict(columns: str, unused_port: int) -> None:
    """Also a width that none is; some libraries print nothing at all in 0 columns."""
    url = f"http://127.0.0.1:{unused_port}"

    result = shell("", "check", url, environment={"COLUMNS": columns})

    assert b"".join(url.encode().split()) in b"".join(result.stdout.split())
    assert (result.returncode, result.stderr) == (3, b"")


def test_colours_asked_for_draw_no_moving_bar_into_a_log(unused_port: int) -> None:
    """FORCE_COLOR, which CI sets, is about colours."""
    result = shell("", "check", f"http://127.0.0.1:{unused_port}", environment={"FORCE_COLOR": "1"})

    assert b"\x1b[" in result.stdout
    assert result.stderr == b""


def test_warnings_of_libraries_are_not_a_command_s_business() -> None:
    """PYTHONWARNINGS=error is set for a test run, and the commands that it starts work as ever."""
    result = shell("", "check", "twin", "--budget", "2", environment={"PYTHONWARNINGS": "error"})

    assert (result.returncode, result.stderr) == (0, b"")
