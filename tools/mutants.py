"""Break the code that judges and counts in small ways, one at a time, and list what no test notices.

The tool is mutmut, which must be in this interpreter's environment. It wants sources below `src/`: they are
copied into `build/mutants/PART` as they lie in a wheel; `mutmut show NAME` works there afterwards.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER: Final = Path("build/mutants")
PACKAGES: Final = {
    "mockserver/usagetwin": "usagetwin",
    "contract_tests/usagetwin_checker": "usagetwin_checker",
}
DATA: Final = ("openapi", "fixtures", "docs/facts.md", "docs/semantics.md")
IGNORED: Final = shutil.ignore_patterns("__pycache__")


@dataclass(frozen=True, slots=True)
class Part:
    """Some files to break, below `src/`, and the tests that should notice; `but` are tests to leave out."""

    broken: tuple[str, ...]
    tests: tuple[str, ...]
    but: tuple[str, ...] = ()


PARTS: Final = {
    "rules": Part(
        (
            "usagetwin/account/ledger.py",
            "usagetwin/request/parameters.py",
            "usagetwin/request/wording.py",
        ),
        (
            "tests/account/test_ledger.py",
            "tests/account/test_answers.py",
            "tests/request/test_parameters.py",
            "tests/request/test_wording.py",
        ),
        # It reads the source, in which all mutants lie side by side.
        ("tests/request/test_wording.py::test_every_rule_that_the_twin_names_is_in_the_catalogue",),
    ),
    "judging": Part(
        ("usagetwin_checker/judging/judge.py", "usagetwin_checker/judging/oracle/*.py"),
        ("tests/checker/judging", "tests/checker/running/test_confirming.py"),
    ),
}


def main(names: "Sequence[str]") -> int:
    """Make and try the mutants of the parts named, or of all."""
    for name in names or PARTS:
        folder = FOLDER / name
        shutil.rmtree(folder, ignore_errors=True)
        _lay_out(folder, PARTS[name])
        for command in (("run", "--max-children", "2"), ("results",)):
            subprocess.run([sys.executable, "-m", "mutmut", *command], cwd=folder, check=True)
    return 0


def _lay_out(folder: Path, part: Part) -> None:
    for source, package in PACKAGES.items():
        shutil.copytree(source, folder / "src" / package, ignore=IGNORED)
    for data in DATA:
        place = folder / "src/usagetwin/_data" / data
        if Path(data).is_dir():
            shutil.copytree(data, place)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(data, place)
    shutil.copytree("tests", folder / "tests", ignore=IGNORED)
    (folder / "pyproject.toml").write_text(_settings(part), encoding="utf-8")


def _settings(part: Part) -> str:
    """Write the settings of mutmut and, as the project has them, of pytest; JSON values are TOML values."""
    ours = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    pytest = {key: value for key, value in ours.items() if key != "testpaths"}
    left_out = [f"--deselect={test}" for test in part.but]
    mutmut = {
        "source_paths": ["src"],
        "only_mutate": [f"src/{pattern}" for pattern in part.broken],
        "pytest_add_cli_args": ["-x", "-p", "no:cacheprovider", *left_out],
        "pytest_add_cli_args_test_selection": list(part.tests),
    }
    tables = {"pytest.ini_options": pytest, "mutmut": mutmut}
    return "\n".join(
        line
        for name, table in tables.items()
        for line in (f"[tool.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items()))
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
