"""What the body of an error must say: its code, and the message of a 400.

Rule: bodies come here once the schema has accepted them. The message of a 400 is judged only where the
contract wants a 400; elsewhere the 400 itself is what is wrong.
"""

import re
from typing import TYPE_CHECKING, Any, Final

from usagetwin.clock import DIGITS
from usagetwin.contract.operation import LISTED
from usagetwin.errors import quoted, readable
from usagetwin_checker.exchanges import Credential
from usagetwin_checker.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.judging.expectation import Expectation

CODES: Final = {
    400: ("invalid-request-code", "invalid_request"),
    401: ("unauthorized-code", "unauthorized"),
    403: ("forbidden-code", "forbidden"),
    404: ("not-found-code", "not_found"),
    405: ("method-not-allowed-code", "method_not_allowed"),
    429: ("rate-limited-code", "rate_limited"),
}
MILLISECONDS: Final = re.compile(r"[0-9]{12,13}")
TIMES: Final = ("from", "to")
TOO_MANY: Final = 429
FORBIDDEN: Final = 403
FIRST_ERROR: Final = 400
QUOTED: Final = 16  # characters of a value that its quotation must have


def refusal(
    exchange: "Exchange", expectation: "Expectation", document: dict[str, Any]
) -> "Iterator[Finding]":
    """Give what the body of a documented error breaks."""
    extra = sorted(document.keys() - {"code", "message"})
    if extra:
        what = f"the body of the {exchange.status} also has {', '.join(map(quoted, extra))}"
        yield Finding("error-has-nothing-else", readable(what), (exchange,))
    yield from _code(exchange, document["code"])
    for rule_id, holds in _wording(exchange, expectation).items():
        if not holds(document["message"]):
            what = f"the message is {quoted(document['message'])}"
            yield Finding(rule_id, readable(what), (exchange,))


def is_beta_refusal(exchange: "Exchange") -> bool:
    """Tell whether a request without the beta header is refused for that."""
    return not exchange.ask.beta and exchange.status == FORBIDDEN


def beta_refusal(exchange: "Exchange") -> "Iterator[Finding]":
    """Give what the 403 for a missing beta header breaks: as recorded, it has no code, unlike all others."""
    try:
        document = exchange.document
    except ValueError:
        return
    if not isinstance(document, dict) or document.keys() != {"message"}:
        text = "the 403 for the missing beta header has more than a message"
        yield Finding("beta-refusal-has-message-alone", text, (exchange,))


def cors(exchange: "Exchange") -> "Iterator[Finding]":
    """Give what the CORS headers of an answer to a page break, where it has any."""
    allowed = exchange.headers.get("access-control-allow-origin")
    if exchange.ask.origin and allowed not in (None, exchange.ask.origin):
        text = f"Access-Control-Allow-Origin is {quoted(str(allowed))}, not the page's origin"
        yield Finding("cors-headers", readable(text), (exchange,))


def tells_of_a_quota(exchange: "Exchange") -> bool:
    """Tell whether an answer has any of the headers about a rate limit."""
    return any(name.startswith("x-ratelimit-") for name in exchange.headers)


def is_error(exchange: "Exchange") -> bool:
    """Tell whether an answer is an error in the document's shape."""
    return exchange.status >= FIRST_ERROR and exchange.ask.method == "GET" and exchange.keeps_schema


def has_id(exchange: "Exchange") -> bool:
    """Tell whether an error has an id."""
    return is_error(exchange) and "id" in exchange.document


def method_refused(exchange: "Exchange") -> "Iterator[Finding]":
    """Give what a 405 breaks, which the document does not have."""
    if "allow" not in exchange.headers:
        yield Finding("allow-header-sent", "the 405 has no header Allow", (exchange,))
    try:
        document = exchange.document
    except ValueError:
        return
    yield from _code(exchange, document.get("code") if isinstance(document, dict) else None)


def rules_for_refusal(exchange: "Exchange", expectation: "Expectation") -> "Iterator[str]":
    """Name the rules that an error puts to the test."""
    if exchange.status in CODES:
        yield _code_rule(exchange)[0]
    if exchange.status == 405:
        yield "allow-header-sent"
    if exchange.ask.origin and "access-control-allow-origin" in exchange.headers:
        yield "cors-headers"
    yield from _wording(exchange, expectation)


def rules_of_choices(exchange: "Exchange") -> "Iterator[str]":
    """Name the rules about choices of a target that an answer shows to be switched on."""
    if has_id(exchange):
        yield "error-id-is-added"
    if tells_of_a_quota(exchange):
        yield "rate-limit-headers"
        if exchange.status == TOO_MANY and not exchange.ask.role:
            yield "spent-quota-rate-limited"


def _code(exchange: "Exchange", code: object) -> "Iterator[Finding]":
    rule_id, wanted = _code_rule(exchange)
    if code != wanted:
        said = quoted(code) if isinstance(code, str) else repr(code)
        yield Finding(
            rule_id, readable(f"the code of the {exchange.status} is {said}, not {wanted}"), (exchange,)
        )


def _code_rule(exchange: "Exchange") -> tuple[str, str]:
    if exchange.status == 401 and exchange.ask.credential is Credential.BEARER:
        return "invalid-token-code", "invalid_token"
    return CODES[exchange.status]


def _wording(exchange: "Exchange", expectation: "Expectation") -> "Mapping[str, Callable[[str], bool]]":
    """Give the rules about the message of a 400 that is in order, each with what keeps it."""
    broken = [rule_id for rule_id, statuses in expectation.rules if 400 in statuses]
    if exchange.status != 400 or not broken:
        return {}
    parameters = exchange.ask.parameters
    found: dict[str, Callable[[str], bool]] = {
        "invalid-request-names-parameter": lambda message: any(name in message for name, _ in parameters),
        "invalid-request-quotes-value": lambda message: (
            not any(name in message for name, _ in parameters)
            or any(repr(value[:QUOTED])[1:-1] in message for name, value in parameters if name in message)
        ),
    }
    if len(broken) == 1:
        found |= _about(broken[0], dict(parameters))
    return found


def _about(rule_id: str, given: "Mapping[str, str]") -> "Mapping[str, Callable[[str], bool]]":
    """Give what the message must say, beyond name and value, of the one rule that a request breaks."""
    if rule_id == "window-checked-after-defaults":
        return {"default-in-window-is-named": lambda message: "default" in message or "current" in message}
    allowed = "invalid-request-says-what-is-allowed"
    wrong = [value for name, value in LISTED.items() if name in given and given[name] not in value]
    if rule_id in ENUM_RULES and len(wrong) == 1:
        return {allowed: lambda message: all(value in message for value in wrong[0])}
    if rule_id in TIME_RULES:
        found: dict[str, Callable[[str], bool]] = {
            allowed: lambda message: "second" in message or "digit" in message
        }
        times = [given[name] for name in TIMES if name in given and not DIGITS.fullmatch(given[name])]
        if times and all(map(MILLISECONDS.fullmatch, times)):  # else the message may be about another one
            found["milliseconds-are-named"] = lambda message: "millisecond" in message
        return found
    return {}


ENUM_RULES: Final = ("granularity-is-documented", "aggregation-type-is-documented", "enum-exact-spelling")
TIME_RULES: Final = (
    "from-is-unix-seconds",
    "to-is-unix-seconds",
    "timestamp-fits-ten-digits",
    "timestamp-is-plain-digits",
)
