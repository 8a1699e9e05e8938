"""The wheel, built once, and installed where no sources of ours are."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Final

from tests.project.checkout import ROOT

BUILD: Final = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
LEAKS: Final = ("PYTEST_", "PYTHON", "COV_", "COVERAGE_")  # how variables begin that would change a test run


def built_wheel(folder: Path) -> Path:
    """Build the wheel without the network."""
    subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


class Environment:
    """A virtual environment with the wheel in it, and with the libraries of the one that runs the tests.

    The libraries' folder is on the path by itself, so that its `.pth` files, and with them the editable
    install of the checkout, do not count.
    """

    def __init__(self, folder: Path, wheel: Path) -> None:
        """Make it."""
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        bin_folder = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python: Final = bin_folder / "python"
        place = subprocess.run(
            [self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        self.site_packages: Final = Path(place)
        zipfile.ZipFile(wheel).extractall(self.site_packages)
        (self.site_packages / "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
        self.pytest: Final = bin_folder / "pytest"
        self.pytest.write_text(f"#!{self.python}\nimport pytest\nraise SystemExit(pytest.console_main())\n")
        self.pytest.chmod(0o755)

    def run(self, folder: Path, *command: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a command in a folder, with nothing of this test run in its variables."""
        variables = {name: value for name, value in os.environ.items() if not name.startswith(LEAKS)}
        return subprocess.run(
            command, cwd=folder, env=variables, capture_output=True, text=True, timeout=120, check=False
        )
