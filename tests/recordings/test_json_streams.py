"""Tests of JSON of any size and any malice: what is read of it, and how it ends."""

import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from usagetwin.recordings import json_streams
from usagetwin.recordings.entries import Head
from usagetwin.recordings.json_streams import ITEM, NotReadError, number, values

PLACE = ("log", "entries", ITEM)


def read(text: bytes, head: Head | None = None) -> list[Any]:
    """Read the values of the place."""
    return [value for _, value in values(BytesIO(text), {PLACE}, head or Head(), lambda _at, _value: None)]


def test_the_values_of_a_place_are_given_one_by_one() -> None:
    """Objects, lists and scalars alike; what is beside them is told of."""
    beside: list[Any] = []
    text = b'{"log": {"version": "1.2", "entries": [{"a": [{"b": 1}]}, [2], 3], "pages": [{"id": "x"}]}}'

    found = list(values(BytesIO(text), {PLACE}, Head(), lambda *told: beside.append(told)))

    assert found == [(PLACE, {"a": [{"b": 1}]}), (PLACE, [2]), (PLACE, 3)]
    assert beside == [(("log", "version"), "1.2"), (("log", "pages", ITEM, "id"), "x")]


def test_an_object_in_the_place_of_a_list_has_no_values() -> None:
    """Its fields are told of as what they are."""
    head = Head()

    assert read(b'{"log": {"entries": {"a": {"b": 1}}}}', head) == []
    assert not head.found


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_text_that_is_cut_off_gives_what_is_whole(cut: int) -> None:
    """And notes that it is cut; that is no error."""
    head = Head()

    assert read(b'{"log": {"entries": [{"a": 1}, {"a": "\xc3\xa4"}]}}'[:-cut], head) in (
        [{"a": 1}, {"a": "ä"}],
        [{"a": 1}],
    )
    assert head.cut
    assert head.found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"<html>", "it is no JSON"),
        (b'{"log": {"entries": [{"a": NaN}]}}', "it is no JSON"),
        (b'{"log": {"entries": [{"a": "\xff"}]}}', "it is no JSON"),
        (b'{"log": {"entries": [' + b"[" * 100_000, "nested more than 400 times"),
        (b'{"deep": ' + b'{"a":' * 100_000, "nested more than 400 times"),
        (b'{"log": {"entries": [' + b"9" * 100_000 + b"]}}", "a number of more than 2000 digits"),
        (b'{"log": {"entries": [1e' + b"9" * 100_000 + b"]}}", "a number of more than 2000 digits"),
        (b'{"log": {"entries": [1e' + b"9" * 30 + b"]}}", "a number of more than 2000 digits"),
    ],
)
def test_what_can_not_be_read_is_one_clear_error(text: bytes, said: str) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(NotReadError, match=said):
        read(text)


@pytest.mark.parametrize(
    "text", [b'{"log": {"entries": ["', b'{"log": {"entries": [[', b'{"x": "', b'{"x": ']
)
def test_a_value_without_end_is_not_read_to_its_end(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be it one text, one number, or an entry of many small ones."""
    monkeypatch.setattr(json_streams, "MOST_PIECE", 1 << 18)
    piece = {b"[": b"1,", b'"': b"1x"}.get(text[-1:], b"1")
    file = BytesIO(text + piece * (1 << 20))

    with pytest.raises(NotReadError, match=r"an entry of more than 0 MiB|a number of more than"):
        list(values(file, {PLACE}, Head(), lambda _at, _value: None))

    assert file.tell() < 1 << 19


def test_many_values_are_read_however_much_they_are_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is bounded is one of them."""
    monkeypatch.setattr(json_streams, "MOST_PIECE", 1 << 18)
    text = b'{"log": {"entries": [' + b",".join([b'"' + b"x" * 1000 + b'"'] * 1000) + b"]}}"

    assert len(read(text)) == 1000


def test_large_numbers_are_read() -> None:
    """Schemathesis draws them."""
    large = b"9" * 40

    assert read(b'{"log": {"entries": [' + large + b", -" + large + b", 1e400]}}") == [
        int(large),
        -int(large),
        Decimal("1e400"),
    ]


def test_a_number_without_end_is_found_wherever_it_is() -> None:
    """Between two pieces that are read, too."""
    for at in range(json_streams.PIECE - 5000, json_streams.PIECE, 500):
        with pytest.raises(NotReadError, match="more than 2000 digits"):
            read(b'{"log": {"entries": [' + b" " * at + b"9" * 5000)


def test_digits_in_a_text_are_no_number() -> None:
    """A check sends thousands. Quotes and backslashes do not hide where a text ends."""
    digits = "9" * 5000
    texts = [f"from={digits}", f'say "{digits}"', f'"\\{digits}', f"{digits}\\", digits]

    for at in range(json_streams.PIECE - 5010, json_streams.PIECE, 501):
        text = b'{"log": {"entries": [' + b" " * at + json.dumps(texts).encode()

        assert read(text + b"]}}") == [texts]
        with pytest.raises(NotReadError, match="more than 2000 digits"):
            read(text + b"," + digits.encode())


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    """Some programs on Windows begin a file with one."""
    assert read(b'\xef\xbb\xbf{"log": {"entries": [1]}}') == [1]


@pytest.mark.parametrize("value", [None, True, "1", 10**400, Decimal("1e400"), float("inf"), [1]])
def test_what_is_no_finite_number_is_none(value: object) -> None:
    """A recording may have anything in the place of one."""
    assert number(value) is None
