"""Which parameter is meant by a name that the contract does not have."""

import pytest

from usagetwin.contract.operation import PARAMETERS
from usagetwin.request.ignored import OTHER_WORDS, meant


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("FROM", "from"),
        ("fro", "from"),
        ("project_key", "projectKey"),
        ("projectKeys[]", "projectKey"),
        ("granularty", "granularity"),
        ("AggregationType", "aggregationType"),
        ("start_time", "from"),
        ("endDate", "to"),
        ("access_token", None),
        ("x", None),
        ("", None),
        ("from" * 1000, None),
    ],
)
def test_a_near_name_or_another_word_is_recognized(name: str, parameter: str | None) -> None:
    """By case, separators and brackets, by a typing error, or as another API calls it."""
    assert meant(name) == parameter


def test_every_other_word_leads_to_a_parameter() -> None:
    """And none is one already."""
    assert set(OTHER_WORDS.values()) <= set(PARAMETERS)
    assert not OTHER_WORDS.keys() & set(PARAMETERS)
