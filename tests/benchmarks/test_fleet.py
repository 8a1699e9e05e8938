"""The row of a fleet: what it lacks is named, and its table goes into the page."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import __main__, fleet, places
from benchmarks.fleet import MANY, ONE, TWIN, Sample, Samples
from benchmarks.report import placed
from tests.project.checkout import text


def test_without_a_redis_the_row_is_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing is started."""
    monkeypatch.setattr(places, "FOLDER", tmp_path)
    monkeypatch.setattr(fleet, "PROGRAM", None)

    ended = CliRunner().invoke(__main__.main, ["--only", "fleet"])

    assert ended.exit_code == 0, ended.output
    assert "skipped fleet: redis-server is not on PATH" in ended.output


def test_the_median_round_is_told() -> None:
    """A slow spell of the machine is not."""
    samples = Samples((Sample(100.0, {TWIN: 30.0}), Sample(10.0, {TWIN: 300.0}), Sample(90.0, {TWIN: 33.0})))

    assert (samples.per_second, samples.cost_us(TWIN)) == (90.0, 33.0)
    assert samples.words == "processor time of a request: twin 33 us"


def test_a_table_takes_the_place_of_another() -> None:
    """Between its marks; all other words stay."""
    page = "a\n<!-- fleet -->\nold\n<!-- end of fleet -->\nb\n"

    assert placed(page, "fleet", "new\n") == "a\n<!-- fleet -->\nnew\n<!-- end of fleet -->\nb\n"
    assert placed(page, "other", "new\n") == page


def test_the_page_has_a_place_for_the_table_and_names_what_is_measured() -> None:
    """By the names of the setups."""
    page = text("docs/scale.md")

    assert placed(page, "fleet", "") != page
    assert [name for name in (ONE, MANY) if name not in page] == []
