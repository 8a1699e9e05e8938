"""What the contract says of one request, before it is sent: one pure function gives every expectation.

Rule: no plan, strategy or test carries an expectation written by hand. Source: `SEMANTICS` 3 and 4.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from usagetwin.account.query import Query
from usagetwin.contract.operation import (
    DAILY,
    DOCUMENTED,
    METHODS,
    MONTH_TO_DATE,
    MONTHLY,
    PARAMETERS,
    REPEATABLE,
)
from usagetwin.days import SECONDS_PER_DAY, day_of, start_of
from usagetwin.request import refusal_of
from usagetwin_checker.exchanges import Credential

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Ask
    from usagetwin_checker.knowing.knowledge import Knowledge

WIDE_S: Final = 365 * SECONDS_PER_DAY
OK: Final = frozenset({200})
ROLES: Final = {  # of tokens that an account lists
    "revoked": (("revoked-token-unauthorized", frozenset({401})),),
    "forbidden": (("token-without-access-forbidden", frozenset({403})),),
    "throttled": (("rate-limited", frozenset({429})),),
}
BAD_REQUEST: Final = frozenset({400})


@dataclass(frozen=True, slots=True)
class Expectation:
    """The rules that decide a request's status, and what it asks where it is valid.

    Each rule comes with the statuses that keep it. `query` is None where the request is invalid or
    its meaning is not known. `keys` are those of the filter that are known to exist.
    """

    rules: tuple[tuple[str, frozenset[int]], ...]
    query: Query | None = None


def expect(ask: "Ask", knowledge: "Knowledge") -> Expectation:
    """Give what the contract says of a request to a target of which `knowledge` is known."""
    unrouted = _routing(ask)
    if unrouted is not None:
        return unrouted
    if ask.credential is not Credential.TOKEN:
        return _credential(ask)
    if ask.role or not ask.beta:
        return Expectation(ROLES.get(ask.role, ()))
    broken = broken_rules(ask)
    valid = _valid(ask, knowledge) if not broken else None
    found = valid or Expectation(tuple((rule, BAD_REQUEST) for rule in broken))
    return found if ask.method == "GET" else _as_head(found)


def _as_head(of_get: Expectation) -> Expectation:
    """Give the same expectation under the one rule about HEAD, of which the document says nothing."""
    return Expectation(tuple(("head-answers-as-get", statuses) for _, statuses in of_get.rules[:1]))


def broken_rules(ask: "Ask") -> tuple[str, ...]:
    """Name the rules that the parameters break, whatever the current time is."""
    broken = [rule for name, value in ask.parameters if (rule := _broken_by_value(name, value)) is not None]
    scalars = [name for name, _ in ask.parameters if name in PARAMETERS and name != REPEATABLE]
    if len(scalars) > len(set(scalars)):
        broken.append("scalar-parameters-once")
    if not broken:
        broken.extend(_broken_together(ask))
    return tuple(dict.fromkeys(broken))


def _broken_together(ask: "Ask") -> list[str]:
    broken = []
    views = ask.values("aggregationType") or (MONTH_TO_DATE,)
    if MONTHLY in ask.values("granularity") and views != (MONTH_TO_DATE,):
        broken.append("monthly-needs-month-to-date")
    starts, ends = ask.values("from"), ask.values("to")
    if starts and ends and int(starts[0]) > int(ends[0]):
        broken.append("window-not-inverted")
    return broken


@cache
def _broken_by_value(name: str, value: str) -> str | None:
    refusal = refusal_of(name, value)
    return None if refusal is None else refusal.rule


def _routing(ask: "Ask") -> Expectation | None:
    if ask.suffix:
        return Expectation((("unknown-path-not-found", frozenset({404})),))
    if ask.method not in METHODS:
        return Expectation((("method-not-allowed", frozenset({405})),))
    return None


def _credential(ask: "Ask") -> Expectation:
    """Give what is expected without the token; of another one nothing is known but that it is documented."""
    rule = {
        Credential.NONE: "credential-required",
        Credential.BLANK: "blank-credential-unauthorized",
        Credential.BEARER: "bearer-is-invalid-token",
    }.get(ask.credential)
    if rule is None:
        return Expectation((("status-is-documented", frozenset(DOCUMENTED)),))
    rules = (rule, "refusal-order") if broken_rules(ask) else (rule,)
    return Expectation(tuple((rule_id, frozenset({401})) for rule_id in rules))


def _valid(ask: "Ask", knowledge: "Knowledge") -> Expectation:
    window = _window(ask, knowledge)
    if window is None:
        return Expectation(())
    from_s, to_s = window
    if from_s > to_s:
        return Expectation((("window-checked-after-defaults", BAD_REQUEST),))
    query = Query(
        from_s,
        to_s,
        tuple(dict.fromkeys(ask.values(REPEATABLE))),
        *(ask.values("granularity") or (DAILY,)),
        *(ask.values("aggregationType") or (MONTH_TO_DATE,)),
    )
    unknown = set(query.project_keys) - knowledge.keys
    if unknown:
        rules = (
            (("unknown-project-not-found", frozenset({404})),) if knowledge.keys or knowledge.complete else ()
        )
        return Expectation(rules, query)
    return Expectation(((_answered(query, ask, knowledge), OK),), query)


def _window(ask: "Ask", knowledge: "Knowledge") -> tuple[int, int] | None:
    """Give the window, defaults filled in; None where a default decides something and is not certain."""
    start, end = ask.values("from"), ask.values("to")
    if start and end:
        return int(start[0]), int(end[0])
    now, default_from_s = knowledge.now, knowledge.default_from_s
    if now is None or default_from_s is None:
        return None
    from_s = int(start[0]) if start else default_from_s
    to_s = int(end[0]) if end else now.latest_s
    if not end and now.earliest_s <= from_s <= now.latest_s and not now.exact:
        return None
    return from_s, to_s


def _answered(query: Query, ask: "Ask", knowledge: "Knowledge") -> str:
    """Name the rule by which a valid query is answered with 200: the first that speaks of it."""
    now = knowledge.now
    keys = ask.values(REPEATABLE)
    reasons = (
        ("body-of-a-get-ignored", bool(ask.body)),
        ("empty-window-is-empty", query.from_s == query.to_s),
        ("future-window-is-answered", now is not None and query.to_s > now.latest_s),
        ("wide-window-is-answered", query.to_s - query.from_s >= WIDE_S),
        ("undocumented-parameters-ignored", any(name not in PARAMETERS for name, _ in ask.parameters)),
        ("future-window-is-answered", now is None or query.to_s > start_of(day_of(now.earliest_s))),
        ("repeated-project-key-is-irrelevant", len(keys) > len(query.project_keys)),
        ("project-key-repeats", len(keys) > 1),
    )
    return next((rule for rule, applies in reasons if applies), "documented-query-is-answered")
