"""Hold requests and answers to the contract: the fast path decides, the reference says why one is wrong.

Rule: answering never needs the reference, whose import takes longer than all the rest of a start.
"""

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract import effective_contract
from usagetwin.contract.operation import REPEATABLE, schemas_of
from usagetwin.encoding import encode
from usagetwin.request.fast import FastValidator
from usagetwin.request.parameters import parse
from usagetwin.request.wording import explain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin.errors import Refusal
    from usagetwin.request.parameters import Parameters
    from usagetwin.request.reference import ReferenceValidator, Violation

__all__ = ["BrokenAnswerError", "ValidBody", "Validator", "validator"]


class BrokenAnswerError(AssertionError):
    """An answer of ours that the contract refuses."""


class ValidBody(bytes):
    """The body of an answer that keeps the contract, with its status; `Validator.written` alone makes one."""

    status: int


class Validator:
    """The contract's verdict on the requests to its one operation, and on our answers to them."""

    def __init__(self, contract: "Mapping[str, Any]") -> None:
        """Compile the fast path; the reference loads when an answer has to be explained."""
        self._contract: Final = contract
        self._schemas: Final = schemas_of(contract)
        self._fast: Final = FastValidator(contract)

    @cached_property
    def reference(self) -> "ReferenceValidator":
        """Give openapi-core's validator, imported on first use."""
        from usagetwin.request.reference import ReferenceValidator

        return ReferenceValidator(self._contract)

    def parameters(self, query_string: bytes) -> "Parameters":
        """Parse a query string. Raises Refusal when the contract refuses a parameter, in its order."""
        parameters = parse(query_string)
        if parameters and not self._fast.accepts_parameters(parameters):
            name = next(
                each
                for each in self._schemas
                if each in parameters and not self._fast.accepts_parameters({each: parameters[each]})
            )
            raise explain(name, parameters, self._schemas[name])
        return parameters

    def refusal_of(self, name: str, value: str) -> "Refusal | None":
        """Give the refusal that one value earns by itself; None for a valid one, or an unknown parameter."""
        if name not in self._schemas:
            return None
        parameters: Parameters = {name: [value] if name == REPEATABLE else value}
        if self._fast.accepts_parameters(parameters):
            return None
        return explain(name, parameters, self._schemas[name])

    def written(self, status: int, document: object) -> "ValidBody":
        """Write a document of ours as the body of an answer. Raises BrokenAnswerError."""
        content = encode(document)
        if not self._fast.accepts_document(status, document):
            reasons = "; ".join(map(str, self.answer_violations(status, content)))
            message = f"the contract refuses our own {status}: {reasons or 'the reference accepts it'}"
            raise BrokenAnswerError(message)
        body = ValidBody(content)
        body.status = status
        return body

    def joined(self, bodies: "Sequence[ValidBody]") -> "ValidBody":
        """Join series that differ in their points alone to the one that has all points.

        The contract says of points what each by itself must be, so the whole keeps it where its parts do.
        """
        begin, end = b'"series":[', b"]}"
        head, _, _ = bodies[0].partition(begin)
        points = b",".join(body[len(head) + len(begin) : -len(end)] for body in bodies)
        whole = ValidBody(head + begin + points + end)
        whole.status = bodies[0].status
        return whole

    def accepts_answer(self, status: int, body: bytes) -> bool:
        """Tell whether an answer keeps the contract."""
        return self._fast.accepts_body(status, body)

    def answer_violations(self, status: int, body: bytes) -> "list[Violation]":
        """Say what the contract has against an answer, in the reference's words."""
        return self.reference.body_violations(status, body)


@cache
def validator() -> Validator:
    """Give the validator of the effective contract, compiled once for all who judge by it."""
    return Validator(effective_contract())
