"""Texts as values: types of the core schema, and what is refused before it grows."""

from collections.abc import Callable

import pytest

from usagetwin.contract.siblings.values import from_json, from_yaml
from usagetwin.errors import ContractError


def test_yaml_has_the_types_of_its_core_schema() -> None:
    """A date and a yes are texts, as in JSON; what stands in quotes is one too."""
    text = "a: 1\nb: -1.5e3\nc: true\nd: ~\ne: 2024-01-01\nf: yes\ng: '1'\n200: [x, null]\n"

    found = from_yaml(text, "f.yaml")

    assert found == {
        "a": 1,
        "b": -1500.0,
        "c": True,
        "d": None,
        "e": "2024-01-01",
        "f": "yes",
        "g": "1",
        "200": ["x", None],
    }


def test_an_alias_stands_for_what_was_written_before() -> None:
    """The value itself, not a copy; it may stand in a list and in a mapping."""
    assert from_yaml("a: &x {b: 1}\nc: *x\nd: [*x]\n", "f.yaml") == {
        "a": {"b": 1},
        "c": {"b": 1},
        "d": [{"b": 1}],
    }


LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1", "f.yaml:2: this is not YAML"),
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3: 'a' stands twice in one mapping"),
        ("a: &x [*x]\n", "f.yaml:1: *x stands for what is not complete there"),
        ("a: *x\n", "f.yaml:1: *x stands for what is not complete there"),
        ("? [1]\n: 2\n", "f.yaml:1: a key is no text"),
        ("a: &x 1\n? *x\n: 2\n", "f.yaml:2: a key is no text"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: a second document begins"),
        (LAUGHS, "it has more than 2000000 values"),
        ("[" * 150_000, "f.yaml:1: is nested more than 100 deep"),
        ('"\\uZZZZ"', "f.yaml:1: this is not YAML"),
    ],
    ids=["cut", "twice", "cycle", "undefined", "key", "alias-key", "documents", "laughs", "deep", "escape"],
)
def test_yaml_that_is_none_or_grows_is_refused_with_its_line(text: str, problem: str) -> None:
    """Deep nesting ends where it is too deep: libyaml takes minutes for the whole of this one."""
    with pytest.raises(ContractError) as caught:
        from_yaml(text, "f.yaml")

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1,\n', "f.json:2: is no JSON"),
        ('{"a": 1, "b": 2, "a": 3}', "'a' stands twice in one object"),
        ('{"a": NaN}', "NaN is no JSON"),
        ("[" * 100_000, "is nested more than 100 deep"),
        ("[" * 101 + "]" * 101, "is nested more than 100 deep"),
        ('{"a":' * 101 + "1" + "}" * 101, "is nested more than 100 deep"),
    ],
    ids=["cut", "twice", "constant", "endless", "lists", "objects"],
)
def test_json_that_is_none_is_refused(text: str, problem: str) -> None:
    """With the line, where the parser knows it."""
    with pytest.raises(ContractError) as caught:
        from_json(text, "f.json")

    assert problem in str(caught.value)


@pytest.mark.parametrize("read", [from_yaml, from_json])
def test_a_hundred_levels_are_read(read: Callable[[str, str], object]) -> None:
    """The same of YAML as of JSON."""
    found: object = read("[" * 100 + "]" * 100, "f")

    for _ in range(99):
        assert isinstance(found, list)
        found = found[0]
    assert found == []
