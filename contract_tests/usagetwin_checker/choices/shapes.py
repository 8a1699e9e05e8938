"""How a 200 is written: the label of a total, metadata, links, further fields, numbers, spacing."""

import re
from typing import TYPE_CHECKING, Any, Final

from usagetwin_checker.asking.parameters import between
from usagetwin_checker.choices.choice import TWIN, Choice, only
from usagetwin_checker.exchanges import Ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from usagetwin_checker.choices.choice import Ways
    from usagetwin_checker.choices.seen import Seen, Series

    Shown = Callable[[Series], str | None]

TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')  # what is in it is no part of how the body is written
FRACTION: Final = re.compile(rb":\s*-?[0-9]+\.[0-9]")
SPACE: Final = re.compile(rb"\s")
FIELDS: Final = {"_links", "metadata", "series"}
OTHER: Final = "unlike any"  # no way has this name, so that none is left


def _each(shown: "Shown") -> "Callable[[Seen, Ways], Ways]":
    """Make a reading of what every series shows by itself; None says nothing."""

    def read(seen: "Seen", ways: "Ways") -> "Ways":
        for each in seen.raw:
            way = shown(each)
            if way is not None:
                ways = only(ways, way)
        return ways

    return read


def _key_field(each: "Series") -> str | None:
    names = {name for point in each.exchange.document["series"] for name in point if name != "time"}
    if len(names) != 1:
        return None
    return {"0": TWIN, "sessions": "key-field-is-sessions"}.get(names.pop(), OTHER)


def _metadata(each: "Series") -> str | None:
    if each.keys:
        return None
    return {0: "total-without-metadata", 1: TWIN}.get(len(each.exchange.document["metadata"]), OTHER)


def _fields(each: "Series") -> str | None:
    fields = set(each.exchange.document)
    if fields == FIELDS:
        return TWIN
    return "extra-fields" if fields - FIELDS == {"totalCount", "site"} else OTHER


def _links(each: "Series") -> str | None:
    links: dict[str, Any] = each.exchange.document["_links"]
    if not links:
        return "empty-links"
    own = links.get("self")
    if not isinstance(own, dict):
        return OTHER
    if "parent" in links:
        return "other-links"
    return TWIN if set(links) == {"self"} and own.get("type") == "application/json" else OTHER


def _numbers(each: "Series") -> str | None:
    if not each.labels:
        return None
    body = each.exchange.body
    has_some = FRACTION.search(body) and FRACTION.search(TEXT.sub(b'""', body))
    return "integers-with-point-zero" if has_some else TWIN


def _spacing(each: "Series") -> str | None:
    body = each.exchange.body
    if body.endswith(b"}\r\n") and body.startswith(b"{\n    "):
        return "spaced-json"
    if not SPACE.search(body) or not SPACE.search(TEXT.sub(b'""', body)):
        return TWIN
    return OTHER


def _usual(seen: "Seen") -> "Iterator[Ask]":
    today = int(seen.newest_s) // 86_400
    yield Ask(between(today - 9, today - 1))


SERIES: Final = "an answer with a bucket"
CHOICES: Final = (
    Choice("label of a total", ("key-field-is-sessions",), _each(_key_field), _usual, SERIES),
    Choice("metadata of a total", ("total-without-metadata",), _each(_metadata), _usual, SERIES),
    Choice("further fields", ("extra-fields",), _each(_fields), _usual, SERIES),
    Choice("links", ("empty-links", "other-links"), _each(_links), _usual, SERIES),
    Choice("numbers", ("integers-with-point-zero",), _each(_numbers), _usual, SERIES),
    Choice("spacing", ("spaced-json",), _each(_spacing), _usual, SERIES),
)
