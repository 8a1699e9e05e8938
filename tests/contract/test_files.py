"""Tests of reading the contract's YAML."""

import pytest

from usagetwin.contract.files import parsed
from usagetwin.errors import ContractError


def test_values_keep_their_types() -> None:
    """Strings that look like numbers stay strings when quoted; plain ones become what YAML says."""
    text = "a: '405'\nb: 405\nc: true\nd: null\ne: [x, {f: y}]\n"

    assert parsed(text, "some.yaml") == {"a": "405", "b": 405, "c": True, "d": None, "e": ["x", {"f": "y"}]}


def test_an_empty_file_is_none() -> None:
    """A file of comments alone holds nothing."""
    assert parsed("# nothing\n", "some.yaml") is None


def test_a_key_given_twice_is_refused_with_its_line() -> None:
    """YAML readers keep the last of two equal keys in silence; this one names file and line."""
    with pytest.raises(ContractError, match=r"some\.yaml:3: 'a' stands twice"):
        parsed("a: 1\nb: 2\na: 3\n", "some.yaml")


def test_broken_yaml_is_refused_by_file() -> None:
    """A syntax error names the file instead of escaping as the library's error."""
    with pytest.raises(ContractError, match=r"some\.yaml: is no YAML"):
        parsed("a: [1", "some.yaml")
