"""The causes that lie in answers: a status, a media type or a code that is wrong in the same way everywhere.

Rule: a table, which judges nothing. Such an answer is taken for the one that was due; a 200 that was due and
is not there says nothing else. What is refused for one reason has that reason in common, and nothing that is
answered has it.
"""

import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import DOCUMENTED, LISTED, PARAMETERS, REPEATABLE
from usagetwin_checker.exchanges import OK, Credential
from usagetwin_checker.judging.causes import Cause
from usagetwin_checker.judging.changes import WIDTHS, width_days
from usagetwin_checker.judging.expectation import broken_rules, expect
from usagetwin_checker.judging.refusals import CODES
from usagetwin_checker.knowing.reading import SMALLEST_MILLISECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge

JSON: Final = "application/json"
UNGUARDED: Final = "no-answer-without-credential"
FRACTION: Final = re.compile(rb"(:\s?-?[0-9]+)\.[0-9]+(?=[,}])")
MOST_TRAITS: Final = 3  # of the traits that all refused requests have, so many are tried


def wrong_answers(exchanges: "Sequence[Exchange]", knowledge: "Knowledge") -> "Iterator[Cause]":
    """Give the causes that some answers suggest."""
    yield from _statuses(exchanges, knowledge)
    yield from _media_types(exchanges)
    yield from _codes(exchanges)
    yield Cause("time-is-milliseconds", "time is in seconds", _in_milliseconds)
    yield Cause("values-are-integers", "values have fractions", _whole)


def _statuses(exchanges: "Sequence[Exchange]", knowledge: "Knowledge") -> "Iterator[Cause]":
    """Find statuses that are not due, by what the requests that got them have in common."""
    wrong: dict[str, list[tuple[Exchange, int, str]]] = defaultdict(list)
    right: dict[int, list[Exchange]] = defaultdict(list)
    undecided: dict[str, set[int]] = defaultdict(set)
    for exchange in exchanges:
        rules = () if exchange.failure is not None else expect(exchange.ask, knowledge).rules
        if rules and all(exchange.status in statuses for _, statuses in rules):
            right[exchange.status].append(exchange)
            if rules[0][1] == DOCUMENTED:
                undecided[f"is answered with {exchange.status}"].add(exchange.number)
        elif rules:
            rule_id, statuses = rules[0]
            unguarded = exchange.ask.credential is Credential.NONE and exchange.status == OK
            member = (exchange, min(statuses), UNGUARDED if unguarded else rule_id)
            wrong[f"is answered with {exchange.status}"].append(member)
            wrong[f"is not answered with {min(statuses)}"].append(member)
    for said, members in wrong.items():
        due = {exchange.number: status for exchange, status, _ in members}
        answered_well = [exchange for status in set(due.values()) for exchange in right[status]]
        undocumented = {exchange.status for exchange, _, _ in members}.isdisjoint(DOCUMENTED)
        traits = _common_traits([exchange for exchange, _, _ in members], answered_well)
        named = [rule_id for _, _, rule_id in members]
        rule_id = UNGUARDED if UNGUARDED in named else named[0]
        for trait in ("a request", *traits) if undocumented else traits:
            yield Cause(rule_id, f"{trait} {said}", _as_due(due, undecided[said], trait))


def _as_due(
    due: "dict[int, int]", undecided: "set[int]", trait: str
) -> "Callable[[Exchange], Exchange | None]":
    """Make a cause of the requests with a trait that are not answered with the status that is due.

    The `undecided` were answered so as well, where every status is right: they say nothing then.
    """

    def as_if(exchange: "Exchange") -> "Exchange | None":
        status = due.get(exchange.number)
        concerned = status is not None or exchange.number in undecided
        if not concerned or status == exchange.status or trait not in _traits(exchange.ask):
            return exchange
        if status is None:
            return None
        return None if status == OK else _refused(exchange, status)

    return as_if


def _common_traits(wrong: "Sequence[Exchange]", right: "Sequence[Exchange]") -> "Iterator[str]":
    """Give what most of the wrongly answered requests have, and few that are answered as was due."""
    have, well = (Counter(trait for each in some for trait in _traits(each.ask)) for some in (wrong, right))
    telling = [trait for trait, count in have.most_common() if well[trait] * 2 <= count]
    yield from telling[:MOST_TRAITS]


