"""What a check draws its requests with: Hypothesis, which an extra brings.

Its pytest plugin loads all of it at the end of every run, so a test environment that only uses the fixture
goes without.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from usagetwin.errors import SettingError

DATABASE_FILE: Final = "HYPOTHESIS_DATABASE_FILE"
EXTRA: Final = "pip install 'usagetwin[check]'"


def require_hypothesis() -> None:
    """Refuse to draw where Hypothesis is not installed or can't work. Raises SettingError."""
    if find_spec("hypothesis") is None:
        problem = "a check draws requests with Hypothesis, which is not installed"
        raise SettingError(problem, EXTRA)
    try:
        Path.cwd()
    except OSError:
        problem = "a check draws requests with Hypothesis, which needs the current folder, and that is gone"
        raise SettingError(problem, "cd to a folder that exists") from None
    if os.environ.get(DATABASE_FILE) is not None:
        problem = f"{DATABASE_FILE} is set, which Hypothesis refuses to work with"
        raise SettingError(problem, f"no {DATABASE_FILE}")
