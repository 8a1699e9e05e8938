"""Schemas as others publish them: `make schemas` gets them from PyPI and npm, into `.schemas`."""

from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(__file__).parents[3] / ".schemas"
JENKINS: Final = "junit-10.xsd"
SARIF: Final = "node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json"


def published(name: str) -> Path:
    """Give a schema's file; skip the test where it is not installed."""
    file = FOLDER / name
    if not file.is_file():
        pytest.skip(f"{name} is not installed: make schemas")
    return file
