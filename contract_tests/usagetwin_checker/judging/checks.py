"""What one exchange shows by itself: its status, its headers, its body, and every rule about one answer.

Rule: each check takes one exchange and its expectation and gives findings; none looks at another exchange.
"""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.operation import DOCUMENTED
from usagetwin.errors import quoted, readable
from usagetwin_checker.exchanges import Credential, UnreadError
from usagetwin_checker.findings import Finding
from usagetwin_checker.judging.refusals import (
    beta_refusal,
    cors,
    is_beta_refusal,
    method_refused,
    refusal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.request.reference import Violation
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.judging.expectation import Expectation

JSON: Final = "application/json"
UNJUDGED: Final = frozenset({401, 403, 429})  # of a request with our token: it says something of the token
TOO_MANY: Final = 429  # says nothing of the request, whoever sends it
BODY_RULES: Final[dict[str | int, str]] = {  # of a 200, by where the schema is broken
    "_links": "links-is-an-object",
    "metadata": "metadata-is-a-list-of-objects",
    "series": "series-is-a-list-of-objects",
}


def check(exchange: "Exchange", expectation: "Expectation") -> "Iterator[Finding]":
    """Give everything that one exchange shows; of one that got no whole answer only that it has no end."""
    if exchange.oversized:
        yield _oversized(exchange)
    if exchange.failure is not None:
        return
    yield from _status(exchange, expectation)
    yield from _media_type(exchange)
    yield from cors(exchange)
    if is_beta_refusal(exchange):
        yield from beta_refusal(exchange)
        return
    if exchange.ask.method == "HEAD":
        if exchange.body:
            yield _finding("head-answers-as-get", "a HEAD was answered with a body", exchange)
        return
    if exchange.status == 405:
        yield from method_refused(exchange)
    elif exchange.status in DOCUMENTED and exchange.media_type == JSON:
        yield from _body(exchange, expectation, documented=documented(exchange))


def _oversized(exchange: "Exchange") -> Finding:
    """Give the finding of an answer that has more in it than any right one."""
    rule_id = "answer-has-nothing-else" if exchange.status == 200 else "error-has-nothing-else"
    what = (
        f"the body of the {exchange.status} goes on after {exchange.oversized} bytes, and was read no further"
    )
    return replace(_finding(rule_id, what, exchange), doubtful=True)


def documented(exchange: "Exchange") -> bool:
    """Tell whether the document speaks of this answer: one of its statuses, to a GET on its path."""
    ask = exchange.ask
    return exchange.status in DOCUMENTED and ask.method == "GET" and not ask.suffix


def _finding(rule_id: str, what: str, exchange: "Exchange") -> Finding:
    return Finding(rule_id, readable(what), (exchange,))


def _status(exchange: "Exchange", expectation: "Expectation") -> "Iterator[Finding]":
    status, ask = exchange.status, exchange.ask
    with_token = ask.credential is Credential.TOKEN and not ask.role
    if ask.method == "GET" and not ask.suffix and status not in DOCUMENTED:
        yield _finding(
            "status-is-documented", f"the answer is {status}, which the document does not have", exchange
        )
    if ask.credential is Credential.NONE and status == 200:
        got = "got the series" if exchange.well_formed else "was answered with 200"
        text = f"a request without a credential {got}"
        found = _finding("no-answer-without-credential", text, exchange)
        yield replace(found, also=("credential-in-authorization",))
    if (with_token and status in UNJUDGED) or status == TOO_MANY or status >= 500:
        return
    for rule_id, statuses in expectation.rules:
        if status not in statuses:
            wanted = " or ".join(map(str, sorted(statuses)))
            yield _finding(rule_id, f"the answer is {status}, not {wanted}", exchange)


def _media_type(exchange: "Exchange") -> "Iterator[Finding]":
    if exchange.media_type == JSON:
        return
    rule_id = "documented-answer-is-json" if documented(exchange) else "every-answer-is-json"
    sent = exchange.headers.get("content-type")
    said = "has no content type" if sent is None else f"is {quoted(sent)}"
    yield _finding(rule_id, f"the {exchange.status} {said}, not application/json", exchange)


def _body(exchange: "Exchange", expectation: "Expectation", *, documented: bool) -> "Iterator[Finding]":
    try:
        document = exchange.document
    except ValueError as error:
        rule_id = "documented-answer-is-json" if documented else "every-answer-is-json"
        what = "can't be read" if isinstance(error, UnreadError) else "is no JSON"
        yield _finding(rule_id, f"the body of the {exchange.status} {what}: {error}", exchange)
        return
    if not exchange.keeps_schema:
        yield from _schema(exchange) if documented else ()
    elif exchange.status == 200:
        yield from _series_list(exchange, document)
    else:
        yield from refusal(exchange, expectation, document)


def _schema(exchange: "Exchange") -> "Iterator[Finding]":
    seen = set()
    if (
        not exchange.violations
    ):  # a form of JSON that only the lenient parser reads: a byte order mark, NaN, a lone surrogate
        what = f"the body of the {exchange.status} is no JSON that every parser reads"
        yield _finding("documented-answer-is-json", what, exchange)
    for violation in exchange.violations:
        rule_id = _schema_rule(exchange.status, violation.path, violation.keyword)
        if rule_id not in seen and not (rule_id == "slice-has-key-fields" and _timeless(exchange, violation)):
            seen.add(rule_id)
            yield _finding(rule_id, f"in the body of the {exchange.status}, {violation}", exchange)


def _timeless(exchange: "Exchange", violation: "Violation") -> bool:
    """Tell whether a point has too few fields because its time is what it lacks."""
    point = exchange.document["series"][violation.path[1]]
    return bool(point) and "time" not in point


def _schema_rule(status: int, path: tuple[str | int, ...], keyword: str) -> str:
    if status != 200:
        return "error-fields-are-strings" if path else "error-has-code-and-message"
    if not path:
        return "answer-is-a-series-list"
    if path[0] != "series" or len(path) == 1:
        return BODY_RULES[path[0]]
    return _slice_rule(path[2:], keyword)


def _slice_rule(field: tuple[str | int, ...], keyword: str) -> str:
    if not field:
        by_keyword = {"required": "slice-has-time", "minProperties": "slice-has-key-fields"}
        return by_keyword.get(keyword, "series-is-a-list-of-objects")
    if keyword == "minimum":
        return "time-not-negative" if field == ("time",) else "values-not-negative"
    return "values-are-integers"


def _series_list(exchange: "Exchange", document: dict[str, Any]) -> "Iterator[Finding]":
    yield from _envelope(exchange, document)
    series = document["series"]
    if re.search(rb"[0-9]\.[0-9]|[0-9][eE][+-]?[0-9]", exchange.body) and any(
        isinstance(value, float) for point in series for value in point.values()
    ):
        yield _finding(
            "integers-have-no-fraction", "integers are written with a fraction or exponent", exchange
        )
    if series:
        yield from _key_fields(exchange, document)
    if exchange.cut:
        what = (
            f"there are {exchange.cut} points, far more than the window has days; {len(series)} were judged"
        )
        yield _finding("buckets-are-unique", what, exchange)
    times = [point["time"] for point in series]
    if times != sorted(times):
        yield _finding("series-ascends", "the buckets do not ascend by time", exchange)
    if len(times) > len(set(times)):
        yield _finding("buckets-are-unique", "a bucket is in the answer more than once", exchange)


def _envelope(exchange: "Exchange", document: dict[str, Any]) -> "Iterator[Finding]":
    extra = sorted(document.keys() - {"_links", "metadata", "series"})
    if extra:
        yield _finding(
            "answer-has-nothing-else", f"the body also has {', '.join(map(quoted, extra))}", exchange
        )
    link = document["_links"].get("self")
    href = link.get("href") if isinstance(link, dict) else None
    if not isinstance(href, str) or not href.endswith(exchange.ask.target):
        yield _finding("links-self-names-the-request", f"_links.self.href is {href!r}", exchange)
    if not isinstance(link, dict) or link.get("type") != JSON:
        yield _finding("links-self-is-json", "the type of _links.self is not application/json", exchange)


def _key_fields(exchange: "Exchange", document: dict[str, Any]) -> "Iterator[Finding]":
    metadata = document["metadata"]
    most = {name for point in document["series"] for name in point} - {"time"}
    if len(most) > 1 and most != {str(index) for index in range(len(most))}:
        what = f"the key fields are labelled {', '.join(sorted(most)[:6])}"
        yield _finding("key-fields-are-labelled-in-order", what, exchange)
    if len(most) > 1:
        if len(metadata) != len(most):
            what = f"{len(most)} key fields come with {len(metadata)} objects in metadata"
            yield _finding("metadata-explains-key-fields", what, exchange)
        yield _finding("total-by-default", f"there are {len(most)} key fields, not one total", exchange)
        return
    if most != {"0"}:
        yield _finding("single-key-field-is-zero", f"the only key field is labelled {min(most)!r}", exchange)
    if len(metadata) != 1:
        what = f"a single key field comes with {len(metadata)} objects in metadata"
        yield _finding("single-key-field-has-metadata", what, exchange)
    elif metadata != [{}]:
        yield _finding(
            "metadata-of-a-total-is-empty", f"the metadata of a total is {metadata[0]!r}", exchange
        )
