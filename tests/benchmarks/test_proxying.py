"""What counts as a disagreement between Prism and the twin."""

import pytest

from benchmarks.proxying import Reply, queries

REFUSED = b'{"type":"https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY","status":422}'
OBJECTION = b'{"type":"https://stoplight.io/prism/errors#VIOLATIONS","status":500}'
BAD = b'{"code":"invalid_request","message":"no (rule from-is-unix-seconds)"}'
INVERTED = b'{"code":"invalid_request","message":"no (rule window-not-inverted)"}'


def test_both_refusing_is_agreement() -> None:
    """Prism says it in its own words, the twin in its own."""
    assert not Reply("from=x", 422, REFUSED, 400, BAD).disagreement


def test_one_refusing_is_disagreement() -> None:
    """Whichever of the two it is."""
    assert Reply("from=x", 400, BAD, 400, BAD).disagreement
    assert Reply("", 422, REFUSED, 200, b"{}").disagreement


def test_a_violation_is_prisms_objection_to_an_answer() -> None:
    """Not its objection to a request."""
    assert Reply("", 500, OBJECTION, 200, b"{}").violation
    assert not Reply("from=x", 422, REFUSED, 400, BAD).violation


@pytest.mark.parametrize(
    ("query", "body", "beyond"),
    [("from=5&to=1", INVERTED, True), ("from=", BAD, True), ("from=x", BAD, False)],
)
def test_prism_cannot_know_rules_between_parameters_nor_refuse_empty_values(
    query: str,
    body: bytes,
    beyond: bool,  # noqa: FBT001 -- a column of the table above
) -> None:
    """Anything else that it lets pass is a difference to look into."""
    assert Reply(query, 400, body, 400, body).beyond_prism is beyond


def test_the_queries_are_many_and_differ() -> None:
    """Valid values with one another, and each bad value with valid ones."""
    asked = queries()

    assert len(set(asked)) == len(asked) > 400
