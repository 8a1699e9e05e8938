"""The fast path: jsonschema-rs validators, compiled from the effective contract.

Rule: this gives a verdict and no reasons; `reference` gives reasons. A standing differential test
holds the two equal.
"""

from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
import orjson

from usagetwin.contract.operation import operation_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.request.parameters import Parameters

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class FastValidator:
    """The verdict of the contract on one operation's parameters and answers."""

    def __init__(self, contract: "Mapping[str, Any]") -> None:
        """Compile the schemas of the contract's operation."""
        operation = operation_of(contract)
        components = contract["components"]
        self._parameters = _compile(_parameters_schema(operation), components)
        self._bodies = {
            int(status): _compile(response["content"]["application/json"]["schema"], components)
            for status, response in operation["responses"].items()
        }

    def accepts_parameters(self, parameters: "Parameters") -> bool:
        """Tell whether every parameter, as `parameters.parse` gives it, is valid."""
        return self._parameters.is_valid(parameters)

    def accepts_document(self, status: int, document: object) -> bool:
        """Tell whether the contract has this status, and its schema accepts this document."""
        validator = self._bodies.get(status)
        try:
            return validator is not None and validator.is_valid(document)
        except ValueError:  # nested more deeply than older releases of jsonschema-rs go
            return False

    def accepts_body(self, status: int, body: bytes) -> bool:
        """Tell whether the contract has this status, and its schema accepts this body."""
        try:
            return self.accepts_document(status, orjson.loads(body))
        except orjson.JSONDecodeError:
            return False


def _parameters_schema(operation: "Mapping[str, Any]") -> dict[str, Any]:
    query = [parameter for parameter in operation["parameters"] if parameter["in"] == "query"]
    return {
        "type": "object",
        "properties": {parameter["name"]: parameter["schema"] for parameter in query},
        "required": [parameter["name"] for parameter in query if parameter.get("required")],
    }


def _compile(
    schema: "Mapping[str, Any]", components: "Mapping[str, Any]"
) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"$schema": DIALECT, **schema, "components": components})
