"""Tests of the instant that a world brings: what it freezes, and what comes before it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.account.world.reading import error_of, written
from tests.acme import NOW, NOW_S, WORLD, assert_default_answer
from tests.inprocess import ask
from usagetwin import Settings, create_app
from usagetwin.account.world import load_world
from usagetwin.stage.served import first_setup
from usagetwin_checker.commands.main import main
from usagetwin_checker.knowing.knowledge import Now
from usagetwin_checker.running.twin import twin


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Give the small account with its instant in the file."""
    return str(written(tmp_path, "acme.yaml", f"{WORLD}now: {NOW}\n"))


def test_it_freezes_the_twin(file: str) -> None:
    """Whatever makes it: an application, a served one, a check, or a command that adds it up."""
    assert load_world(file).now == NOW_S
    assert_default_answer(ask(create_app(Settings(world=file))))
    assert first_setup(Settings(world=file), load_world(file)).frozen_s == NOW_S
    target, known = twin(world=file)
    target.close()
    assert known.now == Now(NOW_S, NOW_S)
    shown = CliRunner().invoke(main, ["worlds", file, "--json"])
    assert json.loads(shown.output)["now"] == NOW


def test_another_instant_that_is_given_comes_first(file: str) -> None:
    """As an option or a variable."""
    later = "2026-03-04T00:00:00Z"

    assert Settings(world=file, now=later).at(NOW_S).now == later
    assert Settings(world=file).at(None).now is None
    assert ask(create_app(Settings(world=file, now=later))).json()["series"][-1]["0"] == 31 + 42 + 54


def test_what_is_no_instant_is_refused(tmp_path: Path) -> None:
    """By its line, with what would be one."""
    error = error_of(written(tmp_path, "acme.yaml", f"now: soon\n{WORLD}"))

    assert error.line == 1
    assert error.problem == "the instant 'soon' can't be read"
