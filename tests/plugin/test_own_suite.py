"""The plugin's own tests, with every project led to a running twin: what passes, and what can't."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from tests.plugin.project import URL_VARIABLE
from tests.served import served

pytestmark = [pytest.mark.proof, pytest.mark.no_cover]

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
WITHIN_S: Final = 3_600
CAN_NOT: Final = {  # with what docs/pytest.md says of it
    "test_a_plugin_that_forbids_sockets_is_named_with_what_to_do": "a plugin that forbids sockets",
    "test_a_test_without_the_twin_is_left_alone": "a run without any twin loads",
    "test_a_run_without_a_twin_loads_none_of_its_libraries[options0]": "a run without any twin loads",
    "test_a_run_without_a_twin_loads_none_of_its_libraries[options1]": "a run without any twin loads",
}


def test_all_pass_but_those_that_can_t_by_nature(tmp_path: Path) -> None:
    """The page has the reason of each, and says how many they are."""
    report = tmp_path / "report.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/plugin",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--junitxml={report}",
    ]

    with served("--quiet") as twin:
        subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, URL_VARIABLE: twin.url},
            capture_output=True,
            check=False,
            timeout=WITHIN_S,
        )

    tests = list(ET.parse(report).iter("testcase"))  # noqa: S314 -- our own file
    failed = {
        str(each.get("name"))
        for each in tests
        if each.find("failure") is not None or each.find("error") is not None
    }
    assert failed == CAN_NOT.keys()
    assert all(reason in PAGE for reason in CAN_NOT.values())
    assert len(failed) == 4
    assert "All of the plugin's own tests but four pass" in PAGE
