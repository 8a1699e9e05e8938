"""One request, its response, and when: the only material that a verdict is made of.

Rule: nothing here judges. What a target sent is kept as it came, bounded, with what went wrong in words.

A body is parsed at most once by each of two parsers, and what they found is kept. The strict one decides
whether the schema is kept: no NaN, no lone surrogate. The other keeps integers of any size, which the strict
one rounds.
"""

import json
import sys
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from usagetwin.contract.operation import PATH

if TYPE_CHECKING:
    from usagetwin.request.reference import Violation

OK: Final = 200


class UnreadError(ValueError):
    """JSON that is not read: nobody's answer needs what it holds."""


class NoConstantError(ValueError):
    """What Python reads as a number, and JSON does not have."""


class Credential(Enum):
    """What an `Ask` sends as its access token."""

    TOKEN = "token"  # noqa: S105 -- a kind of credential, not one
    NONE = "none"
    BLANK = "blank"
    BEARER = "bearer"
    BASIC = "basic"
    UNKNOWN = "unknown"


MOST_DIGITS: Final = 20  # Python refuses to read a number of some thousand
OTHER: Final = {  # what is sent as `Authorization` in place of the token
    Credential.BEARER: "Bearer x",
    Credential.BASIC: "Basic eDp4",
    Credential.UNKNOWN: "api-ffffffff-ffff-4fff-8fff-ffffffffffff",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: its parameters in wire order, and what kind of credential goes with it.

    `beta` says whether the beta header goes with it, `origin` is the header of a page that asks, and `role`
    is that of a listed token which is sent in place of the usual one. `written` is the query string as
    somebody else wrote it, where that is not our way, and `path` that of the operation.
    """

    parameters: tuple[tuple[str, str], ...] = ()
    credential: Credential = Credential.TOKEN
    method: str = "GET"
    suffix: str = ""
    body: str = ""
    beta: bool = True
    origin: str = ""
    role: str = ""
    written: str = field(default="", compare=False)
    path: str = field(default=PATH, compare=False)

    @property
    def query_string(self) -> str:
        """Give the percent-encoded query string, without `?`."""
        return self.written or _encoded(self.parameters)

    @property
    def target(self) -> str:
        """Give the path and query, relative to the base URL."""
        query = self.query_string
        return f"{self.path}{self.suffix}?{query}" if query else self.path + self.suffix

    def values(self, name: str) -> tuple[str, ...]:
        """Give all values of a parameter, in wire order."""
        return tuple(value for key, value in self.parameters if key == name)

    def instant(self, name: str) -> int | None:
        """Give a parameter's first value, in Unix seconds; None where that is none, or endless."""
        value = next(iter(self.values(name)), "")
        fits = value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
        return int(value) if fits else None


@lru_cache(maxsize=1 << 12)
def _encoded(parameters: tuple[tuple[str, str], ...]) -> str:
    return urlencode(parameters, quote_via=quote, safe="")


@dataclass(frozen=True)
class Exchange:
    """A request and what came back; `failure` says why there is no whole response, where there is none.

    `oversized` is the number of bytes after which nothing more was read; `cut` how many points the series
    had where only the first of them are kept. Both are 0 where the body is whole. `unsent` says that it is
    certain that nothing of the request was sent.
    """

    ask: Ask
    number: int
    at_s: float
    seconds: float
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: str | None = None
    oversized: int = 0
    cut: int = 0
    unsent: bool = False

    def answering(self, ask: Ask) -> "Exchange":
        """Give the same response as one to another request; what was found of its body is kept."""
        other = replace(self, ask=ask)
        for name in ("document", "keeps_schema", "violations"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    @cached_property
    def document(self) -> Any:  # noqa: ANN401 -- whatever JSON the target sent
        """Give the parsed body. Raises ValueError, with the reason, when it is no JSON.

        UnreadError is one for JSON that Python reads no further.
        """
        try:
            return json.loads(self.body.decode("utf-8"), parse_constant=_no_constant)
        except RecursionError:
            message = "the JSON is nested too deeply"
            raise ValueError(message) from None
        except (json.JSONDecodeError, UnicodeDecodeError, NoConstantError):
            raise
        except ValueError:
            message = f"it has a number of more than {sys.get_int_max_str_digits()} digits"
            raise UnreadError(message) from None

    @cached_property
    def keeps_schema(self) -> bool:
        """Whether the contract has this status, and its schema accepts the body."""
        from usagetwin.request.validator import validator  # the compiled schemas, for who needs them

        return self.failure is None and self._is_json and validator().accepts_answer(self.status, self.body)

    @cached_property
    def violations(self) -> "list[Violation]":
        """What the contract's schema has against the body, in the reference's words."""
        from usagetwin.request.validator import validator

        return validator().answer_violations(self.status, self.body)

    @property
    def _is_json(self) -> bool:
        """Whether the body can be parsed here: the schema's own parser reads deeper nesting than ours."""
        try:
            _ = self.document
        except ValueError:
            return False
        return True

    @property
    def well_formed(self) -> bool:
        """Whether this is a 200 whose body the contract's schema accepts."""
        return self.status == OK and self.keeps_schema

    @property
    def media_type(self) -> str:
        """Give the content type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def _no_constant(name: str) -> float:
    message = f"{name} is no JSON"
    raise NoConstantError(message)
