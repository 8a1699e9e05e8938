"""How a document becomes the bytes of a body: JSON without spaces, in UTF-8."""

import json
from typing import Final

import orjson

JSON_TYPE: Final = (b"content-type", b"application/json")


def encode(document: object) -> bytes:
    """Write a document of dicts, lists, strings and integers of any size as JSON."""
    try:
        return orjson.dumps(document)
    except TypeError:  # an integer of more than 64 bits, or a string that is no Unicode text
        return json.dumps(document, separators=(",", ":")).encode()
