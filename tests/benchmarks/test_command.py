"""The command: a row that can't be measured is skipped with its reason, and fails nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import __main__, places


def test_a_row_whose_tool_is_absent_is_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No traceback, and exit status 0: no bar was missed."""
    monkeypatch.setattr(places, "FOLDER", tmp_path)
    monkeypatch.delenv("SCHEMATHESIS", raising=False)

    ended = CliRunner().invoke(__main__.main, ["--only", "schemathesis"])

    assert ended.exit_code == 0, ended.output
    assert "skipped schemathesis: SCHEMATHESIS does not name the schemathesis command" in ended.output
    assert '"skipped": [\n    {' in (tmp_path / "results.json").read_text(encoding="utf-8")
