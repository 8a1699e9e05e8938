"""The five parameters: split from the wire, and resolved to a query with its defaults.

Rule: what one value may be is the contract's to say (`validator` asks it); what this module alone
knows is the rules between parameters, and the defaults.
Source: `SEMANTICS` 3.
"""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from usagetwin.account.query import Query
from usagetwin.contract.operation import DAILY, MONTH_TO_DATE, MONTHLY, PARAMETERS, REPEATABLE
from usagetwin.days import day_of, first_of_month, iso, start_of
from usagetwin.errors import Refusal, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

Parameters = dict[str, "str | list[str]"]


def parse(query_string: bytes) -> Parameters:
    """Split a raw query string into the documented parameters: a list for `projectKey`, else a string.

    `+` is a space and percent-encoding is undone; what is not UTF-8 becomes U+FFFD. Undocumented
    parameters are left out. Raises Refusal when a parameter that takes one value has several.
    """
    scalars: dict[str, str] = {}
    keys: list[str] = []
    for name, value in parse_qsl(query_string.decode("utf-8", "replace"), keep_blank_values=True):
        if name == REPEATABLE:
            keys.append(value)
        elif name in scalars:
            raise _given_twice(name, scalars[name], value)
        elif name in PARAMETERS:
            scalars[name] = value
    return {**scalars, REPEATABLE: keys} if keys else {**scalars}


def resolve(parameters: "Mapping[str, str | list[str]]", now_s: int) -> Query:
    """Fill in the defaults that hold at `now_s`, and check the rules between parameters.

    `parameters` are valid one by one. Raises Refusal.
    """
    default_from_s = start_of(first_of_month(day_of(now_s)))
    query = Query(
        from_s=int(_scalar(parameters, "from", str(default_from_s))),
        to_s=int(_scalar(parameters, "to", str(now_s))),
        project_keys=tuple(dict.fromkeys(parameters.get(REPEATABLE, ()))),
        granularity=_scalar(parameters, "granularity", DAILY),
        aggregation_type=_scalar(parameters, "aggregationType", MONTH_TO_DATE),
    )
    if query.granularity == MONTHLY and query.aggregation_type != MONTH_TO_DATE:
        raise _monthly_needs_month_to_date(query)
    if query.from_s > query.to_s:
        raise _inverted(query, parameters)
    return query


def _scalar(parameters: "Mapping[str, str | list[str]]", name: str, default: str) -> str:
    value = parameters.get(name, default)
    return value if isinstance(value, str) else value[-1]


def bad_request(message: str, rule: str) -> Refusal:
    """Make the 400 that names the broken rule after its message."""
    return Refusal(400, "invalid_request", f"{message} (rule {rule})", rule)


def _given_twice(name: str, first: str, second: str) -> Refusal:
    return bad_request(
        f"{name} is given more than once, as {quoted(first)} and {quoted(second)}; it takes one value. "
        f"Send {name} once; only projectKey may be repeated.",
        "scalar-parameters-once",
    )


def _monthly_needs_month_to_date(query: Query) -> Refusal:
    return bad_request(
        f"granularity='monthly' does not go with aggregationType={query.aggregation_type!r}, which supports "
        f"daily only. Send granularity=daily, or aggregationType=month_to_date.",
        "monthly-needs-month-to-date",
    )


def _inverted(query: Query, parameters: "Mapping[str, str | list[str]]") -> Refusal:
    ends = [
        f"{name}={_scalar(parameters, name, str(instant_s))!r} ({iso(instant_s)}"
        + (")" if name in parameters else f", the default: {default})")
        for name, instant_s, default in (
            ("from", query.from_s, "the beginning of the current month"),
            ("to", query.to_s, "the current time"),
        )
    ]
    return bad_request(
        f"{ends[0]} lies after {ends[1]}; a window can't end before it starts. Send from <= to.",
        "window-not-inverted",
    )
