"""A run of pytest that has no twin pays next to nothing for the plugin."""

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from tests.plugin.project import Project

HEAVY = (
    "aiohttp",
    "click",
    "connexion",
    "cryptography",
    "httpx",
    "hypothesis",
    "jsonschema",
    "openapi_core",
    "requests",
    "rich",
    "ssl",
    "starlette",
    "trustme",
    "uvicorn",
    "yaml",
)


def loaded_by(program: str) -> set[str]:
    """Run a program, and list the modules that it has loaded."""
    shown = f"{program}\nimport sys\nprint(*sys.modules)"
    return set(
        subprocess.run(
            [sys.executable, "-c", shown], check=True, capture_output=True, text=True
        ).stdout.split()
    )


def packages(modules: set[str]) -> set[str]:
    """Give what modules belong to."""
    return {module.partition(".")[0] for module in modules}


def test_importing_the_plugin_imports_pytest_and_the_standard_library_alone() -> None:
    """Of ours it loads two modules; of others nothing that pytest doesn't load."""
    pytest_alone = loaded_by("import pytest")

    added = loaded_by("import pytest, usagetwin_checker.plugin") - pytest_alone

    assert packages(added) - set(sys.stdlib_module_names) == {"usagetwin_checker"}
    assert {module for module in added if module.startswith("usagetwin_checker.")} == {
        "usagetwin_checker.plugin",
        "usagetwin_checker.plugin.options",
        "usagetwin_checker.plugin.whole",
    }
    assert added.isdisjoint(HEAVY)


@pytest.mark.parametrize("options", [(), ("-p", "no:usagetwin")])
def test_a_run_without_a_twin_loads_none_of_its_libraries(project: Project, options: tuple[str, ...]) -> None:
    """Neither with the plugin nor without it; other plugins are left out, as they load their own."""
    project.write("pytest.ini", "[pytest]\n")
    project.write(
        "test_plain.py",
        f"""
        import sys

        def test_plain():
            heavy = {{*{HEAVY!r}, "usagetwin", "usagetwin_checker.testing", "usagetwin_checker.redirect"}}
            assert heavy.isdisjoint(sys.modules)
        """,
    )
    others = [f"-pno:{each.name}" for each in entry_points(group="pytest11") if each.name != "usagetwin"]

    result = project.run_alone(*options, *others, "-o", "addopts=")

    result.assert_outcomes(passed=1)
