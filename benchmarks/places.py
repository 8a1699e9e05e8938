"""Where the benchmarks keep what they install, write and find: all of it outside version control."""

import os
import shutil
from pathlib import Path
from typing import Final

from benchmarks.claims import AbsentError

ROOT: Final = Path(__file__).parents[1]
HERE: Final = Path(__file__).parent
FOLDER: Final = ROOT / ".bench"
ENDPOINT: Final = "/api/v2/usage/observability/sessions"
TOKEN: Final = "api-benchmark"  # noqa: S105 -- invented; the twin takes any


def work_file(name: str) -> Path:
    """Give a file of the work folder, and make its folder."""
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def program(name: str, how_to_get_it: str) -> str:
    """Find a program on PATH. Raises AbsentError."""
    path = shutil.which(name)
    if path is None:
        message = f"{name} is not on PATH; {how_to_get_it}"
        raise AbsentError(message)
    return path


def schemathesis() -> str:
    """Find Schemathesis, which lives in an environment of its own. Raises AbsentError."""
    named = os.environ.get("SCHEMATHESIS", "")
    path = shutil.which(named) if named else None
    if path is None:
        message = (
            "SCHEMATHESIS does not name the schemathesis command; `make bench` installs it and sets this"
        )
        raise AbsentError(message)
    return str(Path(path).absolute())  # it is run from another folder
