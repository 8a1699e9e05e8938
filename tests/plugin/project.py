"""A small project that has the plugin, and whose tests are run: in this process, or in one of their own."""

import os
from importlib.metadata import version
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from packaging.version import Version

if TYPE_CHECKING:
    import pytest

OF_ASYNCIO: Final = (  # unknown to the release of pytest-asyncio that goes with pytest 7
    "asyncio_default_fixture_loop_scope = function\n"
    if Version(version("pytest-asyncio")) >= Version("0.24")
    else ""
)
URL_VARIABLE: Final = "USAGETWIN_TESTED_AT"  # where a twin runs that all projects of these tests ask
INI: Final = f"""\
[pytest]
addopts = -p no:randomly -p no:cacheprovider
usage_twin_unused = off
{OF_ASYNCIO}"""

CLIENT: Final = '''\
"""The code under test, which knows nothing of the twin."""

import requests

URL = "https://app.launchdarkly.com/api/v2/usage/observability/sessions"


def ask(query="", *, token="api-1", url=URL):
    return requests.get(f"{url}?{query}", headers={"Authorization": token}, timeout=10)


def total(query="aggregationType=incremental"):
    return sum(point["0"] for point in ask(query).json()["series"])
'''

MILLISECONDS: Final = "from=1773532800000"
FINDING: Final = (
    "from='1773532800000' looks like milliseconds; from takes Unix seconds, at most 10 digits",
    "  rule  timestamp-fits-ten-digits (chosen, docs/semantics.md 3)",
    "  try   from=1773532800",
)


class Project:
    """The project's folder: a client, an ini file, and what a test writes."""

    def __init__(self, pytester: "pytest.Pytester") -> None:
        """Write the client and the ini file."""
        self.pytester: Final = pytester
        self.ini()
        self.write("client.py", CLIENT)

    def ini(self, *lines: str) -> None:
        """Write the ini file, with these lines beside those that all projects have."""
        self.write("pytest.ini", INI + "\n".join(lines))

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        file = self.pytester.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")

    def tests(self, text: str, *, name: str = "test_project.py") -> None:
        """Write tests, which find pytest and the client imported."""
        self.write(name, "import pytest\nimport client\n\n" + dedent(text))

    def run(self, *options: str) -> "pytest.RunResult":
        """Run the tests in this process, which has the libraries loaded."""
        return self.pytester.runpytest_inprocess(*elsewhere(options), *options)

    def run_alone(self, *options: str) -> "pytest.RunResult":
        """Run the tests in a process of their own."""
        return self.pytester.runpytest_subprocess(*elsewhere(options), *options)


def elsewhere(options: "tuple[str, ...]") -> tuple[str, ...]:
    """Give the option that leads a project to a running twin, where all are to be led there."""
    url = os.environ.get(URL_VARIABLE)
    named = any(option.startswith("--usage-twin-url") for option in options)
    return (f"--usage-twin-url={url}",) if url and not named else ()


def text_of(result: "pytest.RunResult") -> str:
    """Give all that a run printed."""
    return f"{result.stdout}\n{result.stderr}"
