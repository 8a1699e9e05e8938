"""Tests of finding a world by name or path."""

from pathlib import Path

import pytest

from tests.account.world.reading import written
from usagetwin.account.world import load_world, world_names
from usagetwin.errors import SettingError

WORLD = "name: mine\nabout: Mine.\nprojects: [{key: a, counts: {2026-03-01: 5}}]\n"


def test_names_are_sorted_and_load() -> None:
    """Every name that is listed is the name of a world, which says the same name itself."""
    names = world_names()

    assert list(names) == sorted(names)
    assert tuple(load_world(name).name for name in names) == names


@pytest.mark.parametrize("name", ["world.yaml", "world.yml", "WORLD.YAML"])
def test_the_ending_decides_the_format(tmp_path: Path, name: str) -> None:
    """A path is recognised by its ending, whatever its case."""
    assert load_world(str(written(tmp_path, name, WORLD))).name == "mine"


def test_an_unknown_name_gets_the_nearest_one() -> None:
    """A typing mistake is answered with what was meant, and with how to bring a file."""
    with pytest.raises(SettingError) as caught:
        load_world("buisness-week")

    assert "there is no world named 'buisness-week'" in str(caught.value)
    assert "try   business-week (valid: " in str(caught.value)
    assert ".yaml, .yml or .csv" in str(caught.value)


@pytest.mark.parametrize("name", ["", " ", "Business-Week", "world.json", "worlds/", "a\0b", "x" * 5000])
def test_what_is_neither_name_nor_file_is_refused(name: str) -> None:
    """No odd name ends in a traceback, and no long one drowns the message."""
    with pytest.raises(SettingError) as caught:
        load_world(name)

    assert len(str(caught.value)) < 800
