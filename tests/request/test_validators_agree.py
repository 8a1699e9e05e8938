"""The fast path and openapi-core reach one verdict, parsing included; where they differ is listed.

`docs/validators.md` has the same list in words, and a test here holds the two together.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote_to_bytes

import pytest
from openapi_core.validation.request.exceptions import ParameterValidationError

from tests.request.differences import DIFFERENCES, PLAIN, Difference, a_count, difference_of
from tests.request.generated_answers import answer
from tests.request.generated_queries import query_string
from usagetwin.contract import effective_contract
from usagetwin.contract.operation import PARAMETERS
from usagetwin.errors import Refusal
from usagetwin.request.parameters import parse
from usagetwin.request.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Callable

VALIDATOR: Final = Validator(effective_contract())
Case = TypeVar("Case")
DEFAULTS: Final = {"granularity": "daily", "aggregationType": "month_to_date"}
DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "validators.md"

CHECKED: Final = (500, 1_500)  # query strings, bodies
PROVEN: Final = (50_000, 60_000)


def reference_accepts(status: int, body: bytes) -> bool:
    """Give openapi-core's verdict on an answer."""
    return not VALIDATOR.reference.body_violations(status, body)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.name)
def test_a_listed_difference_is_as_listed(difference: Difference) -> None:
    """The fast path refuses every example, the reference accepts it, and its class is recognised."""
    for body in difference.examples:
        status = 404 if b'"code"' in body else 200

        assert difference_of(body) is difference
        assert not VALIDATOR.accepts_answer(status, body)
        assert reference_accepts(status, body) in {True, difference.reference_accepts or False}


def test_every_difference_is_documented() -> None:
    """`docs/validators.md` has a row for each class, and no other."""
    rows = [line.split("|")[1].strip() for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    listed = rows[1 : rows.index("query string")]

    assert listed == [difference.name for difference in DIFFERENCES]


@pytest.mark.parametrize(
    ("token", "accepted"),
    [
        ("0", True),
        ("-0", True),
        ("-0.0", True),
        ("1.0", True),
        ("1e3", True),
        ("10e-1", True),
        ("18446744073709551616", True),
        ("1e308", True),
        ("-1e-400", True),
        ("1.5", False),
        ("-1", False),
        ("true", False),
        ("null", False),
        ('"1"', False),
        ("NaN", False),
        ("1e400", False),
        ("01", False),
        ("1" * 4301, False),
    ],
)
def test_both_read_a_number_alike(token: str, accepted: bool) -> None:  # noqa: FBT001 -- a table's column
    """A number without a fraction is an integer however it is written, as JSON Schema says; no other is."""
    assert VALIDATOR.accepts_answer(200, a_count(token)) is accepted
    assert reference_accepts(200, a_count(token)) is accepted


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        PLAIN.encode()[:-1],
        PLAIN.encode() + b"x",
        b'{"code":"\xff","message":""}',
        b"\xff\xfe\x00",
    ],
)
def test_both_refuse_what_is_no_answer(body: bytes) -> None:
    """No body, no JSON or no object is refused under every documented status, and nothing raises."""
    for status in (200, 400, 401, 403, 404, 405, 429, 500):
        assert not VALIDATOR.accepts_answer(status, body)
        assert not reference_accepts(status, body)


def test_of_a_member_given_twice_the_last_counts() -> None:
    """Both parsers keep the last of two members of one name."""
    last_is_right = b'{"_links":[],"_links":{},"metadata":[{}],"series":[]}'
    last_is_wrong = b'{"_links":{},"_links":[],"metadata":[{}],"series":[]}'

    assert VALIDATOR.accepts_answer(200, last_is_right)
    assert reference_accepts(200, last_is_right)
    assert not VALIDATOR.accepts_answer(200, last_is_wrong)
    assert not reference_accepts(200, last_is_wrong)


def hold_body(status: int, body: bytes) -> bool:
    """Compare the verdicts on one answer, and return it; a listed difference is refused by the fast path."""
    fast = VALIDATOR.accepts_answer(status, body)
    if difference_of(body) is None:
        assert fast == reference_accepts(status, body), (status, body)
    else:
        assert not fast, (status, body)
        reference_accepts(status, body)  # must not raise
    return fast


