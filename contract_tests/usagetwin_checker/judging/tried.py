"""Which rules the answers put to the test together, beside those that are counted where they are judged.

Rule: a rule was put to the test where some answer would have been a finding, had the target broken it.
Nothing is judged here.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import PARAMETERS, REPEATABLE
from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, next_month, start_of
from usagetwin_checker.exchanges import OK, Credential
from usagetwin_checker.judging.oracle.differences import VIEW_DEFAULTS
from usagetwin_checker.judging.oracle.filters import is_respelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from usagetwin_checker.judging.one_exchange import Alone
    from usagetwin_checker.judging.oracle.facts import Answer
    from usagetwin_checker.judging.tally import Tally
    from usagetwin_checker.knowing.knowledge import Knowledge

    Way = Callable[[Answer], object]  # one way in which requests for the same may be written

UNAUTHORIZED: Final = 401


def note(
    looked_at: "Sequence[Alone]", answers: "Sequence[Answer]", knowledge: "Knowledge", tally: "Tally"
) -> None:
    """Count the exchanges that put each rule to the test."""
    for each in looked_at:
        for rule_id in _refused(each, knowledge):
            tally.add(rule_id, each.exchange)
    _token_in_its_header(looked_at, knowledge, tally)
    for answer in answers:
        for rule_id in (*_window(answer, knowledge), *_values(answer)):
            tally.add(rule_id, answer.exchange)
    for rule_id, numbers in _ways(answers):
        tally.add_all(rule_id, numbers)
    _unborn(answers, knowledge, tally)


def _refused(each: "Alone", knowledge: "Knowledge") -> "Iterator[str]":
    """Name the rules about keys that a refusal keeps: what is refused brings back nothing."""
    query, status = each.expectation.query, each.exchange.status
    if query is None or each.exchange.failure is not None or status == OK:
        return
    unknown = set(query.project_keys) - knowledge.keys
    if unknown and knowledge.keys:
        respelled = any(is_respelled(key, knowledge.keys) for key in unknown)
        yield "project-key-is-exact" if respelled else "unknown-project-never-widens"


def _token_in_its_header(looked_at: "Iterable[Alone]", knowledge: "Knowledge", tally: "Tally") -> None:
    """Count the rules about the token: it is taken from its header where one without it is refused."""
    whole = [each.exchange for each in looked_at if each.exchange.failure is None]
    refused = [
        exchange
        for exchange in whole
        if exchange.ask.credential is Credential.NONE and exchange.status == UNAUTHORIZED
    ]
    for exchange in whole:
        ask = exchange.ask
        if exchange.status == OK and ask.credential is Credential.TOKEN and not ask.role:
            if refused:
                tally.add("credential-in-authorization", exchange)
            if knowledge.unlisted:
                tally.add("unlisted-token-accepted", exchange)


def _window(answer: "Answer", knowledge: "Knowledge") -> "Iterator[str]":
    """Name the rules about the ends of a window that an answer had the chance to break."""
    query, given = answer.query, answer.exchange.ask.values
    if not answer.buckets or query.from_s >= query.to_s:
        return
    yield "every-bucket-is-kept"
    yield "days-are-utc"
    if not given("from"):
        yield "from-defaults-to-month-start"
    if not given("to"):
        yield "to-defaults-to-now"
    for rule_id, instant_s in (
        ("bucket-cut-by-from-is-present", query.from_s),
        ("bucket-cut-by-to-is-present", query.to_s),
    ):
        start, end = _bucket(day_of(instant_s), monthly=answer.monthly)
        if start_of(start) < instant_s < start_of(end) and start in answer.buckets:
            yield rule_id
    if knowledge.now is None:
        return
    start, _ = _bucket(day_of(query.to_s), monthly=answer.monthly)
    if given("to") and start_of(start) == query.to_s <= knowledge.now.earliest_s:
        yield "bucket-starting-at-to-is-absent"
    if query.to_s > knowledge.now.latest_s + SECONDS_PER_DAY:
        yield "no-bucket-after-now"


def _bucket(day: int, *, monthly: bool) -> tuple[int, int]:
    return (first_of_month(day), next_month(day)) if monthly else (day, day + 1)


def _values(answer: "Answer") -> "Iterator[str]":
    if any(fact.closed and fact.value == 0 for fact in answer.facts):
        yield "zero-buckets-are-present"


def _given(name: str) -> "Way":
    return lambda answer: bool(answer.exchange.ask.values(name))


def _order(answer: "Answer") -> object:
    return tuple(dict.fromkeys(name for name, _ in answer.exchange.ask.parameters if name in PARAMETERS))


def _keys(answer: "Answer") -> "tuple[str, ...]":
    return answer.exchange.ask.values(REPEATABLE)


DEFAULT: Final = "explicit-default-changes-nothing"
WAYS: "Final[dict[str, Way]]" = {
    **{rule_id: _given(name) for name, rule_id in VIEW_DEFAULTS.items()},
    "from-defaults-to-month-start": _given("from"),
    "to-defaults-to-now": _given("to"),
    "project-key-order-is-irrelevant": _keys,
    "repeated-project-key-is-irrelevant": lambda answer: len(_keys(answer)),
}


def _ways(answers: "Sequence[Answer]") -> "Iterator[tuple[str, set[int]]]":
    """Name the rules by which answers to one query agree whose requests differ in one way alone."""
    for rule_id, way in WAYS.items():
        others = [other for name, other in WAYS.items() if name != rule_id and not _overlap(name, rule_id)]
        numbers = _apart(answers, way, [_written_sorted, *others])
        if numbers:
            yield rule_id, numbers
            if rule_id in DEFAULTED:
                yield DEFAULT, numbers
    numbers = _apart(answers, _order, [_names, *WAYS.values()])
    if numbers:
        yield "parameter-order-is-irrelevant", numbers


DEFAULTED: Final = (*VIEW_DEFAULTS.values(), "from-defaults-to-month-start", "to-defaults-to-now")


def _overlap(one: str, other: str) -> bool:
    """Tell whether two ways can't differ apart: how often a key is given, and which keys are."""
    return "project-key" in one and "project-key" in other


def _written_sorted(answer: "Answer") -> object:
    """Give what a request has beside its query: nothing here depends on the order of its parameters."""
    return frozenset(name for name, _ in answer.exchange.ask.parameters if name not in PARAMETERS)


def _names(answer: "Answer") -> object:
    return frozenset(name for name, _ in answer.exchange.ask.parameters)


def _apart(answers: "Sequence[Answer]", way: "Way", others: "Sequence[Way]") -> set[int]:
    """Give the answers to one query, with buckets, whose requests differ in this way alone."""
    groups: dict[object, dict[object, set[int]]] = defaultdict(lambda: defaultdict(set))
    for answer in answers:
        if answer.buckets:
            query = answer.query
            same = (query.from_s, query.to_s, answer.keys, answer.view, *(other(answer) for other in others))
            groups[same][way(answer)].add(answer.exchange.number)
    split = [group for group in groups.values() if len(group) > 1]
    return {number for group in split for numbers in group.values() for number in numbers}


def _unborn(answers: "Sequence[Answer]", knowledge: "Knowledge", tally: "Tally") -> None:
    """Count the answers about a project that is yet to begin: the account has it, and no bucket shows."""
    shown = {key for answer in answers if answer.buckets for key in answer.keys if len(answer.keys) == 1}
    for answer in answers:
        if len(answer.keys) == 1 and answer.keys <= knowledge.keys - shown:
            tally.add("future-project-is-known", answer.exchange)
