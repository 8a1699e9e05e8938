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
            "policies:\n  cors: on  # for the browser\n  projects: separate\n  quota: 77\n",
        ),
        (
            "policies:\n  # as agreed\n\n    quota: '5' # of 10 s\n    projects: total\n# the end\n",
            "policies:\n  # as agreed\n\n    quota: '77' # of 10 s\n    projects: separate\n# the end\n",
        ),
        (
            "policies: {quota: 5, cors: on}  # both\n",
            "policies: {quota: 77, cors: on, projects: separate}  # both\n",
        ),
        (
            "policies: {\n  cors: on,  # for us\n  }\n# the end\n",
            "policies: {\n  cors: on, projects: separate, quota: 77,  # for us\n  }\n# the end\n",
        ),
        ("policies: {}\n# the end\n", "policies: {projects: separate, quota: 77}\n# the end\n"),
        ("policies:\r\n  cors: on\r\n", "policies:\r\n  cors: on\r\n  projects: separate\r\n  quota: 77\r\n"),
        ("policies:\n  cors: on", "policies:\n  cors: on\n  projects: separate\n  quota: 77\n"),
        ("policies: {cors: on}", "policies: {cors: on, projects: separate, quota: 77}"),
    ],
)
def test_the_policies_of_a_world_are_changed_and_nothing_else(
    tail: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that it had stay; its comments and its order too."""
    monkeypatch.chdir(tmp_path)
    end = "\r\n" if "\r\n" in tail else "\n"
    head = f"# ours\n{WORLD.rstrip()}\n".replace("\n", end)
    Path("account.yaml").write_bytes((head + tail).encode())

    folder, patch = world_patch("account.yaml", MOVES)

    assert folder == tmp_path
    assert patch.changed["account.yaml"] == (head + tail, head + expected)
    Path("account.yaml").write_bytes(patch.changed["account.yaml"][1].encode())
    assert (
        dict(load_world("account.yaml").policies).items() >= {"projects": "separate", "quota": "77"}.items()
    )


@pytest.mark.parametrize(
    "tail", ["policies:\n  projects: >-\n    total\n", "policies:\n  ? projects\n  : total\n"]
)
def test_what_lines_do_not_show_is_left_as_it_is(tail: str, tmp_path: Path) -> None:
    """No patch is better than one by which the file says something else."""
    file = tmp_path / "account.yaml"
    file.write_text(f"{WORLD.rstrip()}\n{tail}", encoding="utf-8")

    _, patch = world_patch(str(file), MOVES)

    assert patch.changed == {}
    assert "usagetwin serve --world" in patch.none
    assert "is not changed line by line" in patch.none


def test_a_world_in_braces_is_left_as_it_is(tmp_path: Path) -> None:
    """Lines at its end would make it no YAML."""
    file = tmp_path / "account.yaml"
    file.write_text(
        "{name: w, about: x., projects: [{key: web, created: 2025-01-01, traffic: {level: 100}}]}\n"
    )

    _, patch = world_patch(str(file), MOVES)

    assert patch.changed == {}
    assert "is not changed line by line" in patch.none


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
