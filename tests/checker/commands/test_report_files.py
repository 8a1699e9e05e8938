"""Tests of `usagetwin_checker.commands.report_files`: where `usagetwin check` writes its report."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from tests.acme import NOW
from tests.checker.commanding import check
from usagetwin.contract import rules
from usagetwin.data import openapi_folder
from usagetwin.tls.kept import kept

SMALL: Final = ("--budget", "30", "--max-examples", "0")


def test_one_run_writes_all_forms(acme_file: str, tmp_path: Path) -> None:
    """Each to its file, and the terminal says what it always says."""
    files = {name: tmp_path / name for name in ("json", "junit", "sarif", "code-quality")}
    options = [part for name, file in files.items() for part in (f"--{name}", str(file))]

    result = check("twin", "--world", acme_file, "--now", NOW, *SMALL, *options)

    assert result.exit_code == 0, result.output
    assert "pass twin: " in result.output
    assert json.loads(files["json"].read_text("utf-8"))["verdict"] == "pass"
    assert len(list(ET.parse(files["junit"]).getroot().iter("testcase"))) == len(rules())  # noqa: S314 -- our own
    assert json.loads(files["sarif"].read_text("utf-8"))["runs"][0]["results"] == []
    assert json.loads(files["code-quality"].read_text("utf-8")) == []


def test_a_recording_is_told_in_all_forms_too(acme_file: str, tmp_path: Path) -> None:
    """The verdict on it is the one on the run that it was made of."""
    recording = tmp_path / "run.har"
    files = {name: tmp_path / name for name in ("json", "html", "junit", "sarif", "code-quality")}
    options = [part for name, file in files.items() for part in (f"--{name}", str(file))]
    run = check("twin", "--world", acme_file, "--now", NOW, *SMALL, "--record", str(recording))

    result = check(str(recording), *options)

    assert (run.exit_code, result.exit_code) == (0, 0), result.output
    assert json.loads(files["json"].read_text("utf-8"))["ended"] == "recording"
    assert "it is a recording" in files["html"].read_text("utf-8")
    assert all(file.stat().st_size for file in files.values())


@pytest.mark.parametrize("option", ["--junit", "--sarif", "--code-quality"])
def test_a_file_that_cannot_be_written_is_refused_first(option: str, tmp_path: Path) -> None:
    """Before anything is asked, by the option's name."""
    result = check("twin", option, str(tmp_path / "no" / "folder"), *SMALL)

    assert result.exit_code == 2
    assert f"usagetwin: {option} '" in result.output
    assert "can't be written: No such file or directory" in result.output


def test_one_file_for_two_forms_is_refused(tmp_path: Path) -> None:
    """The second would take the first's place."""
    file = str(tmp_path / "report")

    result = check("twin", "--junit", file, "--sarif", f"{tmp_path}/./report", *SMALL)

    assert result.exit_code == 2
    assert "--junit and --sarif name one file, '" in result.output


def test_two_reports_are_not_mixed_in_one_output() -> None:
    """Neither could be read."""
    result = check("twin", "--json", "-", "--sarif", "-", *SMALL)

    assert result.exit_code == 2
    assert "--json and --sarif name one file, '-'" in result.output


@pytest.mark.parametrize(
    ("reads", "writes"),
    [
        ("world", "--json"),
        ("profile", "--write-profile"),
        ("cacert", "--record"),
        ("document", "--html"),
        ("token", "--junit"),
    ],
)
def test_no_report_takes_the_place_of_what_a_check_reads(
    reads: str, writes: str, acme_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused before anything is asked, and the file is as it was; a dry run is as careful."""
    content = {
        "world": Path(acme_file).read_text("utf-8"),
        "profile": "policies: {}\n",
        "document": (openapi_folder() / "launchdarkly-usage.yaml").read_text("utf-8"),
        "token": "not-a-token",
        "cacert": kept(tmp_path / "ca", datetime.now(UTC)).certificate.decode() if reads == "cacert" else "",
    }[reads]
    file = tmp_path / f"{reads}.yaml"
    file.write_text(content, encoding="utf-8")
    if reads == "token":
        file.chmod(0o600)
        monkeypatch.setenv("USAGETWIN_TOKEN_FILE", str(file))
    read = () if reads == "token" else (f"--{reads}", str(file))
    target = "https://127.0.0.1:9" if reads == "cacert" else "twin"

    result = check(target, *read, writes, f"{tmp_path}/./{file.name}", *SMALL)

    assert result.exit_code == 2, result.output
    assert "would take the place of the " in result.output
    assert f"{writes} with another file" in result.output
    assert file.read_text("utf-8") == content


def test_on_github_a_check_annotates_its_run(
    acme_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The summary has the verdict; of a check that passes there is nothing to annotate."""
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    result = check("twin", "--world", acme_file, "--now", NOW, *SMALL)

    assert "::error" not in result.output
    assert summary.read_text("utf-8").startswith("### usagetwin check passes\n")


def test_on_github_what_went_wrong_is_an_error_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside what is printed as everywhere; with the JSON on the output, among what is for people."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    result = check("http://127.0.0.1:1", "--json", "-", *SMALL)

    assert result.exit_code == 3
    assert json.loads(result.stdout)["verdict"] == "inconclusive"
    assert "::error title=usagetwin::" in result.stderr
