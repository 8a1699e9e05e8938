"""Which mistakes of the consumer a recorded request shows, by the rules of the contract.

Rule: a request is judged as it was sent, whatever was answered; `mistakes.py` alone says what counts.
"""

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from usagetwin.asgi.security import Security
from usagetwin.contract import rule
from usagetwin.contract.operation import METHODS, ONLY_SESSIONS, PARAMETERS, REPEATABLE, Operation
from usagetwin.errors import Refusal, nearest, quoted, readable
from usagetwin.policies import Policies
from usagetwin.request import read, refusal_of
from usagetwin.request.wording import unknown_path
from usagetwin.stage.instants import EPOCH, SECOND
from usagetwin.stage.mistakes import MISTAKES
from usagetwin.stage.rules import Told, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from usagetwin.contract import Tier
    from usagetwin.stage.journal import Recorded

_PAIRS: Final = (("granularity", "aggregationType"), ("from", "to"))  # with a rule between the two
_CREDENTIAL: Final = Security({}, Policies(), None)


@dataclass(frozen=True, slots=True)
class RequestFinding:
    """A rule that a request breaks: what is wrong with which value, and what to send instead."""

    rule: str
    message: str
    remedy: str
    request: "Recorded" = field(repr=False)

    @property
    def tier(self) -> "Tier":
        """Give the rule's tier."""
        return rule(self.rule).tier

    def __str__(self) -> str:
        """Say it in three lines: what is wrong; the rule, with tier and source; the remedy."""
        return str(Told(self.rule, self.message, self.remedy))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a request is held to beside the contract.

    `keys` are those of all projects, None where they are not known; `allowed` are rules that the client
    breaks on purpose; `operations` are those that the twin serves.
    """

    policies: Policies = field(default_factory=Policies)
    keys: frozenset[str] | None = None
    allowed: frozenset[str] = frozenset()
    operations: tuple[Operation, ...] = ONLY_SESSIONS


def findings_of(request: "Recorded", terms: Terms) -> tuple[RequestFinding, ...]:
    """Give what is wrong with a request: with its path or method alone, or else with all that it sends."""
    if terms.policies.cors == "on" and _is_preflight(request):
        return ()
    wrong = tuple(_of_target(request, terms)) or (
        *_of_headers(request, terms),
        *_of_query(request),
        *_of_names(request),
        *_of_keys(request, terms),
    )
    return tuple(
        RequestFinding(*broken, request)
        for broken in dict.fromkeys(wrong)
        if broken.rule in MISTAKES and broken.rule not in terms.allowed
    )


def report(findings: "Iterable[RequestFinding]") -> str:
    """Write findings for people: each mistake once, and below the mistakes of a request where it was sent."""
    requests: dict[Told, list[Recorded]] = {}
    for finding in findings:
        broken = Told(finding.rule, finding.message, finding.remedy)
        requests.setdefault(broken, []).append(finding.request)
    lines = []
    for alike, group in groupby(requests, key=requests.__getitem__):
        lines += [*map(str, group), f"  sent  {_sent(alike)}"]
    return "\n".join(lines)


def sent(request: "Recorded") -> str:
    """Write a request as one line, and without its credential."""
    return readable(f"request {request.number}: {request.method} {request.host}{request.target}")


def _sent(requests: "list[Recorded]") -> str:
    more = f" (and in {len(requests) - 1} more)" if len(requests) > 1 else ""
    return sent(requests[0]) + more


def _of_target(request: "Recorded", terms: Terms) -> "Iterator[Told]":
    paths = tuple(operation.path for operation in terms.operations)
    if request.path not in paths:
        broken = told(unknown_path(request.path, paths))
        of_one = terms.operations == ONLY_SESSIONS  # whose path the rule's own remedy names
        yield broken if of_one else broken._replace(remedy=nearest(request.path, paths))
    elif request.method not in METHODS:
        problem = f"{quoted(request.method)} is no method of this path, which is read with GET"
        yield Told("method-not-allowed", problem, rule("method-not-allowed").client)


def _is_preflight(request: "Recorded") -> bool:
    """Tell whether a browser asks this by itself, without a credential, before what it wants to ask."""
    return request.method == "OPTIONS" and request.header("access-control-request-method") is not None


def _of_headers(request: "Recorded", terms: Terms) -> "Iterator[Told]":
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers]
    yield from _refused(_CREDENTIAL.check, {"headers": headers})
    version = request.header("ld-api-version")
    if terms.policies.beta == "required" and version != "beta":
        value = (
            "there is no header LD-API-Version" if version is None else f"LD-API-Version={quoted(version)}"
        )
        problem = f"{value}; this API is in beta, and refuses a request without LD-API-Version: beta"
        yield Told("beta-header-required", problem, rule("beta-header-required").client)


def _of_query(request: "Recorded") -> "Iterator[Told]":
    valid = {}
    for name, value in dict.fromkeys(request.parameters):
        refusal = refusal_of(name, value)
        if refusal is not None:
            yield told(refusal)
        elif len(request.values(name)) == 1:
            valid[name] = value
    scalars = [name for name, _ in request.parameters if name in PARAMETERS and name != REPEATABLE]
    if len(scalars) > len(set(scalars)):  # which is the first that is read, and refused
        yield from _refused_query(request, *request.parameters)
    for names in _PAIRS:
        given = [name for name in names if request.values(name)]
        if valid.keys() >= set(given):
            yield from _of_pair([(name, valid[name]) for name in given], request)


def _of_pair(given: "Sequence[tuple[str, str]]", request: "Recorded") -> "Iterator[Told]":
    """Hold two parameters to the rule between them; the default of a missing one depends on the clock."""
    by_default = len(given) == 1
    for broken in _refused_query(request, *given):
        if broken.rule != "window-not-inverted" or not by_default:
            yield broken
        else:
            lone = "window-checked-after-defaults"
            yield Told(lone, broken.problem, rule(lone).client)


def _of_names(request: "Recorded") -> "Iterator[Told]":
    for name, _ in request.parameters:
        if name not in PARAMETERS:
            problem = f"the contract names no parameter {quoted(name)}, so the API ignores it"
            yield Told("undocumented-parameters-ignored", problem, nearest(name, PARAMETERS))


def _of_keys(request: "Recorded", terms: Terms) -> "Iterator[Told]":
    known = terms.keys or frozenset()
    for key in request.values(REPEATABLE):
        if key in known:
            continue
        parts = [part.strip() for part in key.split(",") if part.strip()]
        meant = [same for same in sorted(known) if same.lower() == key.strip().lower()]
        if "," in key and parts:
            problem = f"projectKey={quoted(key)} joins keys with commas, and no project has that key"
            remedy = readable("&".join(f"projectKey={quote(part)}" for part in parts))
        elif meant:
            problem = (
                f"projectKey={quoted(key)} is spelled otherwise, and so another key, than {quoted(meant[0])}"
            )
            remedy = readable(f"projectKey={quote(meant[0])}")
        else:
            continue
        yield Told("project-key-is-exact", problem, remedy)


def _refused_query(request: "Recorded", *parameters: tuple[str, str]) -> tuple[Told, ...]:
    """Give the first that is wrong with some of a request's parameters, read at its own instant."""
    now_s = (request.at - EPOCH) // SECOND
    return _refused(read, urlencode(parameters, errors="replace").encode(), now_s)


def _refused(act: "Callable[..., object]", *arguments: object) -> tuple[Told, ...]:
    """Give what an act refuses, told; nothing when it refuses nothing."""
    try:
        act(*arguments)
    except Refusal as refusal:
        return (told(refusal),)
    return ()