def _traits(ask: "Ask") -> "Iterator[str]":
    """Say what a request has."""
    yield "a request"
    for name, values in LISTED.items():
        for value in values:
            if ask.values(name) == (value,):
                yield f"{name}={value}"
    keys = ask.values(REPEATABLE)
    width = width_days(ask) or 0
    yield from (f"a window of more than {days} days" for days in WIDTHS if width > days)
    for applies, trait in (
        (ask.credential is Credential.NONE, "a request without a credential"),
        (
            ask.credential is Credential.NONE and bool(broken_rules(ask)),
            "an invalid one without a credential",
        ),
        (ask.credential is Credential.NONE and bool(keys), "one for projects without a credential"),
        (bool(ask.suffix), "another path"),
        (ask.method != "GET", ask.method),
        (len([name for name in LISTED if ask.values(name)]) == len(LISTED), "a view that is given whole"),
        (len(set(keys)) > 1, "a filter of several projects"),
        (len(set(keys)) < len(keys), "a repeated project key"),
        (ask.values("from") == ("0",), "from=0"),
        (any(not value for _, value in ask.parameters), "an empty value"),
        (any(name not in PARAMETERS for name, _ in ask.parameters), "an undocumented parameter"),
    ):
        if applies:
            yield trait
    for name in ("from", "to"):
        for value in ask.values(name):
            kind = _kind(value)
            if kind is not None:
                yield f"{kind} as a time"
                yield f"{kind} as `{name}`"


def _kind(value: str) -> str | None:
    """Say how a time is written that is not written in digits."""
    if value.isalpha():
        return "a word"
    return "digits with a tail" if value[:1].isdigit() and not value.isdigit() else None


def _refused(exchange: "Exchange", status: int) -> "Exchange":
    """Give the error that was due, with nothing wrong in it."""
    code = CODES.get(status, ("", "error"))[1]
    if exchange.ask.credential is Credential.BEARER:
        code = "invalid_token"
    said = " ".join(f"{name}={value!r}" for name, value in exchange.ask.parameters)
    allowed = " ".join(value for values in LISTED.values() for value in values)
    message = f"{said}: default current second digit millisecond {allowed}"
    body = json.dumps({"code": code, "message": message}).encode()
    headers = {**exchange.headers, "content-type": JSON, "allow": "GET, HEAD"}
    return replace(exchange, status=status, headers=headers, body=body)


def _media_types(exchanges: "Sequence[Exchange]") -> "Iterator[Cause]":
    strange = {
        (exchange.media_type, exchange.status)
        for exchange in exchanges
        if exchange.failure is None and exchange.media_type != JSON
    }
    for media_type in sorted({media_type for media_type, _ in strange}):
        said = f"answers are {media_type or 'without a content type'}"
        yield Cause("documented-answer-is-json", said, _as_json(media_type))


def _as_json(media_type: str) -> "Callable[[Exchange], Exchange | None]":
    def as_if(exchange: "Exchange") -> "Exchange | None":
        if exchange.failure is not None or exchange.media_type != media_type or media_type == JSON:
            return exchange
        if exchange.status != OK and exchange.status in DOCUMENTED | {405}:
            return _refused(exchange, exchange.status)
        return replace(exchange, headers={**exchange.headers, "content-type": JSON})

    return as_if


def _codes(exchanges: "Sequence[Exchange]") -> "Iterator[Cause]":
    """Find a code, and a message, that all errors of a status have."""
    for field in ("code", "message"):
        said: dict[int, set[str]] = defaultdict(set)
        for exchange in exchanges:
            if exchange.status in CODES and exchange.keeps_schema:
                said[exchange.status].add(exchange.document[field])
        for status, found in said.items():
            if len(found) == 1:
                rule_id = CODES[status][0] if field == "code" else "invalid-request-names-parameter"
                yield Cause(rule_id, f"the {field} of every {status} is the same", _with_due(status, field))


def _with_due(status: int, field: str) -> "Callable[[Exchange], Exchange | None]":
    """Make a cause of errors of a status, one field of which is as it should be."""

    def as_if(exchange: "Exchange") -> "Exchange | None":
        if exchange.status != status or not exchange.keeps_schema:
            return exchange
        due = _refused(exchange, status).document
        body = json.dumps({**exchange.document, field: due[field]}).encode()
        return replace(exchange, body=body)

    return as_if


def _in_milliseconds(exchange: "Exchange") -> "Exchange":
    """Give an answer whose labels are in seconds with labels in milliseconds."""
    if not exchange.well_formed:
        return exchange
    series = exchange.document["series"]
    if not series or not all(0 < point["time"] < SMALLEST_MILLISECONDS for point in series):
        return exchange
    points = [{**point, "time": point["time"] * 1000} for point in series]
    return replace(exchange, body=json.dumps({**exchange.document, "series": points}).encode())


def _whole(exchange: "Exchange") -> "Exchange":
    """Give an answer with fractions without them."""
    body = FRACTION.sub(rb"\1", exchange.body) if exchange.status == OK else exchange.body
    return exchange if body == exchange.body else replace(exchange, body=body)
