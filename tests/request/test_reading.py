"""The one way in: a raw query string becomes a query, or the refusal of what is wrong first."""

from __future__ import annotations

from random import Random
from typing import Final
from urllib.parse import parse_qsl

import pytest

from tests.request.generated_queries import query_string
from usagetwin.account.query import Query
from usagetwin.errors import Refusal
from usagetwin.request import read, refusal_of

NOW_S: Final = 1_771_588_800  # 2026-02-20T12:00:00Z
FEBRUARY_S: Final = 1_769_904_000  # 2026-02-01T00:00:00Z
OF_ALL: Final = {  # what is wrong with a query as a whole, whatever its values are
    "scalar-parameters-once",
    "monthly-needs-month-to-date",
    "window-not-inverted",
}


def test_a_query_has_its_defaults() -> None:
    """From the first of the month to the current time, all projects, daily, month to date."""
    assert read(b"", NOW_S) == Query(FEBRUARY_S, NOW_S, (), "daily", "month_to_date")


def test_each_parameter_finds_its_place() -> None:
    """Project keys once each, in order of first appearance; what the contract does not name is left out."""
    asked = b"projectKey=b&to=9&page=2&aggregationType=incremental&from=7&projectKey=a&projectKey=b"

    assert read(asked, NOW_S) == Query(7, 9, ("b", "a"), "daily", "incremental")


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"from=9&to=7&granularity=x&granularity=x", "scalar-parameters-once"),
        (b"granularity=x&to=x&from=9", "to-is-unix-seconds"),
        (b"from=9&to=7&granularity=monthly&aggregationType=incremental", "monthly-needs-month-to-date"),
        (b"from=9&to=7", "window-not-inverted"),
    ],
)
def test_what_is_wrong_first_is_refused(raw: bytes, rule: str) -> None:
    """A parameter given twice, then a value in the contract's order, then what lies between two."""
    with pytest.raises(Refusal) as caught:
        read(raw, NOW_S)

    assert (caught.value.status, caught.value.rule) == (400, rule)


@pytest.mark.parametrize("name", ["limit", "projectKey[]", "From"])
def test_another_parameter_is_never_refused(name: str) -> None:
    """The contract says nothing of its value."""
    assert refusal_of(name, "x") is None


def test_one_value_by_itself_is_refused_as_in_its_query() -> None:
    """Drawn queries that are refused for a value have one that is refused alone, in the same words."""
    random = Random(3)  # noqa: S311 -- test cases, not secrets
    refused_for_a_value = 0
    for _ in range(300):
        raw = query_string(random)
        pairs = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)
        alone = [str(refusal) for pair in pairs if (refusal := refusal_of(*pair)) is not None]
        refusal = _refusal_of_all(raw)
        if refusal is None:
            assert alone == [], raw
        elif refusal.rule not in OF_ALL:
            refused_for_a_value += 1
            assert str(refusal) in alone, raw

    assert refused_for_a_value > 50


def _refusal_of_all(raw: bytes) -> Refusal | None:
    try:
        read(raw, NOW_S)
    except Refusal as refusal:
        return refusal
    return None
