"""The overlay as a newer document needs it: its citations, its targets, and no action that does nothing."""

import json
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract import Tier, rules
from usagetwin.contract.citations import Citation
from usagetwin.contract.files import OVERLAY_FILE
from usagetwin.contract.operation import PATH
from usagetwin.contract.overlay import Action, actions, apply
from usagetwin.contract.siblings.resolving import object_of
from usagetwin.errors import ContractError
from usagetwin_checker.drifting.yaml_edits import YamlEdits, block, scalar

if TYPE_CHECKING:
    from usagetwin_checker.drifting.document import DocumentDrift
    from usagetwin_checker.drifting.followed import Followed

SCHEMAS: Final = "/components/schemas/"
PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
IN_QUERY: Final = "@.in == 'query'"


def overlay_patch(text: str, drift: "DocumentDrift", found: "Followed") -> tuple[str, tuple[str, ...]]:
    """Give the overlay's text, and what was taken out of it, in words."""
    edits = YamlEdits(text, OVERLAY_FILE)
    root: Any = edits.root
    listed = next(value for key, value in root.value if key.value == "actions")
    contract: dict[str, Any] = deepcopy(dict(drift.newer.value))
    dropped = []
    for index, (node, action) in enumerate(zip(listed.value, actions(), strict=True)):
        target = _target(action, drift)
        update = _without_said(action.update, target, contract)
        tried = Action(action.number, target, update, action.remove, action.raw)
        tier = _tier(action, found)
        changed, why = _tried(contract, tried, tier, found)
        if changed is None:
            edits.remove_item(listed, index)
            dropped.append(f"action {action.number} of the overlay is taken out ({target}): {why}")
            continue
        contract = changed
        for key in action.update.keys() - update.keys() if isinstance(update, dict) else ():
            edits.replace_key(next(value for name, value in node.value if name.value == "update"), key, [])
        if target != action.target:
            edits.replace_key(node, "target", [f"  - target: {scalar(target)}"])
        if tier is not Tier(action.raw["x-tier"]):
            edits.replace_key(node, "x-tier", [f"    x-tier: {tier}"])
        cites = tuple(action.raw["x-cites"])
        newer = (*found.cites(cites), *found.kept(cites))
        if newer != cites:
            edits.replace_key(node, "x-cites", block("x-cites", newer, 4))
    return edits.text(), tuple(dropped)


def _target(action: Action, drift: "DocumentDrift") -> str:
    """Give the target where the newer document has its schemas; what clears schemas spares new parameters."""
    target = action.target
    for old, new in drift.pointers.items():
        name = old.removeprefix(SCHEMAS)
        if old != new and old.startswith(SCHEMAS) and "/" not in name:
            own = re.compile(rf"\$\.components\.schemas\.{re.escape(name)}(?!\w)")
            found = own.match(action.target)
            if found is not None:
                target = _as_path(new, drift.newer.value) + action.target[found.end() :]
    if action.remove and IN_QUERY in target and "@.name" not in target:
        added = [change.parameter for change in drift.changes if change.parameter]
        spared = "".join(f" && @.name != {_in_quotes(name)}" for name in added)
        target = target.replace(IN_QUERY, f"{IN_QUERY}{spared}")
    return target


def _without_said(update: Any, target: str, contract: dict[str, Any]) -> Any:  # noqa: ANN401 -- JSON
    """Give an update without the lists that the document has: they would be there twice."""
    from jsonpath_rfc9535 import JSONPathError, find

    try:
        places = [object_of(node.value) for node in find(target, contract)]
    except JSONPathError:  # which `apply` tells of
        return update
    if not isinstance(update, dict) or len(places) != 1:
        return update
    has = {key: each for key, each in places[0].items() if isinstance(each, list)}
    said = {key for key, value in update.items() if key in has and isinstance(value, list)}
    return {
        key: value
        for key, value in update.items()
        if key not in said or any(each not in has[key] for each in value)
    }


def _as_path(pointer: str, place: Any) -> str:  # noqa: ANN401 -- JSON
    """Write a JSON pointer into a document as a JSONPath."""
    path = "$"
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        listed = isinstance(place, list)
        path += f"[{key}]" if listed else f".{key}" if PLAIN.fullmatch(key) else f"[{_in_quotes(key)}]"
        place = place[int(key) if listed else key]
    return path


def _in_quotes(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _tier(action: Action, found: "Followed") -> Tier:
    """Give the tier that an action still has: an earlier edition is no more than observed."""
    tier = Tier(action.raw["x-tier"])
    left = {Citation(cite).tier for cite in found.cites(tuple(action.raw["x-cites"]))}
    enforced = [rules()[rule_id] for rule_id in action.raw["x-rules"]]
    held = {rule.tier for rule in enforced if not found.stranded(rule)}
    return tier if tier in left and tier in held else Tier.OBSERVED


def _tried(
    contract: dict[str, Any], action: Action, tier: Tier, found: "Followed"
) -> tuple[dict[str, Any] | None, str]:
    try:
        changed = apply(contract, [action])
    except ContractError as error:
        return None, error.problem
    if changed == contract:
        return None, "the document says it itself"
    stranded = any(found.stranded(rules()[rule_id]) for rule_id in action.raw["x-rules"])
    if (stranded or tier not in (Tier.SCHEMA, Tier.PROSE)) and _answers(changed) != _answers(contract):
        return None, "it shapes a 200, and nothing in the document says it any more"
    return changed, ""


def _answers(contract: dict[str, Any]) -> str:
    """Write the schemas that a 200 may be made of."""
    schemas = object_of(object_of(contract.get("components")).get("schemas"))
    shared = {name: schema for name, schema in schemas.items() if not name.endswith("ErrorRep")}
    return json.dumps([shared, contract["paths"][PATH]["get"]["responses"].get("200")])
