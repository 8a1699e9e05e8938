"""What a check draws its requests with: Hypothesis, which an extra brings.

Its pytest plugin loads all of it at the end of every run, so a test environment that only uses the fixture
goes without.
"""

from importlib.util import find_spec
from typing import Final

from usagetwin.errors import SettingError

EXTRA: Final = "pip install 'usagetwin[check]'"


def require_hypothesis() -> None:
    """Refuse to draw where Hypothesis is not installed. Raises SettingError, which names the extra."""
    if find_spec("hypothesis") is None:
        problem = "a check draws requests with Hypothesis, which is not installed"
        raise SettingError(problem, EXTRA)
