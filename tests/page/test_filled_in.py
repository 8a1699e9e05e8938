"""What a form that was filled in becomes."""

import pytest

from usagetwin.page.filled_in import (
    always,
    as_json,
    numbered,
    of_fault,
    of_list,
    of_play,
    of_policies,
    of_units,
    of_upload,
    only,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("", ""),
        ("two", "two"),
        ("true", "true"),
        ('"2"', '"2"'),
        ("[" * 9999, "[" * 9999),
    ],
)
def test_what_reads_as_a_number_is_one(text: str, value: object) -> None:
    """And all else stays as it is, for the control API to refuse."""
    assert numbered(text) == value
    assert type(numbered(text)) is type(value)


def test_what_is_empty_was_not_said() -> None:
    """Of units, of policies, and of a play that is made."""
    assert of_units({"days": "1", "hours": " ", "minutes": "x"}) == {"days": 1, "minutes": "x"}
    assert of_policies({"profile": "", "policy-beta": "required", "policy-cors": ""}) == {
        "policies": {"beta": "required"}
    }
    assert of_policies({"profile": "observed"}) == {"profile": "observed"}
    assert of_play({"name": "mine", "now": "", "longest_wait": "2.5"}) == {
        "name": "mine",
        "longest_wait": 2.5,
    }
    assert of_play({}) == {}
    assert only("token", "role")({"token": "", "role": "full", "else": "x"}) == {"role": "full"}
    assert always({"now": None})({"now": "x"}) == {"now": None}
    assert of_list({"allow": "a b\nc"}) == {"allow": ["a", "b", "c"]}


def test_a_world_goes_as_it_is_written() -> None:
    """Counts are JSON; what is none goes as text, and is refused as such."""
    assert of_upload({"form": "csv", "world_text": "date,project\n"}) == {"csv": "date,project\n"}
    assert of_upload({"form": "counts", "world_text": '{"web": {}}'}) == {"counts": {"web": {}}}
    assert of_upload({"form": "counts", "world_text": "{"}) == {"counts": "{"}
    assert as_json("[" * 9999) == "[" * 9999


def test_a_fault_has_what_it_takes_and_whom_it_is_for() -> None:
    """A line for each parameter: its value, several, or none that there may be."""
    given = {
        "name": "delay",
        "times": "3",
        "chance": "0.5",
        "seed": "",
        "seconds": "2",
        "named": "slow",
        "when": "projectKey=web\n projectKey=app\nfrom\ngranularity=\n",
    }

    assert of_fault(given) == {
        "name": "delay",
        "times": 3,
        "chance": 0.5,
        "named": "slow",
        "details": {"seconds": 2},
        "when": {"projectKey": ["web", "app"], "from": None, "granularity": ""},
    }
    assert of_fault({"name": " 503 "}) == {"name": 503}
