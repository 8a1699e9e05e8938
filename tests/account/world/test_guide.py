"""Tests of docs/worlds.md: its table is complete, and its examples load."""

import re
from pathlib import Path

import pytest

from tests.account.world.reading import error_of, written
from usagetwin.account.world import load_world, world_names

GUIDE = (Path(__file__).parents[3] / "docs" / "worlds.md").read_text("utf-8")


def _block(language: str) -> str:
    (block,) = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return str(block)


def test_the_guide_lists_every_world() -> None:
    """The table has each world once, and no other."""
    assert sorted(re.findall(r"^\| `([a-z0-9-]+)` \|", GUIDE, re.MULTILINE)) == list(world_names())


@pytest.mark.parametrize(("language", "projects"), [("yaml", 122), ("csv", 2)])
def test_the_examples_of_the_guide_load(tmp_path: Path, language: str, projects: int) -> None:
    """What a user copies from the guide is a world."""
    world = load_world(str(written(tmp_path, f"example.{language}", _block(language))))

    assert len(world.projects) == projects


def test_the_message_of_the_guide_is_the_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error that the guide shows is the one that such a file gets."""
    monkeypatch.chdir(tmp_path)
    lines = ["name: x", "about: y", "projects:", "  - key: web", "    counts:"]
    days = [f"      2026-03-{day:02}: 5" for day in range(1, 9)]
    written(tmp_path, "our-account.yaml", "\n".join([*lines, *days, "      2026-03-09: 1.5", ""]))

    assert f"{error_of(Path('our-account.yaml'))}\n" == _block("text")
