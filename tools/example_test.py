"""Try the example as a downstream team would: its own CI file's commands, our wheel, nothing else of ours.

Then plant mistakes in its client, one at a time: a test must fail for each, and name the rule. Nothing but
the standard library is needed, and of the checkout only `tools/`, `requirements/` and `examples/`.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tools.planted_mistakes import MISTAKES, NoLongerFitsError, plant
from tools.with_twin import NotReadyError, served

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.planted_mistakes import Mistake

EXAMPLE: Final = Path("examples/billing-report")
WORKFLOW: Final = ".github/workflows/ci.yml"
INSTALL: Final = "pip install '.[dev]'"
OFFLINE: Final = "pip install --no-index --no-build-isolation '.[dev]'"  # what it needs is there, as locked
LOCKS: Final = ("run", "build")  # what the wheel needs, and what builds the example
BESIDE: Final = ("execnet", "pytest-xdist")  # what the example's tests need besides
API: Final = "USAGE_API"  # the variable of the CI file that says which API to check
ACCOUNT: Final = ("--world", "tests/account.yaml", "--now", "2026-03-17T15:20:00Z")
TESTS: Final = "pytest -x -p no:cacheprovider tests/test_client.py"  # what a mistake is tried with
AT_ONCE: Final = 2
LEAKS: Final = ("PYTEST_", "PYTHON")  # how variables begin that would change a test run
COMMAND: Final = re.compile(r"^      - run: (.+\n(?:          .+\n)*)", re.MULTILINE)
RULE: Final = re.compile(r"^\s*rule  ([a-z0-9-]+) \(", re.MULTILINE)
FAILED: Final = re.compile(r"^FAILED [^:\s]+::(\S+)", re.MULTILINE)


class FailedError(Exception):
    """A command that failed; what it printed has been shown."""


class Caught(NamedTuple):
    """What the example's tests make of one mistake: which fails first, and the rules that are named then."""

    mistake: "Mistake"
    rules: tuple[str, ...]
    test: str | None
    output: str

    @property
    def is_right(self) -> bool:
        """Tell whether a test fails, and names the rule that is broken and no other."""
        return self.test is not None and self.rules == (self.mistake.rule,)


class Environment:
    """A virtual environment in a folder of its own, whose path is kept out of all that is printed."""

    def __init__(self, folder: Path) -> None:
        """Make the environment."""
        self.folder: Final = folder
        self._programs: Final = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        venv.create(folder / "venv", with_pip=True)

    def program(self, name: str) -> str:
        """Give the path of a program."""
        return str(self._programs / name)

    def run(self, line: str, *, place: Path, shown: str = "") -> None:
        """Run a command line, and show it (or as `shown`) and what it prints. Raises FailedError."""
        print("$", shown or line, flush=True)
        status, output = self.outcome(line, place=place)
        print(output, end="", flush=True)
        if status:
            message = f"exit status {status} of {shown or line}"
            raise FailedError(message)

    def outcome(self, line: str, *, place: Path, **variables: str) -> tuple[int, str]:
        """Run a command line, and give its exit status and what it prints."""
        name, *rest = shlex.split(line)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(LEAKS)}
        quiet = {"PIP_QUIET": "2", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run(
            [self.program(name), *rest],
            cwd=place,
            env={**kept, **quiet, **variables},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return ended.returncode, ended.stdout.replace(f"{self.folder}{os.sep}", "")


def main(arguments: "Sequence[str]") -> int:
    """Try the wheel that the only argument names; the exit status is 1 when anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="usagetwin-example-") as folder:
        environment = Environment(Path(folder).resolve())
        try:
            example = _installed(environment, Path(arguments[0]))
            _follow_the_workflow(environment, example)
            caught = _all_caught(environment, example)
        except (FailedError, NoLongerFitsError, NotReadyError) as error:
            print(f"example_test: {error}", file=sys.stderr)
            return 1
    return told(caught)


def commands(workflow: str) -> list[str]:
    """Give the commands of a CI file but for those that install; each is one line, or folded."""
    found = (" ".join(text.split()).removeprefix(">- ") for text in COMMAND.findall(workflow))
    return [line for line in found if line != INSTALL]


def told(caught: "Sequence[Caught]") -> int:
    """Print which rule and which test tell of each mistake, and give the exit status."""
    wrong = [each for each in caught if not each.is_right]
    for each in wrong:
        print(f"expected {each.mistake.rule} for: {each.mistake.about}\n{each.output}", file=sys.stderr)
    print(f"\n{'planted mistake':<40}{'rule that is named':<34}failing test")
    for each in caught:
        print(f"{each.mistake.about:<40}{', '.join(each.rules) or 'NONE':<34}{each.test or 'NONE'}")
    print(f"\n{len(caught) - len(wrong)} of {len(caught)} planted mistakes are caught, each by its rule")
    return 1 if wrong else 0


def _installed(environment: Environment, wheel: Path) -> Path:
    """Install the wheel with what it needs, as locked; then the example, as its CI file does."""
    place, example = environment.folder, environment.folder / EXAMPLE.name
    shutil.copy(wheel, place)
    _copy(EXAMPLE, example)
    (place / "lock.txt").write_text("\n".join(_lock()), encoding="utf-8")
    environment.run("pip install --require-hashes -r lock.txt", place=place)
    environment.run(f"pip install --no-deps --no-index {wheel.name}", place=place)
    environment.run(OFFLINE, place=example)
    return example


def _lock() -> "Iterator[str]":
    """Give whole locks, and of the developers' lock the entries that are needed besides."""
    texts = {name: Path(f"requirements/{name}.txt").read_text(encoding="utf-8") for name in (*LOCKS, "dev")}
    yield from (texts[name] for name in LOCKS)
    entries = re.split(r"^(?=\S)", texts["dev"], flags=re.MULTILINE)
    yield from (entry for entry in entries if entry.partition("==")[0] in BESIDE)


def _copy(project: Path, to: Path) -> None:
    shutil.copytree(project, to, ignore=shutil.ignore_patterns("__pycache__", ".*_cache", "build"))


def _follow_the_workflow(environment: Environment, example: Path) -> None:
    """Run the commands of the example's CI file; the API that it checks is a twin."""
    workflow = (example / WORKFLOW).read_text(encoding="utf-8")
    serve = [environment.program("usagetwin"), "serve", "--port", "0", *ACCOUNT]
    with served(serve, folder=example) as url:
        for line in commands(workflow):
            environment.run(line.replace(f"${API}", url), place=example, shown=line)


def _all_caught(environment: Environment, example: Path) -> list[Caught]:
    """Try every mistake, a few at once."""

    def caught(mistake: "Mistake") -> Caught:
        copy = environment.folder / "planted" / mistake.rule
        _copy(example, copy)
        plant(mistake, copy)
        _, output = environment.outcome(TESTS, place=copy, PYTHONPATH=str(copy / "src"))
        test = FAILED.search(output)
        return Caught(mistake, tuple(sorted(set(RULE.findall(output)))), test and test[1], output)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(caught, MISTAKES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
