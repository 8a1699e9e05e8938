"""Tests of `usagetwin drift document`."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from tests.checker.drifting.editions import TEXT, TWELVE, edited
from tests.checker.drifting.test_contract_patch import clone, of_a_clone
from tests.checker.raw_server import answer, answering, saying
from usagetwin_checker.commands import drift_document
from usagetwin_checker.commands.main import main

REWORDED: Final = TWELVE["a sentence is reworded"][0]
OASDIFF: Final = f"""#!{sys.executable}
import json, sys
assert sys.argv[1] == "changelog" and sys.argv[4:] == ["--format", "json"], sys.argv
older, newer = (json.load(open(file)) for file in sys.argv[2:4])
assert older["openapi"] == newer["openapi"] == "3.1.0"
entry = {{"id": "api-thing", "text": "a thing changed", "level": 3, "operation": "GET", "section": "paths"}}
path = "/api/v2/usage/observability/sessions"
print(json.dumps([{{**entry, "path": path}}, {{**entry, "path": "/other"}}]))
"""


def drift(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["drift", "document", *arguments])


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """Give the file of a document in which a sentence is reworded."""
    file = tmp_path / "newer.yaml"
    file.write_text(REWORDED, encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def no_oasdiff(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Find no other differ, wherever the tests run."""
    monkeypatch.setenv("PATH", str(tmp_path))


def test_the_vendored_document_has_not_moved(tmp_path: Path) -> None:
    """With exit status 0, and the verdict as the last line."""
    file = tmp_path / "same.yaml"
    file.write_text(TEXT, encoding="utf-8")

    result = drift(str(file))

    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "no drift: the vendored document -> same.yaml"


def test_a_change_is_told_with_its_rules_and_its_patch(newer: Path, tmp_path: Path) -> None:
    """In words, as JSON, and as a file for `git apply`; with exit status 1, and nothing is changed."""
    report, patch = tmp_path / "drift.json", tmp_path / "drift.patch"

    result = drift(str(newer), "--json", str(report), "--patch", str(patch))

    assert result.exit_code == 1, result.output
    said = 'prose-only a sentence is reworded: "Defaults to the current time." is "Defaults to now."'
    assert said in result.output
    assert "  rules to-defaults-to-now, explicit-default-changes-nothing\n" in result.output
    document = json.loads(report.read_text(encoding="utf-8"))
    assert (document["format"], document["of"], document["drift"]) == (
        "urn:usagetwin:drift:1",
        "document",
        True,
    )
    assert [change["kind"] for change in document["changes"]] == ["prose-only"]
    assert document["patch"]["diff"] == patch.read_text(encoding="utf-8")
    assert "+    - Defaults to now.\n" in document["patch"]["diff"]
    assert document["patch"]["applied"] is False
    assert result.output.splitlines()[-1] == (
        "drift in the document: the vendored document -> newer.yaml: 1 prose-only"
    )


def test_the_applied_patch_leaves_no_drift(newer: Path, tmp_path: Path) -> None:
    """A usagetwin of the patched clone has that document as its own."""
    folder = clone(tmp_path / "clone")
    shutil.copytree("contract_tests", folder / "contract_tests", ignore=shutil.ignore_patterns("__pycache__"))
    program = [sys.executable, "-m", "usagetwin", "drift", "document", str(newer)]
    of_the_clone = of_a_clone(folder / "mockserver", folder / "contract_tests")

    applied = drift(str(newer), "--checkout", str(folder), "--apply")
    again = subprocess.run(program, env=of_the_clone, check=False, capture_output=True, text=True)

    assert applied.exit_code == 0, applied.output
    assert "applied: openapi/launchdarkly-usage.yaml" in applied.output
    assert again.returncode == 0, again.stderr
    assert again.stdout.splitlines()[-1] == "no drift: the vendored document -> newer.yaml"


def test_what_the_patch_would_decide_is_drift(tmp_path: Path) -> None:
    """A sentence that nothing else tells of, and bytes alone, which are none; what is applied is said."""
    said, bytes_alone = tmp_path / "said.yaml", tmp_path / "bytes.yaml"
    said.write_text(
        edited("    ApiKey:\n", "    ApiKey:\n      description: At most a year.\n"), encoding="utf-8"
    )
    bytes_alone.write_text(f"# new\n{TEXT}", encoding="utf-8")
    folder = clone(tmp_path / "clone")

    told = drift(str(said), "--json", str(tmp_path / "drift.json"))
    applied = drift(str(bytes_alone), "--checkout", str(folder), "--apply")

    assert told.exit_code == 1, told.output
    assert "left for a person: say which rules follow from 'At most a year.'" in told.output
    assert told.output.splitlines()[-1].endswith(" -> said.yaml: 1 prose-only")
    assert json.loads((tmp_path / "drift.json").read_text())["drift"] is True
    assert applied.exit_code == 0, applied.output
    assert applied.output.splitlines()[-1] == (
        "no drift: the vendored document -> bytes.yaml; the patch is applied"
    )


def test_a_document_is_fetched_and_its_page_read() -> None:
    """It is named by its URL; the report goes to the output, and what is for people to the errors."""
    page = f"# A page\n\n```yaml\n{REWORDED}```\n".encode()
    with answering(saying(answer(page, headers=b"Content-Type: text/markdown\r\n"))) as server:
        result = drift(f"{server.url}/page.md", "--json", "-")

    assert result.exit_code == 1, result.output
    assert json.loads(result.stdout)["newer"] == f"{server.url}/page.md"
    assert result.stderr.splitlines()[-1].startswith("drift in the document: ")


