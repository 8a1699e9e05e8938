"""Tests of the patch that gives a world file the policies of a target."""

from pathlib import Path

import pytest

from tests.acme import WORLD
from usagetwin.account.world import load_world
from usagetwin_checker.drifting.behaviour import PolicyMove
from usagetwin_checker.drifting.world_patch import world_patch

MOVES = (PolicyMove("projects", "total", "separate"), PolicyMove("quota", "off", "77"))


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("", "policies:\n  projects: separate\n  quota: 77\n"),
        (
            "policies:\n  cors: on  # for the browser\n",
            "policies:\n  projects: separate\n  cors: on\n  quota: 77\n",
        ),
        ("policies: {quota: 5, cors: on}\n", "policies:\n  projects: separate\n  cors: on\n  quota: 77\n"),
        ("policies: {}\n# the end\n", "policies:\n  projects: separate\n  quota: 77\n# the end\n"),
    ],
)
def test_the_policies_of_a_world_are_changed_and_nothing_else(
    tail: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that it had stay; its comments and its order too."""
    monkeypatch.chdir(tmp_path)
    head = f"# ours\n{WORLD.rstrip()}\n"
    Path("account.yaml").write_text(head + tail, encoding="utf-8")

    folder, patch = world_patch("account.yaml", MOVES)

    assert folder == tmp_path
    assert patch.changed["account.yaml"] == (head + tail, head + expected)
    Path("account.yaml").write_text(patch.changed["account.yaml"][1], encoding="utf-8")
    assert (
        dict(load_world("account.yaml").policies).items() >= {"projects": "separate", "quota": "77"}.items()
    )


def test_a_file_elsewhere_is_patched_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name in the patch is below its own folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    file = tmp_path / "account.yaml"
    file.write_text(WORLD, encoding="utf-8")

    folder, patch = world_patch(str(file), MOVES)

    assert (folder, list(patch.changed)) == (tmp_path, ["account.yaml"])


@pytest.mark.parametrize(
    ("world", "why"),
    [
        (
            None,
            "--world FILE names the account to patch; without one: usagetwin serve --policy",
        ),
        (
            "business-week",
            "the world business-week has no file of yours with policies: usagetwin serve --world",
        ),
        ("counts.csv", "the world counts.csv has no file of yours with policies"),
    ],
)
def test_without_a_file_the_policies_are_told_as_options(world: str | None, why: str) -> None:
    """A world of ours or a table has no place for them."""
    _, patch = world_patch(world, MOVES)

    assert patch.changed == {}
    assert patch.none.startswith(why)
    assert "--policy quota=77" in patch.none


def test_no_move_needs_no_patch() -> None:
    """Whatever the world."""
    assert world_patch("business-week", ())[1].none == ""
