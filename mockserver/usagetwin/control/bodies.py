"""How a request's body is held to `openapi/control.yaml`, and what is said of one that it refuses."""

import json
from typing import TYPE_CHECKING, Any, Final

from connexion.json_schema import Draft4RequestValidator
from connexion.validators import AbstractRequestBodyValidator
from jsonschema.exceptions import best_match

from usagetwin.control.refusals import ControlError
from usagetwin.errors import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from jsonschema.exceptions import ValidationError
    from starlette.types import Scope

TOO_DEEP: Final = "the body is nested too deep"
NO_DEEPER: Final = "a body that is nested no deeper than openapi/control.yaml shows"


class JsonBody(AbstractRequestBodyValidator):  # type: ignore[misc]  # -- connexion ships no types
    """Connexion's validator of a JSON body, with our words."""

    async def _parse(self, stream: "AsyncIterator[bytes]", scope: "Scope") -> Any:  # noqa: ANN401, ARG002 -- connexion's
        body = b"".join([part async for part in stream])
        try:
            return json.loads(body)
        except ValueError as error:
            problem = f"the body is no JSON: {error}"
            raise _refused(problem, "a JSON object, such as {}") from None
        except RecursionError:
            raise _refused(TOO_DEEP, NO_DEEPER) from None

    def _validate(self, body: Any) -> None:  # noqa: ANN401 -- whatever JSON says
        try:
            error = best_match(Draft4RequestValidator(self._schema).iter_errors(body))
        except RecursionError:
            raise _refused(TOO_DEEP, NO_DEEPER) from None
        if error is not None:
            raise _told(error)


def _told(error: "ValidationError") -> ControlError:
    """Say what is wrong with which field, and what it takes."""
    path = ".".join(map(str, error.absolute_path))
    place = f"the field {path!r}" if path else "the body"
    schema: dict[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = schema.get("properties", {})
        unknown = next((name for name in error.instance if name not in known), "")
        return _refused(f"{place} has no field {quoted(unknown)}", nearest(unknown, known))
    if error.validator == "required" and isinstance(error.instance, dict):
        missing = next(name for name in error.validator_value if name not in error.instance)
        return _refused(f"{place} lacks the field {missing!r}", _takes(schema["properties"][missing]))
    value = error.instance if isinstance(error.instance, str) else json.dumps(error.instance)
    return _refused(f"{place} can't be {quoted(value)}", _takes(schema))


def _takes(schema: dict[str, Any]) -> str:
    """Say what a schema takes: in its own words, or by its type."""
    return str(schema.get("description") or f"a JSON {schema.get('type', 'value')}")


def _refused(problem: str, remedy: str) -> ControlError:
    return ControlError(400, "invalid_request", problem, remedy)