def test_what_is_not_fetched_is_inconclusive() -> None:
    """A job must not take it for no drift."""
    with answering(saying(answer(b"", "503 Service Unavailable"))) as server:
        result = drift(server.url)

    assert result.exit_code == 3
    assert "inconclusive: " in result.output
    assert "is answered with 503" in result.output


def test_an_installed_package_is_not_patched(newer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told what to name instead; with --apply that is an error, before anything is written."""
    monkeypatch.setattr(drift_document, "CHECKOUT_HAS", "no/such.file")

    told, applied = drift(str(newer)), drift(str(newer), "--apply")

    assert told.exit_code == 1
    assert (
        "no patch: what usagetwin is installed from is not yours to patch; --checkout FOLDER" in told.output
    )
    assert applied.exit_code == 2
    assert "--apply has nothing to apply: what usagetwin is installed from" in applied.output


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        ("no-such.yaml", "'no-such.yaml': this is no file"),
        (".", "'.': this is a folder"),
        ("", "the name of the document is empty"),
        ("/dev/null", "'/dev/null': this is no ordinary file"),
        ("https://example.com/x", "'example.com' is none of the hosts"),
    ],
)
def test_what_is_no_document_is_refused(argument: str, problem: str) -> None:
    """With exit status 2, and what to give instead."""
    result = drift(argument)

    assert result.exit_code == 2
    assert problem in result.output
    assert "  try   " in result.output


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """It is no document of anybody's."""
    file = tmp_path / "large.json"
    with file.open("wb") as opened:
        opened.truncate((16 << 20) + 1)

    result = drift(str(file))

    assert result.exit_code == 2
    assert "larger than the 16 MiB" in result.output


def test_two_reports_need_two_files(newer: Path, tmp_path: Path) -> None:
    """The second would take the place of the first."""
    file = str(tmp_path / "out")

    result = drift(str(newer), "--json", file, "--patch", file)

    assert result.exit_code == 2
    assert "--json and --patch name one file" in result.output


@pytest.mark.parametrize("option", ["--json", "--patch", "--html"])
def test_no_report_takes_the_place_of_the_document(option: str, newer: Path) -> None:
    """It is there to be looked at again."""
    old = newer.read_bytes()

    result = drift(str(newer), option, str(newer))

    assert result.exit_code == 2
    assert "would take the place of the document '" in result.output
    assert newer.read_bytes() == old


def test_the_words_of_a_document_steer_no_terminal(tmp_path: Path) -> None:
    """Whoever writes it may write an escape, which is shown as one."""
    file = tmp_path / "newer.yaml"
    said = '"\\e[31mRed\\e[0m."'
    file.write_text(edited("          description: Usage response\n", f"          description: {said}\n"))

    result = drift(str(file))

    assert result.exit_code == 1
    assert "\x1b" not in result.output
    assert 'a sentence is new: "\\x1b[31mRed\\x1b[0m."' in result.output
    assert "no patch: " in result.output


def test_oasdiff_is_asked_where_it_is_installed(newer: Path, tmp_path: Path) -> None:
    """What it says of this operation is listed beside ours; what it calls breaking is drift by itself."""
    program = tmp_path / "oasdiff"
    program.write_text(OASDIFF, encoding="utf-8")
    program.chmod(0o755)
    same = tmp_path / "same.yaml"
    same.write_text(TEXT, encoding="utf-8")

    changed, unchanged = drift(str(newer)), drift(str(same))

    for result in (changed, unchanged):
        assert result.exit_code == 1, result.output
        assert result.output.count("oasdiff: breaking, a thing changed (api-thing)") == 1


def test_an_oasdiff_that_fails_is_no_second_opinion(newer: Path, tmp_path: Path) -> None:
    """Ours stands."""
    program = tmp_path / "oasdiff"
    program.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    program.chmod(0o755)

    result = drift(str(newer))

    assert result.exit_code == 1
    assert "no second opinion: oasdiff could not be asked (CalledProcessError)" in result.output


def test_what_can_not_be_written_is_told_by_its_name(newer: Path, tmp_path: Path) -> None:
    """The rest of the clone is as it was, or as it would be."""
    folder = clone(tmp_path / "clone")
    document = folder / "openapi/launchdarkly-usage.yaml"
    document.unlink()
    document.symlink_to(folder / "no/such/folder/file")

    result = drift(str(newer), "--checkout", str(folder), "--apply")

    assert result.exit_code == 2
    assert "launchdarkly-usage.yaml" in result.output


def test_other_operations_and_what_is_left_are_told(tmp_path: Path) -> None:
    """Of a whole document, how much was not looked at; of a sentence, that somebody has to decide."""
    whole = tmp_path / "whole.yaml"
    whole.write_text(edited("servers:\n", "  /other: {get: {}}\nservers:\n"), encoding="utf-8")
    more = tmp_path / "more.yaml"
    more.write_text(edited("Defaults to the current time.", "Defaults to the current time. At most a year."))

    told, left = drift(str(whole)), drift(str(more))

    assert told.exit_code == 0, told.output
    assert "1 other operations of the document are not looked at" in told.output
    assert "left for a person: say which rules follow from 'At most a year.'" in left.output
