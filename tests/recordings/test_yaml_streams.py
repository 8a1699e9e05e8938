"""Tests of YAML of any size: the elements of one list, and what is small and would become large."""

from io import BytesIO
from typing import Any

import pytest

from usagetwin.recordings import json_streams
from usagetwin.recordings.entries import Head
from usagetwin.recordings.json_streams import NotReadError
from usagetwin.recordings.yaml_streams import elements


def read(text: str, head: Head | None = None) -> list[Any]:
    """Read the elements of the list `calls`."""
    return list(elements(BytesIO(text.encode()), {"calls"}, head or Head()))


def test_the_elements_of_the_list_are_given() -> None:
    """Plain values as the texts that they are; what is beside the list is not kept."""
    text = "other: [{calls: [1]}]\ncalls:\n- {a: 1, b: [~, '', x], c: {d: yes}}\n- two\nversion: 1\n"

    assert read(text) == [{"a": "1", "b": [None, "", "x"], "c": {"d": "yes"}}, "two"]


def test_bytes_are_bytes() -> None:
    """What can't be decoded is None."""
    assert read("calls: [!!binary 'e30=', !!binary 'x']") == [b"{}", None]


def test_what_is_used_again_is_the_same_value() -> None:
    """Across elements, too; what is not there is None."""
    first, second, third = read("calls: [{h: &x [1]}, {h: *x}, &y z]")

    assert first["h"] is second["h"]
    assert third == "z"


def test_a_bomb_of_aliases_stays_small() -> None:
    """Each value is there once, however often it is used."""
    lines = ["calls:", "- &a0 [x, x]"] + [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]

    found = read("\n".join(lines))

    assert len(found) == 40
    assert found[-1][0] is found[-2]


def test_a_bomb_of_nesting_is_refused() -> None:
    """Wherever it is."""
    for text in ("calls: " + "[" * 5000, "x: " + "[" * 5000):
        with pytest.raises(NotReadError, match="nested more than 400 times"):
            read(text)


def test_a_value_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """One text, or one element of many small ones."""
    monkeypatch.setattr(json_streams, "MOST_PIECE", 1 << 18)

    for text in ("calls: ['" + "x" * (1 << 20), "calls: [[" + "x," * (1 << 20)):
        with pytest.raises(NotReadError, match="an entry of more than"):
            read(text)


def test_many_elements_are_read_however_much_they_are_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is bounded is one of them."""
    monkeypatch.setattr(json_streams, "MOST_PIECE", 1 << 18)

    assert len(read("calls:\n" + f"- {'x' * 1000}\n" * 1000)) == 1000


def test_a_text_that_is_cut_off_gives_what_is_whole() -> None:
    """And notes it; what was never a list is none."""
    head = Head()

    assert read("calls:\n- a: 'x'\n- a: 'y", head) == [{"a": "x"}]
    assert head.cut
    with pytest.raises(NotReadError, match="it is neither JSON nor YAML"):
        read("x: 'y")


def test_what_is_no_yaml_is_refused() -> None:
    """With the reason."""
    with pytest.raises(NotReadError, match="it is neither JSON nor YAML: "):
        read("calls: [a]\nb: }\n" + "c: d\n" * 100_000)
