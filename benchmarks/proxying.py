"""Prism as a validating proxy in front of a twin: which answers it objects to, and which requests.

Asked twice: with requests passed on unseen, so that every answer of the twin is held to the contract,
and with requests validated, so that Prism's verdict on each can be compared with the twin's.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks import prisms, serving
from benchmarks.claims import Line
from benchmarks.fuzzing import BETWEEN_PARAMETERS, LISTED_TOKEN, NOW, RULE, WORLD

if TYPE_CHECKING:
    from collections.abc import Iterable

PRISM: Final = b"https://stoplight.io/prism/errors#"
VIOLATIONS: Final = PRISM + b"VIOLATIONS"

WINDOWS: Final = ("", "from=0", "to=1773705600", "from=1735689600&to=1743465600", "from=1773705600", "to=0")
BAD_WINDOWS: Final = ("from=x", "from=-1", "from=1735689600000", "to=1.5", "to=0x10", "from=5&to=1", "from=")
KEYS: Final = (
    "",
    "projectKey=default",
    "projectKey=default&projectKey=default",
    "projectKey=default&projectKey=no",
)
BAD_KEYS: Final = ("projectKey=no", "projectKey=", "projectKey=default,default")
VIEWS: Final = (
    "",
    "granularity=daily",
    "granularity=monthly",
    "aggregationType=incremental",
    "aggregationType=rolling_30d&granularity=daily",
)
BAD_VIEWS: Final = (
    "granularity=hourly",
    "granularity=DAILY",
    "aggregationType=average",
    "granularity=monthly&aggregationType=incremental",
)
TOKENS: Final = (
    LISTED_TOKEN,
    "api-00000000-0000-4000-8000-00000000dead",
    "api-00000000-0000-4000-8000-00000000f0b1",
    "api-00000000-0000-4000-8000-00000000510e",
    "Bearer x",
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back through the proxy for one request, and what the twin says to it directly."""

    query: str
    status: int
    body: bytes
    direct_status: int
    direct_body: bytes

    @property
    def violation(self) -> bool:
        """Tell whether Prism objects to the twin's answer."""
        return VIOLATIONS in self.body

    @property
    def disagreement(self) -> bool:
        """Tell whether only one of Prism and the twin refuses the request as invalid."""
        return self.body.startswith(b'{"type":"' + PRISM) != (self.direct_status == 400)

    @property
    def beyond_prism(self) -> bool:
        """Tell whether Prism can't know: rules between parameters, and empty values, which it lets pass."""
        empty = any(part.endswith("=") for part in self.query.split("&"))
        return empty or self.rule in BETWEEN_PARAMETERS

    @property
    def rule(self) -> str:
        """Give the rule that the twin names."""
        named = RULE.search(self.direct_body.decode())
        return named[1] if named else ""


def queries() -> list[str]:
    """Combine the values: all valid ones with one another, and each bad one with valid ones."""
    combined = [
        *((window, keys, view) for window in WINDOWS for keys in KEYS for view in VIEWS),
        *((bad, keys, view) for bad in BAD_WINDOWS for keys in KEYS for view in VIEWS),
        *((window, bad, view) for window in WINDOWS for bad in BAD_KEYS for view in VIEWS),
        *((window, keys, bad) for window in WINDOWS for keys in KEYS for bad in BAD_VIEWS),
    ]
    return ["&".join(filter(None, parts)) for parts in combined]


def prism_violations() -> list[Line]:
    """Ask a twin through Prism. Raises AbsentError."""
    asked = queries()
    with serving.serving(
        serving.twin(serving.QUIET, "--now", NOW, *WORLD), "twin-proxied", token=LISTED_TOKEN
    ) as twin:
        passing = prisms.proxy(twin.url, "--no-validate-request")
        with serving.serving(passing, "prism-answers", token=LISTED_TOKEN) as prism:
            answers = [_ask(prism.url, twin.url, query) for query in asked]
            answers += [_ask(prism.url, twin.url, "", token) for token in TOKENS]
        with serving.serving(prisms.proxy(twin.url), "prism-requests", token=LISTED_TOKEN) as prism:
            requests = [_ask(prism.url, twin.url, query) for query in asked]
    return [*_answer_lines(answers), *_request_lines(requests)]


def _ask(proxy: str, twin: str, query: str, token: str = LISTED_TOKEN) -> Reply:
    direct = serving.get(twin, query, token=token)
    return Reply(query, *serving.get(proxy, query, token=token), *direct)


def _answer_lines(replies: "list[Reply]") -> list[Line]:
    statuses = sorted({reply.direct_status for reply in replies})
    violations = [reply for reply in replies if reply.violation or reply.status != reply.direct_status]
    return [
        Line(
            claim=f"Prism as a proxy: answers of the twin, {', '.join(map(str, statuses))}",
            value=len(replies),
        ),
        Line(
            claim="Prism as a proxy: answers that it objects to",
            value=len(violations),
            at_most=0,
            note=_examples(violations),
        ),
    ]


def _request_lines(replies: "list[Reply]") -> list[Line]:
    differing = [reply for reply in replies if reply.disagreement]
    known = [reply for reply in differing if reply.beyond_prism]
    others = [reply for reply in differing if not reply.beyond_prism]
    rules = sorted({reply.rule for reply in known})
    return [
        Line(
            claim="Prism as a proxy: requests that the twin alone refuses, by rules that Prism can't know",
            value=len(known),
            note=", ".join(rules),
        ),
        Line(
            claim="Prism as a proxy: other requests that only one of the two refuses",
            value=len(others),
            at_most=0,
            note=_examples(others),
        ),
    ]


def _examples(replies: "Iterable[Reply]") -> str:
    return "; ".join(
        f"?{reply.query} {reply.direct_status}, by Prism {reply.status}" for reply in list(replies)[:3]
    )
