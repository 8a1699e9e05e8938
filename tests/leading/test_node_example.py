"""The example for Node.js: its tests pass with the twin, and have the blind spots that its page names."""

import json
import re
import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.leading.led import long, looked

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
PROJECT: Final = EXAMPLES / "billing-report-node"
ACCOUNT: Final = EXAMPLES / "billing-report" / "tests" / "account.yaml"
NAMED: Final = re.findall(r"^- `([a-z-]+)`: ", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE)
WRONG: Final = {("fault", "unnoticed"), ("variation", "noticed")}
SHORT: Final = ("incremental-is-cumulative", "metadata-missing", "time-in-seconds")

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed here")


@pytest.mark.parametrize("names", [SHORT, long(("default",))])
def test_it_has_the_blind_spots_that_its_page_names(names: tuple[str, ...]) -> None:
    """Faults that no test notices, and legal variations that break one; of a short list those that it has."""
    options = ("--world", str(ACCOUNT), "--now", "2026-03-17", "--json", "-")

    ended = looked(",".join(names), *options, "--", "node", "--test", cwd=PROJECT)

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)["deviations"]
    wrong = [each["name"] for each in found if (each["kind"], each["result"]) in WRONG]
    assert wrong == [name for name in NAMED if name in names or "default" in names]
    assert any((each["kind"], each["result"]) == ("fault", "noticed") for each in found)
