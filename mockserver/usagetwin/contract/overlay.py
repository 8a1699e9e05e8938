"""Apply an OpenAPI Overlay 1.0.0: its rules, and two of ours that are stricter.

Ours: an action whose target selects nothing is an error, and so is an action that does nothing.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.files import OVERLAY_FILE, contract_bytes, parsed
from usagetwin.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION: Final = "1.0.0"
_OVERLAY_FIELDS: Final = frozenset({"overlay", "info", "extends", "actions"})
_INFO_FIELDS: Final = frozenset({"title", "version"})
_ACTION_FIELDS: Final = frozenset({"target", "description", "update", "remove"})
_REMOVED: Final = object()


@dataclass(frozen=True, slots=True)
class Action:
    """One action of an overlay; `raw` is all of it, extensions included."""

    number: int
    target: str
    update: Any
    remove: bool
    raw: dict[str, Any]

    def wrong(self, *, problem: str, remedy: str) -> ContractError:
        """Build the error that names this action."""
        return ContractError(
            where=f"{OVERLAY_FILE}: action {self.number} (target {self.target})",
            problem=problem,
            remedy=remedy,
        )


def actions() -> tuple[Action, ...]:
    """Give the actions of the project's overlay."""
    return actions_of(parsed(contract_bytes(OVERLAY_FILE).decode(), OVERLAY_FILE))


def actions_of(overlay: object) -> tuple[Action, ...]:
    """Read the actions of an overlay; raise `ContractError` where it is no Overlay 1.0.0."""
    if not isinstance(overlay, dict) or overlay.get("overlay") != VERSION:
        problem = f"is no overlay of version {VERSION}"
        raise ContractError(OVERLAY_FILE, problem, f"begin it with overlay: {VERSION}")
    _refuse_unknown(OVERLAY_FILE, overlay, _OVERLAY_FIELDS)
    info = overlay.get("info")
    if not isinstance(info, dict) or not all(isinstance(info.get(field), str) for field in _INFO_FIELDS):
        raise ContractError(OVERLAY_FILE, "its info lacks title or version", "give both, as strings")
    _refuse_unknown(f"{OVERLAY_FILE}: info", info, _INFO_FIELDS)
    found = overlay.get("actions")
    if not isinstance(found, list) or not found:
        raise ContractError(OVERLAY_FILE, "it has no actions", "list one action or more")
    return tuple(_action(number, raw) for number, raw in enumerate(found, start=1))


def apply(document: dict[str, Any], actions: "Iterable[Action]") -> dict[str, Any]:
    """Give the document with all actions applied, one after the other; the given document stays as it is.

    Raises `ContractError`, naming the action and its target, for an action that can't be applied.
    """
    changed = deepcopy(document)
    for action in actions:
        locations = _locations(changed, action)
        if action.remove:
            _remove(changed, locations, action)
            continue
        for location in locations:
            _update(_at(changed, location), action)
    return changed


def _action(number: int, raw: object) -> Action:
    where = f"{OVERLAY_FILE}: action {number}"
    if not isinstance(raw, dict) or not isinstance(raw.get("target"), str):
        raise ContractError(where, "it has no target", "give a JSONPath (RFC 9535) as its target")
    action = Action(number, raw["target"], raw.get("update"), raw.get("remove", False), raw)
    _refuse_unknown(f"{where} (target {action.target})", raw, _ACTION_FIELDS)
    if not isinstance(action.remove, bool):
        raise action.wrong(problem=f"its remove is {action.remove!r}", remedy="write true or false")
    if not action.remove and "update" not in raw:
        raise action.wrong(
            problem="it neither updates nor removes", remedy="give it an update, or remove: true"
        )
    return action


def _refuse_unknown(where: str, fields: dict[str, Any], known: frozenset[str]) -> None:
    for name in fields:
        if name not in known and not name.startswith("x-"):
            remedy = f"use {', '.join(sorted(known))}, or a name that begins with x-"
            raise ContractError(
                where=where, problem=f"Overlay {VERSION} has no field {name!r}", remedy=remedy
            )


def _locations(document: Any, action: Action) -> list[tuple[int | str, ...]]:  # noqa: ANN401 -- JSON
    from jsonpath_rfc9535 import JSONPathError, find

    try:
        nodes = find(action.target, document)
    except JSONPathError as error:
        raise action.wrong(
            problem=f"its target is no JSONPath: {error}", remedy="write it as RFC 9535 says"
        ) from error
    if not nodes:
        raise action.wrong(
            problem="its target selects nothing", remedy="correct the target, or remove the action"
        )
    for node in nodes:
        if not isinstance(node.value, dict | list):
            raise action.wrong(
                problem=f"its target selects the value {node.value!r}",
                remedy="select the object or array that contains it",
            )
    return [tuple(node.location) for node in nodes]


def _at(document: Any, location: tuple[int | str, ...]) -> Any:  # noqa: ANN401 -- JSON
    place = document
    for key in location:
        place = place[key]
    return place


def _remove(document: Any, locations: list[tuple[int | str, ...]], action: Action) -> None:  # noqa: ANN401 -- JSON
    if () in locations:
        raise action.wrong(problem="it would remove the whole document", remedy="select a part of it")
    parents = [_at(document, location[:-1]) for location in locations]
    for parent, location in zip(parents, locations, strict=True):
        parent[location[-1]] = _REMOVED
    for parent in parents:
        if isinstance(parent, list):
            parent[:] = [item for item in parent if item is not _REMOVED]
        else:
            for key in [key for key, value in parent.items() if value is _REMOVED]:
                del parent[key]


def _update(target: Any, action: Action) -> None:  # noqa: ANN401 -- JSON
    if isinstance(target, list):
        if isinstance(action.update, list):
            raise action.wrong(
                problem="it would append an array to an array", remedy="give the one entry to append"
            )
        target.append(deepcopy(action.update))
    elif isinstance(action.update, dict):
        _merge(target, action.update, action)
    else:
        raise action.wrong(
            problem="its target is an object and its update is none", remedy="give an object to merge"
        )


def _merge(target: dict[str, Any], update: dict[str, Any], action: Action) -> None:
    """Merge an object into another: objects by name, arrays by appending, anything else by replacing."""
    for name, value in update.items():
        present = target.get(name)
        if name in target and _kind(present) is not _kind(value):
            raise action.wrong(
                problem=f"{name!r} is a {_kind(present).__name__} there",
                remedy="give a value of the same kind",
            )
        if isinstance(present, dict):
            _merge(present, value, action)
        elif isinstance(present, list):
            present.extend(deepcopy(value))
        else:
            target[name] = deepcopy(value)


def _kind(value: object) -> type:
    """Tell objects and arrays from one another and from all values that hold nothing."""
    return type(value) if isinstance(value, dict | list) else object
