"""Tests of docs/worlds.md: its table is complete, and its examples load."""

import re
from pathlib import Path

import pytest

from tests.account.world.reading import error_of, written
from tests.inprocess import ask
from usagetwin import Settings, create_app
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


@pytest.mark.parametrize(
    ("now", "policies", "last"),
    [
        ("2026-03-17T15:20:00Z", {}, 4),
        ("2026-03-17T15:20:00Z", {"open_day": "whole"}, 7),
        ("2026-03-18", {}, 7),
    ],
)
def test_the_open_day_of_the_guide_is_counted_as_it_says(
    tmp_path: Path, now: str, policies: dict[str, str], last: int
) -> None:
    """Each command of "Today is counted so far", with what stands beside it."""
    (counts,) = re.findall(r"^    (counts: {.*)$", GUIDE, re.MULTILINE)
    world = f"name: two-days\nabout: x\nprojects:\n  - key: web\n    {counts}\n"
    settings = Settings(world=str(written(tmp_path, "two-days.yaml", world)), now=now, policies=policies)

    assert ask(create_app(settings), "aggregationType=incremental").values[:2] == [5, last]
    options = "".join(f" --policy {name}={value}" for name, value in policies.items())
    assert re.search(rf"--world two-days.yaml --now {now}{options} +# the 17th has {last}\n", GUIDE)
