"""The reference: openapi-core on the 3.1 contract, behind one adapter for requests and one for answers.

It parses the query string by itself (werkzeug), so that parsing is held to the same differential
test as validation. Importing this module imports openapi-core; nothing on the fast path does.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from jsonschema import ValidationError
from jsonschema.validators import extend
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.deserializing.media_types.exceptions import MediaTypeDeserializeError
from openapi_core.validation.request.exceptions import ParameterValidationError
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_schema_validator import OAS30ReadValidator, OAS31Validator
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.sansio.request import Request as WerkzeugRequest

from usagetwin.contract.operation import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

JSON: Final = "application/json"
NOT_JSON: Final = "the body is not JSON"
TOO_DEEP: Final = "the body is nested too deeply to be read"
PLAIN_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")  # needs no quotes in a JSONPath


def _ecma_pattern(
    _validator: object, pattern: str, instance: object, _schema: object
) -> "Iterator[ValidationError]":
    """Match as JSON Schema says, by ECMA-262: `$` is the very end, not the place before a last newline."""
    if isinstance(instance, str) and not re.search(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_SCHEMAS: Final = SchemaValidatorsFactory(
    extend(OAS31Validator, {"pattern": _ecma_pattern}), format_checker=OAS30ReadValidator.FORMAT_CHECKER
)


@dataclass
class _Request:
    """A GET on the operation, as openapi-core's `Request` protocol asks for it."""

    query_string: bytes
    host_url: str
    path: str = PATH
    method: str = "get"
    body: bytes | None = None
    content_type: str = ""
    parameters: RequestParameters = field(init=False)

    def __post_init__(self) -> None:
        # werkzeug raises on bytes that are not UTF-8; as in `parameters.parse` they become U+FFFD
        query_string = self.query_string.decode("utf-8", "replace").encode()
        parsed = WerkzeugRequest("GET", "https", None, "", self.path, query_string, Headers(), None)
        self.parameters = RequestParameters(
            query=MultiDict(parsed.args), header=Headers({"Authorization": "any"})
        )


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where an answer breaks its schema: the path to it, the keyword, and openapi-core's words.

    Without a keyword it is no schema that is broken, but the answer as such: its status, type or JSON.
    """

    path: tuple[str | int, ...]
    keyword: str
    message: str

    def __str__(self) -> str:
        """Say where, as a JSONPath, and what."""
        where = "$" + "".join(map(_json_path_step, self.path))
        return f"{where}: {self.message}" if self.path else self.message


@dataclass(frozen=True)
class _Response:
    """An answer, as openapi-core's `Response` protocol asks for it."""

    status_code: int
    data: bytes
    content_type: str
    headers: Headers = field(default_factory=Headers)


class ReferenceValidator:
    """openapi-core's verdict, with reasons, on one operation's parameters and answers."""

    def __init__(self, contract: "Mapping[str, Any]") -> None:
        """Check the contract itself, and make it ready. Raises openapi-core's own error on a bad contract."""
        self._openapi = OpenAPI.from_dict(dict(contract), config=Config(schema_validators_factory=_SCHEMAS))
        self._host: Final = contract["servers"][0]["url"]

    def refused_parameters(self, query_string: bytes) -> list[str]:
        """Name the parameters that the contract refuses, in its own order."""
        return [error.name for error in self._request_errors(query_string)]

    def parameters(self, query_string: bytes) -> dict[str, Any]:
        """Give the parameters as openapi-core reads them, schema defaults filled in. They must be valid."""
        result = self._openapi.unmarshal_request(self._request(query_string))
        return dict(result.parameters.query)

    def body_violations(self, status: int, body: bytes, content_type: str = JSON) -> "list[Violation]":
        """Say where and by which keyword an answer breaks the contract: nothing, when it is valid."""
        errors = self._openapi.iter_response_errors(self._request(b""), _Response(status, body, content_type))
        try:
            return [violation for error in errors for violation in _violations(error)]
        except RecursionError:
            return [Violation((), "", TOO_DEEP)]

    def body_errors(self, status: int, body: bytes, content_type: str = JSON) -> list[str]:
        """Say in words what the contract has against an answer: nothing, when it is valid."""
        return [str(violation) for violation in self.body_violations(status, body, content_type)]

    def _request(self, query_string: bytes) -> _Request:
        return _Request(query_string, self._host)

    def _request_errors(self, query_string: bytes) -> "Iterator[ParameterValidationError]":
        for error in self._openapi.iter_request_errors(self._request(query_string)):
            if not isinstance(error, ParameterValidationError):
                raise error
            yield error


def _json_path_step(name: str | int) -> str:
    """Write one step as newer releases of jsonschema do; older ones leave the quotes out."""
    if isinstance(name, int):
        return f"[{name}]"
    if PLAIN_NAME.fullmatch(name):
        return f".{name}"
    escaped = name.replace("\\", "\\\\").replace("'", r"\'")
    return f"['{escaped}']"


def _violations(error: Exception) -> "list[Violation]":
    cause = error.__cause__ or error
    if isinstance(
        cause, MediaTypeDeserializeError
    ):  # whose own text holds the whole body, or fails to decode it
        return [Violation((), "", NOT_JSON)]
    schema_errors = getattr(cause, "schema_errors", ())
    return [
        Violation(tuple(item.absolute_path), str(item.validator), item.message) for item in schema_errors
    ] or [Violation((), "", str(cause))]
