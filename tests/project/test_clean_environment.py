"""The built wheel works where none of our sources are."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.checkout import ROOT


@pytest.mark.proof
def test_the_commands_of_the_image_work_from_the_wheel_alone(tmp_path: Path) -> None:
    """A clean environment with the lock and the wheel contracts, serves, is healthy and passes its check."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")

    result = subprocess.run([sys.executable, "-m", "tools.wheel_test", str(wheel)], cwd=ROOT, check=False)

    assert result.returncode == 0