def hold_query(raw: bytes) -> bool:
    """Compare the verdicts on one query string, and the values where it is valid; return whether it is."""
    try:
        values = VALIDATOR.parameters(raw)
    except Refusal as refusal:
        if refusal.status != 400 or (refusal.rule == "scalar-parameters-once" and not _has_scalar_twice(raw)):
            raise
        if refusal.rule != "scalar-parameters-once":
            _hold_refused(raw, refusal.message)
        return False
    try:
        reference = VALIDATOR.reference.parameters(raw)
    except ParameterValidationError as error:
        pytest.fail(f"the reference refuses {raw!r}, the fast path accepts it: {error}")
    if "\ufffd" in "".join(values.get("projectKey", ())):
        assert len(values["projectKey"]) == len(reference["projectKey"]), raw
        values, reference = _without_keys(values), _without_keys(reference)
    assert {**DEFAULTS, **values} == reference, raw
    return True


def _hold_refused(raw: bytes, message: str) -> None:
    """Hold the parameter that a refusal names to be the first that the reference refuses."""
    refused = VALIDATOR.reference.refused_parameters(raw)
    assert message.startswith(f"{refused[0]}="), (raw, message)


def _without_keys(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "projectKey"}


def _has_scalar_twice(raw: bytes) -> bool:
    names = [unquote_to_bytes(part.partition(b"=")[0].replace(b"+", b" ")) for part in raw.split(b"&")]
    return any(names.count(name.encode()) > 1 for name in PARAMETERS if name != "projectKey")


def distinct(draw: Callable[[Random], Case], random: Random, count: int) -> list[Case]:
    """Draw until there are as many different cases."""
    seen: dict[Case, None] = {}
    while len(seen) < count:
        seen[draw(random)] = None
    return list(seen)


def hold(seed: int, queries: int, bodies: int) -> None:
    """Compare as many query strings and bodies; a fair share of both must be valid, or it says little."""
    random = Random(seed)  # noqa: S311 -- test cases, not secrets
    valid_queries = sum(map(hold_query, distinct(query_string, random, queries)))
    valid_bodies = sum(hold_body(*drawn) for drawn in distinct(answer, random, bodies))

    assert 0.2 < valid_queries / queries < 0.8
    assert 0.2 < valid_bodies / bodies < 0.8


def test_the_validators_agree() -> None:
    """Verdicts and values are the same on generated query strings and bodies, listed differences apart."""
    hold(1, *CHECKED)


@pytest.mark.proof
def test_the_validators_agree_at_length() -> None:
    """The same on more than 100 000 of them."""
    hold(2, *PROVEN)


def test_a_scalar_given_twice_is_refused_before_either_validator() -> None:
    """openapi-core reads the first of two; SEMANTICS 3 refuses them, even equal ones, so parsing does."""
    for raw in (b"from=1&from=1", b"from=1&from=x", b"to=1&to=2", b"granularity=daily&granularity=daily"):
        with pytest.raises(Refusal, match="more than once") as caught:
            parse(raw)

        assert caught.value.rule == "scalar-parameters-once"
        assert VALIDATOR.reference.refused_parameters(raw) == []


def test_bytes_that_are_not_utf_8_become_replacement_characters() -> None:
    """Raw ones in both; percent-encoded ones stay encoded in the reference. Neither changes a verdict."""
    assert parse(b"projectKey=\xff") == {"projectKey": ["\ufffd"]}
    assert VALIDATOR.reference.parameters(b"projectKey=\xff")["projectKey"] == ["\ufffd"]
    assert parse(b"projectKey=%FF") == {"projectKey": ["\ufffd"]}
    assert VALIDATOR.reference.parameters(b"projectKey=%FF")["projectKey"] == ["%FF"]
    assert VALIDATOR.reference.refused_parameters(b"from=\xff&to=%FF") == ["from", "to"]
