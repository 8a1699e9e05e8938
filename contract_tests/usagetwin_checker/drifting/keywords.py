"""The keywords of a schema: whether a value of one allows less than another, more, or something else.

Rule: a table, and nothing about where a schema stands. None is a keyword that is not there.
"""

from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.siblings.schemas import GRANTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Reach(Enum):
    """How what a schema allows has changed."""

    LESS = auto()
    MORE = auto()
    OTHER = auto()
    SAME = auto()


WORDS: Final = frozenset({"title", "example", "examples", "externalDocs", "xml", "$comment", "deprecated"})
ANY_TYPE: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})


def plain(schema: "Mapping[str, Any]") -> dict[str, Any]:
    """Give a schema as 3.1 writes it, without words and what has no meaning."""
    said = {name: value for name, value in schema.items() if not name.startswith("x-")}
    if said.pop("nullable", False) and "type" in said:
        said["type"] = sorted({*_listed(said["type"]), "null"})
    for bound, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if said.get(bound) is True and limit in said:
            said[bound] = said.pop(limit)
        elif isinstance(said.get(bound), bool):
            del said[bound]
    if said.get("format") == "string":  # no registered format, and LaunchDarkly's for any string
        del said["format"]
    if "const" in said:
        said["enum"] = [said.pop("const")]
    return {name: value for name, value in said.items() if name not in GRANTED or value != GRANTED[name]}


def reach(keyword: str, was: Any, is_: Any) -> Reach:  # noqa: ANN401 -- JSON
    """Tell how a keyword's change changes what is allowed; of a value that it can't have, nobody knows."""
    try:
        return Reach.SAME if was == is_ else REACHES.get(keyword, _other)(was, is_)
    except TypeError:
        return Reach.OTHER


def _sets(was: frozenset[Any], is_: frozenset[Any]) -> Reach:
    if was == is_:
        return Reach.SAME
    return Reach.LESS if is_ < was else Reach.MORE if is_ > was else Reach.OTHER


def _types(was: Any, is_: Any) -> Reach:  # noqa: ANN401 -- JSON
    return _sets(_types_of(was), _types_of(is_))


def _types_of(value: Any) -> frozenset[str]:  # noqa: ANN401 -- JSON
    if value is None:
        return ANY_TYPE
    named = frozenset(_listed(value))
    return named | {"integer"} if "number" in named else named


def _listed(value: Any) -> list[str]:  # noqa: ANN401 -- JSON
    return list(map(str, value)) if isinstance(value, list) else [str(value)]


def _enum(was: Any, is_: Any) -> Reach:  # noqa: ANN401 -- JSON
    if was is None or is_ is None:
        return Reach.LESS if was is None else Reach.MORE
    return _sets(frozenset(map(repr, was)), frozenset(map(repr, is_)))


def _required(was: Any, is_: Any) -> Reach:  # noqa: ANN401 -- JSON
    return _sets(frozenset(is_ or ()), frozenset(was or ()))


def _least(was: Any, is_: Any) -> Reach:  # noqa: ANN401 -- JSON
    if was is None or is_ is None:
        return Reach.LESS if was is None else Reach.MORE
    return Reach.LESS if is_ > was else Reach.MORE


def _most(was: Any, is_: Any) -> Reach:  # noqa: ANN401 -- JSON
    if was is None or is_ is None:
        return Reach.LESS if was is None else Reach.MORE
    return Reach.LESS if is_ < was else Reach.MORE


def _form(was: Any, is_: Any) -> Reach:  # noqa: ANN401 -- JSON
    if was is None or is_ is None:
        return Reach.LESS if was is None else Reach.MORE
    return Reach.OTHER


def _flag(was: Any, is_: Any) -> Reach:  # noqa: ANN401 -- JSON
    return _sets(frozenset({bool(is_)}) - {False}, frozenset({bool(was)}) - {False})


def _other(_was: Any, _is: Any) -> Reach:  # noqa: ANN401 -- JSON
    return Reach.OTHER


REACHES: "Final[Mapping[str, Callable[[Any, Any], Reach]]]" = {
    "type": _types,
    "enum": _enum,
    "required": _required,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), _least),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), _most),
    **dict.fromkeys(("pattern", "format", "multipleOf"), _form),
    "uniqueItems": _flag,
}
