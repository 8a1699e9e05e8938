"""In what two requests differ that should get the same value: the rule that each difference is about."""

from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import PARAMETERS, REPEATABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin_checker.judging.oracle.facts import Answer

VIEW_DEFAULTS: Final = {
    "granularity": "granularity-defaults-to-daily",
    "aggregationType": "aggregation-type-defaults-to-month-to-date",
}
WINDOW_DEFAULTS: Final = {
    "from": "from-defaults-to-month-start",
    "to": "to-defaults-to-now",
}
DEFAULT_RULES: Final = frozenset((*VIEW_DEFAULTS.values(), *WINDOW_DEFAULTS.values()))


def differences(one: "Answer", other: "Answer") -> list[str]:
    """Name the rules by which two requests for the same bucket of the same filter should agree.

    An empty list means that they are the same request.
    """
    found = [rule for name, rule in VIEW_DEFAULTS.items() if _given(one, name) != _given(other, name)]
    if (one.query.from_s, one.query.to_s) != (other.query.from_s, other.query.to_s):
        found.append("bucket-independent-of-window")
    else:
        found += [rule for name, rule in WINDOW_DEFAULTS.items() if _given(one, name) != _given(other, name)]
    found.extend(_about_keys(one, other))
    if _common(one, other) != _common(other, one):
        found.append("parameter-order-is-irrelevant")
    if _undocumented(one) != _undocumented(other):
        found.append("undocumented-parameters-ignored")
    return found


def rule_for(found: "Sequence[str]") -> str:
    """Name the rule that two values of one closed bucket break, from what their requests differ in."""
    if len(found) > 1 and DEFAULT_RULES.issuperset(found):
        return "explicit-default-changes-nothing"
    return found[0] if found else "past-counts-are-fixed"


def _about_keys(one: "Answer", other: "Answer") -> list[str]:
    keys, others = one.exchange.ask.values(REPEATABLE), other.exchange.ask.values(REPEATABLE)
    if keys == others:
        return []
    if len(keys) != len(others):
        return ["repeated-project-key-is-irrelevant"]
    return ["project-key-order-is-irrelevant"]


def _given(answer: "Answer", name: str) -> bool:
    return bool(answer.exchange.ask.values(name))


def _common(one: "Answer", other: "Answer") -> list[str]:
    """Give the parameters of one request that the other one has too, in the order of the wire."""
    names = [name for name, _ in one.exchange.ask.parameters if name in PARAMETERS]
    given = {name for name, _ in other.exchange.ask.parameters}
    return list(dict.fromkeys(name for name in names if name in given))


def _undocumented(answer: "Answer") -> list[tuple[str, str]]:
    return [pair for pair in answer.exchange.ask.parameters if pair[0] not in PARAMETERS]
