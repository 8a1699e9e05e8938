"""Node's `fetch`, as the source document shows it, with the host changed only."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acme import FEB_27, MAR_1

if TYPE_CHECKING:
    from tests.served import Twin

NODE = shutil.which("node")
HERE = Path(__file__).parent

pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed: there is no fetch to try")


def _node(script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    assert NODE is not None
    return subprocess.run(
        [NODE, str(HERE / script), *arguments], capture_output=True, check=True, text=True, timeout=60
    )


def test_the_example_of_the_document_works(twin: "Twin") -> None:
    """It logs the data, and no error."""
    ended = _node("node_fetch.mjs", twin.url)

    assert ended.stderr == ""
    assert f"{{ '0': 31, time: {MAR_1}000 }}" in ended.stdout
    assert "metadata: [ {} ]" in ended.stdout


def test_answers_and_errors_are_read_as_json(twin: "Twin") -> None:
    """Three at once."""
    queries = (f"from={FEB_27}&granularity=monthly", "projectKey=app&projectKey=web", "from=2026-03-01")

    answers = json.loads(_node("node_fetch_many.mjs", twin.url, *queries).stdout)

    assert [answer["status"] for answer in answers] == [200, 200, 400]
    assert {answer["type"] for answer in answers} == {"application/json"}
    assert [[point["0"] for point in answer["data"]["series"]] for answer in answers[:2]] == [
        [30, 100],
        [31, 73, 100],
    ]
    assert answers[2]["data"]["code"] == "invalid_request"
