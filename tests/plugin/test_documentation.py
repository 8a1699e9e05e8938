"""What pytest shows of the plugin, what the guide says, and what there is: all the same."""

import inspect
import re

import pytest

from tests.plugin.project import Project
from tests.project.checkout import ROOT
from usagetwin.stage.kinds import KINDS
from usagetwin.stage.mistakes import MISTAKES
from usagetwin_checker import plugin
from usagetwin_checker.plugin.options import (
    BY_TEST,
    INI_PREFIX,
    JUNIT_PROPERTIES,
    MARKER,
    MARKER_LINE,
    OPTION_PREFIX,
    RUN_OPTIONS,
    SETTINGS,
    RunOption,
    Setting,
)
from usagetwin_checker.testing import UsageTwin

GUIDE = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
FIXTURES = [name for name in vars(plugin) if name.startswith(MARKER)]
OPTIONS = [setting.option for setting in SETTINGS if setting.option] + [each.option for each in RUN_OPTIONS]
INI_KEYS = [JUNIT_PROPERTIES, *(setting.ini_key for setting in SETTINGS if setting.ini_key)]


def shown_by(project: Project, option: str) -> str:
    """Give what pytest shows, with each run of spaces and line ends as one space."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "300")
        result = project.run(option)
    return " ".join(str(result.stdout).split())


def docstring(name: str) -> str:
    """Give a fixture's docstring."""
    return " ".join((inspect.getdoc(getattr(plugin, name)) or "").split())


def code(text: str | None) -> str:
    """Write a cell of a table."""
    return f" `{text}` " if text else " "


def test_help_shows_every_option_and_ini_key_with_what_it_decides(project: Project) -> None:
    """`pytest --help` is made of the tables: option, value, meaning and default."""
    shown = shown_by(project, "--help")

    for setting in SETTINGS:
        if setting.option:
            assert f"{setting.option}={setting.metavar} {setting.help}" in shown
        if setting.ini_key:
            assert re.search(rf"{setting.ini_key} \(\w+\): {re.escape(setting.help)}", shown)
    for option in RUN_OPTIONS:
        assert re.search(rf"{option.option}\S* {re.escape(option.about)}", shown)


def test_help_shows_no_option_and_no_ini_key_that_there_is_not(project: Project) -> None:
    """Nothing is registered past the tables."""
    shown = shown_by(project, "--help")

    assert set(re.findall(rf"({OPTION_PREFIX}[a-z-]+)(?:=|\[| )", shown)) == set(OPTIONS)
    assert set(re.findall(rf"({INI_PREFIX}\w+) \(", shown)) == set(INI_KEYS)


def test_the_marker_is_shown_with_all_its_arguments(project: Project) -> None:
    """`pytest --markers` names each, and `--strict-markers` knows the marker."""
    shown = shown_by(project, "--markers")

    assert f"@pytest.mark.{MARKER_LINE}" in shown
    assert all(f"{name}=..." in MARKER_LINE for name in BY_TEST)


def test_the_fixture_list_shows_every_fixture_with_its_docstring(project: Project) -> None:
    """`pytest --fixtures` shows the public ones, and hides what they are made of."""
    shown = shown_by(project, "--fixtures")

    assert set(re.findall(r"\b_?usage_twin\w*(?= (?:\[\w+ scope\] )?-- )", shown)) == set(FIXTURES)
    for name in FIXTURES:
        assert docstring(name) in shown


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_guide_has_every_setting(setting: Setting) -> None:
    """A row of the guide is the row of the table."""
    cells = (
        f" `{setting.name}` ",
        f" {setting.about} ",
        f" {setting.default} ",
        code(setting.option),
        code(setting.ini_key),
        " yes " if setting.by_test else " ",
    )

    assert f"|{'|'.join(cells)}|\n" in GUIDE


@pytest.mark.parametrize("option", RUN_OPTIONS, ids=lambda option: option.name)
def test_the_guide_has_every_option_of_a_whole_run(option: RunOption) -> None:
    """With the value that it takes."""
    written = f"{option.option} {option.metavar}".strip()

    assert f"| `{written}` | {option.about} |\n" in GUIDE


@pytest.mark.parametrize("name", FIXTURES)
def test_the_guide_has_every_fixture(name: str) -> None:
    """In the words that `pytest --fixtures` shows."""
    assert f"| `{name}` | {docstring(name)} |\n" in GUIDE


@pytest.mark.parametrize(
    ("name", "about"), [*((name, kind.about) for name, kind in KINDS.items()), *MISTAKES.items()]
)
def test_the_guide_has_every_fault_and_every_rule(name: str, about: str) -> None:
    """Faults of the wire and of HTTP, and the rules that requests are held to."""
    assert f"| `{name}` | {about} |\n" in GUIDE


@pytest.mark.parametrize("name", [name for name in vars(UsageTwin) if not name.startswith("_")])
def test_the_guide_names_all_that_a_twin_can_be_told_or_asked(name: str) -> None:
    """Each public name of the object behind the fixture; the rest is for those without pytest."""
    without_pytest = {"check_requests", "raise_errors"}

    assert re.search(rf"`{name}[`(]", GUIDE) or name in without_pytest


def test_the_guide_names_nothing_that_there_is_not() -> None:
    """Options, ini keys and fixtures: a renamed one would stay behind here."""
    named = set(re.findall(rf"{OPTION_PREFIX}[a-z-]+[a-z]", GUIDE))
    keys = set(re.findall(rf"\b{INI_PREFIX}\w+", GUIDE))

    assert named <= set(OPTIONS)
    assert keys <= {*INI_KEYS, *FIXTURES}
    assert set(re.findall(r"usage_twin\.(\w+)", GUIDE)) <= {*vars(UsageTwin), *BY_TEST}


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", GUIDE))
def test_a_link_of_the_guide_leads_somewhere(link: str) -> None:
    """Every relative link names a file beside the guide."""
    assert (ROOT / "docs" / link).exists()
