"""The file that a user brings: what is read, and what is refused, in words that say what to bring."""

import json
import os
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.siblings import brought, written
from usagetwin.contract.siblings import read, siblings_of
from usagetwin.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path


def test_json_and_yaml_are_read_alike(tmp_path: "Path") -> None:
    """JSON is YAML as well, and its name decides; without a name for either, its first character."""
    text = json.dumps(brought())
    for name in ("openapi.json", "openapi.yaml", "openapi", "openapi.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")

        assert read(str(tmp_path / name)) == brought()


def test_yaml_that_is_written_as_such_has_the_same_operations(tmp_path: "Path") -> None:
    """With the aliases of an emitter for what it was given twice, and keys that look like numbers."""
    text = yaml.safe_dump(brought(), sort_keys=False).replace("'200':", "200:")
    (tmp_path / "openapi.yaml").write_text(text, encoding="utf-8")

    assert siblings_of(read(str(tmp_path / "openapi.yaml"))) == siblings_of(brought())


def test_a_byte_order_mark_is_no_part_of_it(tmp_path: "Path") -> None:
    """As editors of Windows write one."""
    (tmp_path / "o.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(brought()).encode())

    assert read(str(tmp_path / "o.json")) == brought()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"[1]", "is no object, but a list"),
        (b"just words", "is no object, but the value 'just words'"),
        (b'{"a": 1}', "is no OpenAPI document: it has no `openapi`"),
        (b'{"swagger": "2.0", "paths": {}}', "is Swagger '2.0'"),
        (b'{"openapi": "3.2.0", "paths": {}}', "is OpenAPI '3.2.0'"),
        (b'{"openapi": 3, "paths": {}}', "is OpenAPI '3'"),
        (b'{"openapi": "3.0.3"}', "has no paths"),
        (b'{"openapi": "3.0.3", "paths": []}', "has no paths"),
        (b"openapi: \xff", "is no UTF-8: byte 9 is 0xff"),
    ],
)
def test_what_is_no_such_document_is_refused_by_its_name(
    content: bytes, problem: str, tmp_path: "Path"
) -> None:
    """With what to bring."""
    (tmp_path / "mine").write_bytes(content)

    with pytest.raises(ContractError) as caught:
        read(str(tmp_path / "mine"))

    assert f"mine: {problem}" in str(caught.value)
    assert "\n  try   " in str(caught.value)


def test_a_file_of_100_mib_is_refused_before_it_is_read(tmp_path: "Path") -> None:
    """Its size is known without a byte of it."""
    file = tmp_path / "huge.json"
    with file.open("wb") as opened:
        opened.truncate(100 << 20)

    with pytest.raises(ContractError, match="has 100 MiB, and a document has 16 at most"):
        read(str(file))


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: "Path") -> None:
    """A pipe that nobody writes to would never end."""
    os.mkfifo(tmp_path / "pipe")

    for name, problem in (("pipe", "is no regular file"), (".", "is a folder"), ("none", "can't be read")):
        with pytest.raises(ContractError, match=problem):
            read(str(tmp_path / name))
    with pytest.raises(ContractError, match="can't be read"):
        read("a\0b")


def test_a_document_is_read_once(tmp_path: "Path") -> None:
    """A check of several operations asks for it once for each."""
    file = written(tmp_path)

    assert read(file) is read(file)
