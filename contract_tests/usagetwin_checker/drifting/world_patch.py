"""The patch that gives a world file the policies of a target: its key `policies`, and nothing else of it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from usagetwin.account.world import load_world, world_names
from usagetwin.policies import POLICIES
from usagetwin_checker.drifting.patch import Patch
from usagetwin_checker.drifting.yaml_edits import YamlEdits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from usagetwin_checker.drifting.behaviour import PolicyMove

KEY: Final = "policies"


def world_patch(world: str | None, moves: "Iterable[PolicyMove]") -> tuple[Path, Patch]:
    """Propose the policies for a world file; give the folder that the patch is for as well.

    Raises SettingError and FileError for a world that is none.
    """
    here = Path.cwd()
    wanted = {each.name: each.target for each in moves}
    if not wanted:
        return here, Patch()
    told = " ".join(f"--policy {name}={value}" for name, value in wanted.items())
    if world is None:
        return here, Patch(
            none=f"--world FILE names the account to patch; without one: usagetwin serve {told}"
        )
    if world in world_names() or Path(world).suffix.lower() == ".csv":
        why = f"the world {world} has no file of yours with policies"
        return here, Patch(none=f"{why}: usagetwin serve --world {world} {told}")
    old = Path(world).read_bytes().decode("utf-8")  # with the ends of lines that it has
    new = _patched(old, world, {**load_world(world).policies, **wanted})
    folder, name = _named(Path(world), here)
    return folder, Patch({name: (old, new)})


def _named(file: Path, here: Path) -> tuple[Path, str]:
    """Give a folder and the file's name below it: the current folder, where the file is below that."""
    name = os.path.relpath(file, here)
    if name.startswith(os.pardir) or Path(name).is_absolute():
        return file.absolute().parent, file.name
    return here, Path(name).as_posix()


def _patched(text: str, file: str, policies: "Mapping[str, str]") -> str:
    edits = YamlEdits(text, file)
    root: Any = edits.root
    if any(key.value == KEY for key, _ in root.value):
        edits.replace_key(root, KEY, _lines(policies))
    else:
        edits.append(_lines(policies))
    return edits.text()


def _lines(policies: "Mapping[str, str]") -> "Iterator[str]":
    yield f"{KEY}:"
    yield from (f"  {name}: {policies[name]}" for name in POLICIES if name in policies)
