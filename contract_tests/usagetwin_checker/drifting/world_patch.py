"""The patch that gives a world file the policies of a target: its key `policies`, and nothing else of it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from usagetwin.account.world import load_world, world_names
from usagetwin.contract.files import composed
from usagetwin.errors import ContractError
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
    load_world(world)
    old = Path(world).read_bytes().decode("utf-8")  # with the ends of lines that it has
    new = _patched(old, world, wanted)
    if new is None:
        why = f"the policies of {world} are written in a way that is not changed line by line"
        return here, Patch(none=f"{why}; with it as it is: usagetwin serve --world {world} {told}")
    folder, name = _named(Path(world), here)
    return folder, Patch({name: (old, new)})


def _named(file: Path, here: Path) -> tuple[Path, str]:
    """Give a folder and the file's name below it: the current folder, where the file is below that."""
    name = os.path.relpath(file, here)
    if name.startswith(os.pardir) or Path(name).is_absolute():
        return file.absolute().parent, file.name
    return here, Path(name).as_posix()


def _patched(text: str, file: str, wanted: "Mapping[str, str]") -> str | None:
    """Give the file with these policies, and all else as it is; None where its lines don't allow that."""
    edits = YamlEdits(text, file)
    root: Any = edits.root
    before = _texts(root)
    policies: Any = next((value for key, value in root.value if key.value == KEY), None)
    if policies is None:
        edits.append([f"{KEY}:", *_lines(wanted, 2)])
    elif policies.value:
        _change(edits, policies, wanted)
    else:  # a pair of braces
        brace = policies.start_mark
        edits.insert_within(brace.line, brace.column + 1, ", ".join(_items(wanted)))
    new = edits.text()
    try:
        after = _texts(composed(new, file))
    except ContractError:
        return None
    return new if after == {**before, KEY: {**before.get(KEY, {}), **wanted}} else None


def _change(edits: YamlEdits, policies: Any, wanted: "Mapping[str, str]") -> None:  # noqa: ANN401 -- a YAML node
    """Write other values where they are, and policies that are not there after the last one."""
    there = {key.value: value for key, value in policies.value}
    for name, value in there.items():
        if name in wanted:
            edits.replace_value(value, wanted[name])
    added = {name: value for name, value in wanted.items() if name not in there}
    first, last = policies.value[0][0], policies.value[-1][1]
    if policies.flow_style and added:
        end = last.end_mark
        edits.insert_within(end.line, end.column, "".join(f", {item}" for item in _items(added)))
    elif added:
        edits.insert(last.end_mark.line + 1, _lines(added, first.start_mark.column))


def _lines(policies: "Mapping[str, str]", indent: int) -> "Iterator[str]":
    yield from (f"{' ' * indent}{name}: {policies[name]}" for name in POLICIES if name in policies)


def _items(policies: "Mapping[str, str]") -> "Iterator[str]":
    """Write policies for between braces, where a comma ends a value that is in no quotes."""
    for name in POLICIES:
        if name in policies:
            value = policies[name]
            yield f'{name}: "{value}"' if "," in value else f"{name}: {value}"


def _texts(node: Any) -> Any:  # noqa: ANN401 -- a YAML node, and what it says
    """Give what YAML says, with each scalar as its text."""
    if isinstance(node.value, str):
        return node.value
    if node.id == "mapping":
        return {key.value: _texts(value) for key, value in node.value}
    return [_texts(item) for item in node.value]
