"""The form of a query: a control for each parameter of the contract, so that an overlay changes it.

Rule: no name, value or default of a parameter stands here, nor in the template.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from usagetwin.contract.operation import operation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

RAW: Final = "raw"  # the name of the control that takes a query string as it stands
MARKUP: Final = re.compile(r"\*\*|`|<br\s*/?>")
IN_A_TARGET: Final = "!$%&'()*+,/:;=?@-._~"  # what a query string may have as it is


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter, as a form has it; `values` are those that it is limited to, if it is."""

    name: str
    about: str
    values: tuple[str, ...]
    default: str | None
    pattern: str | None
    repeats: bool

    @property
    def is_instant(self) -> bool:
        """Tell whether it takes Unix seconds, which nobody has in mind: digits alone, by its pattern."""
        return self.pattern is not None and self.pattern.startswith("^[0-9]{")


def fields_of(contract: "Mapping[str, Any]") -> tuple[Field, ...]:
    """Give the controls for the parameters of a contract, in its order."""
    parameters = operation_of(contract)["parameters"]
    return tuple(_field(parameter) for parameter in parameters if parameter["in"] == "query")


def _field(parameter: "Mapping[str, Any]") -> Field:
    schema = parameter.get("schema", {})
    repeats = schema.get("type") == "array"
    one = schema.get("items", {}) if repeats else schema
    default = schema.get("default")
    return Field(
        name=parameter["name"],
        about=" ".join(MARKUP.sub(" ", parameter.get("description", "")).replace(" .", ".").split()),
        values=tuple(map(str, one.get("enum", ()))),
        default=None if default is None else str(default),
        pattern=one.get("pattern"),
        repeats=repeats,
    )


def query_string(sent: "Sequence[tuple[str, str]]", fields: "Iterable[Field]") -> str:
    """Give the query string that a form asks for: the whole one that it has, or its controls, none empty.

    Nothing is checked: what is wrong is the API's to refuse.
    """
    raw = next((value for name, value in sent if name == RAW), "").strip().removeprefix("?")
    if raw:
        return quote(raw, safe=IN_A_TARGET)
    names = [field.name for field in fields]
    pairs = [(name, value) for each in names for name, value in sent if name == each and value]
    return urlencode(pairs, errors="replace")


def given(query: str) -> dict[str, list[str]]:
    """Give the values of each parameter of a query string, as the API reads them."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        found.setdefault(name, []).append(value)
    return found
