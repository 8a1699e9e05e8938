"""The effective contract: the vendored document with the overlay applied, as 3.1 and 3.0, YAML and JSON."""

import json
from copy import deepcopy
from functools import cache
from typing import Any, Final

from usagetwin.contract.document import document
from usagetwin.contract.overlay import actions, apply
from usagetwin.contract.projection import projection
from usagetwin.errors import SettingError, nearest

VERSIONS: Final = ("3.0", "3.1")
FORMATS: Final = ("yaml", "json")


def effective_contract() -> dict[str, Any]:
    """Give the contract as OpenAPI 3.1: a copy, which the caller may change."""
    return deepcopy(_effective())


def projected_contract() -> dict[str, Any]:
    """Give the contract as OpenAPI 3.0.3, for tools that read no 3.1: a copy, which the caller may change."""
    return projection(_effective())


def render(openapi: str, format: str) -> str:  # noqa: A002 -- the name of the command's option
    """Write the contract as text: `openapi` is one of `VERSIONS`, `format` one of `FORMATS`.

    The same text each time, its keys in the order of the document. Raises `SettingError` for another
    version or format.
    """
    _refuse_other("version of OpenAPI", openapi, VERSIONS)
    _refuse_other("format", format, FORMATS)
    contract = projected_contract() if openapi == "3.0" else effective_contract()
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
