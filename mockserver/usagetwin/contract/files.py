"""Read the contract's files, and their YAML as values: a key given twice is an error."""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.data import openapi_folder
from usagetwin.errors import ContractError

if TYPE_CHECKING:
    from usagetwin.yaml_reader import MappingNode, Node

RULES_FILE: Final = "rules.yaml"
OVERLAY_FILE: Final = "overlay.yaml"
SENTENCES_FILE: Final = "sentences.yaml"


def contract_bytes(file: str) -> bytes:
    """Give the bytes of one file of the contract's folder."""
    return (openapi_folder() / file).read_bytes()


def parsed(text: str, file: str) -> Any:  # noqa: ANN401 -- YAML holds anything
    """Parse YAML; `file` names it in errors.

    Raises `ContractError` for what is no YAML, and for a key that stands twice in one mapping.
    """
    node = composed(text, file)
    return None if node is None else _value(node, file)


def composed(text: str, file: str) -> "Node | None":
    """Parse YAML into nodes, which know their lines."""
    from usagetwin import yaml_reader  # with its library, which importing the contract must not load

    try:
        return yaml_reader.composed(text)
    except yaml_reader.NotYamlError as error:
        raise ContractError(
            where=file, problem=f"is no YAML: {error}", remedy="correct the syntax"
        ) from error


def _value(node: "Node", file: str) -> Any:  # noqa: ANN401 -- YAML holds anything
    from usagetwin.yaml_reader import MappingNode, SequenceNode

    if isinstance(node, MappingNode):
        return _mapping(node, file)
    if isinstance(node, SequenceNode):
        return [_value(item, file) for item in node.value]
    return _scalar(node)


def _mapping(node: "MappingNode", file: str) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if key in mapping:
            where = f"{file}:{key_node.start_mark.line + 1}"
            problem = f"{key!r} stands twice in one mapping"
            raise ContractError(where, problem, "remove one of the two")
        mapping[key] = _value(value_node, file)
    return mapping


def _scalar(node: "Node") -> Any:  # noqa: ANN401 -- YAML holds anything
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    if node.tag == "tag:yaml.org,2002:bool":
        return node.value.lower() in {"true", "yes", "on"}
    if node.tag == "tag:yaml.org,2002:null":
        return None
    from usagetwin.yaml_reader import typed

    return typed(node.value)
