"""Reports as a page keep the rules of HTML, as vnu knows them: not all readers forgive as browsers do."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.checker.drifting.editions import TWELVE
from tests.checker.reporting.page.reports import sums_that_disagree
from tests.checker.reporting.page.test_check_page import HOSTILE, hostile_report
from tests.checker.reporting.page.test_drift_page import report_of
from tests.checker.reporting.page.test_score_page import ALL
from tests.noticing.test_noticed import FAULT, LEGAL, OTHER, noticed
from usagetwin_checker.noticing.noticed_page import noticed_page
from usagetwin_checker.reporting.page.check_page import check_page
from usagetwin_checker.reporting.page.drift_page import drift_page
from usagetwin_checker.reporting.page.score_page import score_page

VNU: Final = Path(__file__).resolve().parents[2] / ".browser/node_modules/vnu-jar/build/dist/vnu.jar"
JAVA: Final = shutil.which("java")
SCRIPT: Final = re.compile(r"<script>.*?</script>", re.DOTALL)
QUICK: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # it runs once, for a moment
WITHIN_S: Final = 120


def errors(*files: Path) -> list[str]:
    """Give what vnu has against some pages, a line each."""
    ended = subprocess.run(
        [str(JAVA), *QUICK, "-Xss8m", "-jar", str(VNU), "--errors-only", "--format", "gnu", *map(str, files)],
        check=False,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
    )
    return ended.stderr.splitlines()


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.proof)])
@pytest.mark.skipif(JAVA is None or not VNU.exists(), reason="make browser installs vnu, which needs Java")
def test_each_kind_of_page_is_valid(tmp_path: Path, *, whole: bool) -> None:
    """A failing check, one of a hostile target, a score and blind spots; and a page that is not is told.

    The script of the charts takes vnu a while, and is left out of the short version.
    """
    texts = {
        "check": check_page(sums_that_disagree()),
        "hostile": check_page(hostile_report("".join(HOSTILE))),
        "score": score_page(ALL),
        "drift": drift_page(report_of(TWELVE["a parameter goes"][0])),
        "blind-spots": noticed_page(noticed(), (FAULT, OTHER, LEGAL)),
        "wrong": "<!doctype html><title>t</title><p id=a><p id=a>",
    }
    for name, text in texts.items():
        kept = text if whole else SCRIPT.sub("", text)
        (tmp_path / f"{name}.html").write_text(kept, encoding="utf-8")

    found = errors(*(tmp_path / f"{name}.html" for name in texts))

    assert [line for line in found if "wrong.html" not in line] == []
    assert any("Duplicate ID" in line for line in found)
