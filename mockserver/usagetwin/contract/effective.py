"""The effective contract: the vendored document with the overlay applied, as 3.1 and 3.0, YAML and JSON."""

import json
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.document import document
from usagetwin.contract.operation import ONLY_SESSIONS, PATH, SESSIONS
from usagetwin.contract.overlay import actions, apply
from usagetwin.contract.projection import projection
from usagetwin.errors import SettingError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin.contract.operation import Operation

VERSIONS: Final = ("3.0", "3.1")
FORMATS: Final = ("yaml", "json")


def effective_contract(operations: "Sequence[Operation]" = ONLY_SESSIONS) -> dict[str, Any]:
    """Give the contract of some operations as OpenAPI 3.1: a copy, which the caller may change."""
    contract = deepcopy(_effective())
    if tuple(operations) != ONLY_SESSIONS:
        own = contract["paths"][PATH]["get"]
        contract["paths"] = {each.path: {"get": _named(own, each)} for each in operations}
    return contract


def _named(own: dict[str, Any], operation: "Operation") -> dict[str, Any]:
    """Give the operation of the contract as one that counts something else."""
    words = {key: own[key].replace(SESSIONS.counted, operation.counted) for key in ("summary", "description")}
    return {**deepcopy(own), "operationId": operation.id, **words}


def projected_contract() -> dict[str, Any]:
    """Give the contract as OpenAPI 3.0.3, for tools that read no 3.1: a copy, which the caller may change."""
    return projection(_effective())


def render(
    openapi: str,
    format: str,  # noqa: A002 -- the name of the command's option
    operations: "Sequence[Operation]" = ONLY_SESSIONS,
) -> str:
    """Write the contract as text: `openapi` is one of `VERSIONS`, `format` one of `FORMATS`.

    The same text each time, its keys in the order of the document. Raises `SettingError` for another
    version or format.
    """
    _refuse_other("version of OpenAPI", openapi, VERSIONS)
    _refuse_other("format", format, FORMATS)
    contract = effective_contract(operations)
    if openapi == "3.0":
        contract = projection(contract)
    if format == "json":
        return json.dumps(contract, indent=2, ensure_ascii=False) + "\n"
    return _yaml(contract)


@cache
def _effective() -> dict[str, Any]:
    return apply(document(), actions())


def _refuse_other(what: str, given: str, valid: tuple[str, ...]) -> None:
    if given not in valid:
        raise SettingError(problem=f"the contract has no {what} {given!r}", remedy=nearest(given, valid))


def _yaml(contract: dict[str, Any]) -> str:
    """Write YAML with Python's own emitter, since libyaml's breaks lines elsewhere."""
    import yaml

    text: str = yaml.safe_dump(contract, sort_keys=False, allow_unicode=True, width=110)
    return text
