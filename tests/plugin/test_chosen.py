"""Which value of a setting counts when several places give one."""

from pathlib import Path

import pytest

from usagetwin.errors import SettingError
from usagetwin_checker.plugin.chosen import Source, choose


def test_without_any_layer_the_defaults_hold() -> None:
    """The default world, the machine's clock, the documented profile, and strictness."""
    chosen = choose([])

    assert chosen.world.name == "business-week"
    assert chosen.now is None
    assert chosen.profile == "documented"
    assert chosen.policies == {}
    assert chosen.faults == ()
    assert chosen.requests == "strict"
    assert chosen.allow == frozenset()
    assert not chosen.block_other_hosts
    assert chosen.url is None


def test_the_first_layer_that_gives_a_setting_decides_it() -> None:
    """Each setting is looked up by itself, and None gives nothing."""
    strong = Source("strong", {"profile": "observed", "now": None})
    weak = Source("weak", {"profile": "documented", "now": 5, "requests": "off"})

    chosen = choose([strong, weak])

    assert (chosen.profile, chosen.now, chosen.requests) == ("observed", 5, "off")


def test_false_is_a_choice() -> None:
    """What a test turns off stays off, whatever the project says."""
    chosen = choose([Source("", {"block_other_hosts": False}), Source("", {"block_other_hosts": True})])

    assert not chosen.block_other_hosts


def test_policies_are_chosen_one_by_one() -> None:
    """A stronger layer decides the policies that it names, and leaves the others."""
    strong = Source("", {"policies": {"projects": "total"}})
    weak = Source("", {"policies": "projects=separate error_id=on"})

    assert choose([strong, weak]).policies == {"projects": "total", "error_id": "on"}


def test_a_wrong_value_is_told_with_its_place() -> None:
    """The user learns which of many places to look at."""
    with pytest.raises(
        SettingError, match=r"^--usage-twin-profile: there is no profile 'x'\n  try   one of "
    ):
        choose([Source("--usage-twin-{name}", {"profile": "x"})])


def test_a_file_is_looked_up_from_its_layer_s_folder(tmp_path: Path) -> None:
    """The ini file's paths hold wherever pytest is started."""
    (tmp_path / "counts.csv").write_text("date,project,count\n2026-03-01,web,5\n", encoding="utf-8")

    chosen = choose([Source("", {"world": "counts.csv"}, tmp_path)])

    assert [project.key for project in chosen.world.projects] == ["web"]
