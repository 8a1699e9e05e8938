"""`usagetwin check` of operations that a user brings: five that fit, and a sixth that does not."""

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import NOW, PATH
from tests.checker.commanding import check
from tests.checker.commands.test_interrupted import Counting, checking
from tests.checker.raw_server import WITHIN_S
from tests.served import served
from tests.siblings import ERRORS, IDS, KINDS, LOGS, METRICS_ID, written
from tests.wire import request, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Twin

FAULT: Final = "rolling-of-28-days"
BUDGET: Final = ("--budget", "60", "--max-examples", "0")
SMALL: Final = ("--budget", "30", "--max-examples", "0")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the file of the document."""
    return written(tmp_path_factory.mktemp("document"))


@pytest.fixture(scope="module")
def five(document: str) -> "Iterator[Twin]":
    """Serve all that fit."""
    with served("--document", document, "--now", NOW, "--quiet") as twin:
        yield twin


def test_all_five_are_served_and_pass(document: str, five: "Twin") -> None:
    """Of a target of which nothing is known; each has its verdict, and the exit status is that of all."""
    result = check(five.url, "--document", document, *BUDGET)

    lines = result.output.splitlines()
    assert result.exit_code == 0, result.output
    assert [line for line in lines if "  GET /" in line] == [f"{IDS[path]}  GET {path}" for path in KINDS]
    assert len([line for line in lines if line.startswith(f"pass {five.url}")]) == len(KINDS)
    assert lines[-1] == "5 operations: 5 pass"


def test_a_planted_fault_fails_each(document: str) -> None:
    """By the rule that it breaks, and with commands that ask for the operation's own path."""
    options = ("--document", document, "--operation", IDS[ERRORS], "--operation", IDS[LOGS])
    with served(*options, "--now", NOW, "--quiet", "--fault", FAULT) as twin:
        result = check(twin.url, *options, *BUDGET)

    assert result.exit_code == 1, result.output
    assert result.output.splitlines()[-1] == "2 operations: 2 fail"
    assert result.output.count("failure rolling-30d-sums") == 2, result.output
    assert f"{twin.url}{ERRORS}?" in result.output
    assert f"{twin.url}{PATH}" not in result.output


def test_a_sixth_is_refused_with_what_differs(document: str, five: "Twin") -> None:
    """It is neither served nor checked."""
    result = check(five.url, "--document", document, "--operation", METRICS_ID)

    assert result.exit_code == 2
    assert f"{METRICS_ID}: differs from the contract" in result.output
    assert "**average** supports `hourly`, `daily`, and `monthly`" in result.output


def test_the_twin_in_process_is_checked_by_every_rule(document: str, acme_file: str, tmp_path: Path) -> None:
    """As the vendored operation is; the JSON report names the operation, and its commands ask for it."""
    file = tmp_path / "report.json"

    result = check(
        *("twin", "--world", acme_file, "--now", NOW, "--json", str(file), *SMALL),
        *("--document", document, "--operation", LOGS),
    )

    report = json.loads(file.read_text(encoding="utf-8"))
    assert result.exit_code == 0, result.output
    assert report["operation"] == {"id": IDS[LOGS], "path": LOGS}
    assert report["notes"][0].startswith(f"assumed: GET {LOGS} says of observability logs what")
    assert f"pass twin, GET {LOGS}: " in " ".join(result.output.split())


def test_the_worst_verdict_is_that_of_all(twin: "Twin", document: str) -> None:
    """The vendored operation passes, and the other is not there: every answer is a 404."""
    result = check(twin.url, "--document", document, "--operation", PATH, "--operation", ERRORS, *SMALL)

    assert result.exit_code in {1, 3}, result.output
    assert result.output.splitlines()[-1].startswith("2 operations: 1 pass, 1 ")


def test_a_target_may_be_the_operation_s_own_url(document: str, five: "Twin") -> None:
    """Which is taken off, as the vendored one's is."""
    result = check(f"{five.url}{ERRORS}", "--document", document, "--operation", ERRORS, *SMALL)

    assert result.exit_code == 0, result.output
    assert f"the endpoint's path is taken off the target: {five.url}" in result.output


@pytest.mark.parametrize("option", ["--json", "--junit", "--sarif", "--code-quality", "--record"])
def test_a_file_is_of_one_operation(option: str, document: str, tmp_path: Path) -> None:
    """Of several it would hold the last."""
    result = check("twin", "--document", document, option, str(tmp_path / "x.har"))

    assert result.exit_code == 2
    assert f"{option} is a file of one operation, and 5 are checked" in result.output
    assert not (tmp_path / "x.har").exists()


def test_what_would_be_sent_is_of_each_operation(document: str) -> None:
    """As curl commands, none of which is sent."""
    result = check("twin", "--document", document, "--operation", ERRORS, "--operation", LOGS, "--dry-run")

    assert result.exit_code == 0, result.output
    assert f"http://127.0.0.1:8080{ERRORS}" in result.output
    assert f"http://127.0.0.1:8080{LOGS}" in result.output
    assert f"http://127.0.0.1:8080{PATH}" not in result.output
    assert "operations: " not in result.output


def test_a_signal_ends_all_of_them(document: str) -> None:
    """Whichever is at it; the others are not begun."""
    respond = Counting(3, silent=True)
    named = ("--document", document, "--operation", ERRORS, "--operation", LOGS)
    with checking(respond, *named) as process:
        assert respond.reached.wait(WITHIN_S)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=WITHIN_S)
        respond.over.set()

    assert process.returncode == 130
    assert f"GET {ERRORS}".encode() in output
    assert f"GET {LOGS}".encode() not in output


def test_a_recording_of_a_sibling_is_judged_as_one(document: str, five: "Twin", tmp_path: Path) -> None:
    """To the same verdict; as a recording of the vendored operation it has nothing."""
    file = str(tmp_path / "errors.har")
    named = ("--document", document, "--operation", ERRORS)
    live = check(five.url, *named, "--record", file, *SMALL)

    offline = check(file, *named)
    of_another = check(file)

    assert live.exit_code == offline.exit_code == 0, offline.output
    assert f", GET {ERRORS}: " in " ".join(offline.output.split())
    assert of_another.exit_code == 3
    assert f"no exchange with GET {PATH} is in the recording" in of_another.output


def test_a_served_sibling_is_the_one_in_process(document: str, five: "Twin") -> None:
    """Whichever others are served beside it, on however many workers."""
    alone = ("--document", document, "--operation", LOGS, "--now", NOW, "--quiet", "--workers", "2")
    target = f"{LOGS}?aggregationType=rolling_30d&from=1769904000".encode()
    with served(*alone) as twin:
        assert send(twin.url, request(target)).body == send(five.url, request(target)).body
        assert send(twin.url, request(ERRORS.encode())).status == 404
