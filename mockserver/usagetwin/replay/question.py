"""What makes two requests the same question: method, path, query, kind of credential, and the beta header.

Rule: this alone decides it. What a recording does not show of its requests is not compared.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from usagetwin.contract.operation import REPEATABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Pairs = tuple[tuple[str, str], ...]

AUTHORIZATION: Final = "authorization"
BETA: Final = "ld-api-version"
UNLISTED_TOKEN: Final = "api-ffffffff-ffff-4fff-8fff-ffffffffffff"  # noqa: S105 -- the one that a check sends as unknown


class Credential(Enum):
    """The kinds of credential that get answers of their own; which token it is is not compared."""

    NONE = "none"
    BLANK = "blank"
    BEARER = "bearer"
    BASIC = "basic"
    UNKNOWN = "unknown"  # the token that a check sends as one which nobody knows
    TOKEN = "token"  # noqa: S105 -- a kind of credential, not one


@dataclass(frozen=True, slots=True)
class Question:
    """One request as it is compared; `suffix` is what follows the endpoint's path.

    `credential` and `beta` are None where they are not compared.
    """

    method: str
    suffix: str
    pairs: "Pairs"
    credential: Credential | None
    beta: bool | None

    def forms(self) -> "Iterator[Question]":
        """Give the question as it is written, and as ever more ways to write it are alike.

        First the order of different parameters, then that of project keys, and how often each is there.
        """
        yield self
        ordered = tuple(sorted(self.pairs, key=_name))
        yield self._with(ordered)
        others = (pair for pair in ordered if pair[0] != REPEATABLE)
        keys = sorted({pair for pair in ordered if pair[0] == REPEATABLE})
        yield self._with((*others, *keys))

    def _with(self, pairs: "Pairs") -> "Question":
        return Question(self.method, self.suffix, pairs, self.credential, self.beta)

    def values(self, name: str) -> tuple[str, ...]:
        """Give the values of a parameter, in their order."""
        return tuple(value for key, value in self.pairs if key == name)


def question(  # noqa: PLR0913 -- the parts of a request
    method: str,
    suffix: str,
    query: str,
    headers: "Mapping[str, str]",
    *,
    credential: Credential | None = None,
    shown: frozenset[str],
) -> Question:
    """Give the question of a request, by its headers in lower case, of which those `shown` are compared.

    `credential` is its kind, where that is known otherwise.
    """
    kind = credential or kind_of(headers.get(AUTHORIZATION))
    return Question(
        method.upper(),
        suffix,
        tuple(parse_qsl(query, keep_blank_values=True)),
        kind if AUTHORIZATION in shown else None,
        headers.get(BETA, "").strip().lower() == "beta" if BETA in shown else None,
    )


def kind_of(sent: str | None) -> Credential:
    """Give the kind of what was sent as `Authorization`."""
    if sent is None:
        return Credential.NONE
    scheme = sent.strip().partition(" ")[0].lower()
    if scheme in (Credential.BEARER.value, Credential.BASIC.value):
        return Credential(scheme)
    if not scheme:
        return Credential.BLANK
    return Credential.UNKNOWN if sent.strip() == UNLISTED_TOKEN else Credential.TOKEN


def _name(pair: tuple[str, str]) -> str:
    return pair[0]
