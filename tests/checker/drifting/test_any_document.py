"""A document may hold anything: it is compared, or refused by what is wrong; none ends in a traceback."""

import json
from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from tests.checker.drifting.editions import TEXT, drift_of
from tests.project.checkout import ROOT
from usagetwin.errors import UsageTwinError
from usagetwin_checker.drifting.contract_patch import contract_patch

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT: Final = yaml.safe_load(TEXT)
VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    [],
    {},
    [[]],
    ["x", 1],
    5,
    ["x", 3, {}],
    {"x": 1},
    {"$ref": 5},
    {"$ref": "#/x"},
)
NAMES: Final = (
    *(
        "type",
        "enum",
        "required",
        "minimum",
        "maxLength",
        "pattern",
        "format",
        "nullable",
        "exclusiveMinimum",
    ),
    *("default", "items", "properties", "additionalProperties", "const", "allOf", "$ref", "description"),
    *("deprecated", "security", "servers", "parameters", "responses", "content", "schema", "headers", "in"),
)


def places(value: Any, place: tuple[Any, ...] = ()) -> "Iterator[tuple[Any, ...]]":  # noqa: ANN401 -- JSON
    """Give the keys that lead to each part."""
    if place:
        yield place
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*place, key))


def spoiled(random: Random) -> dict[str, Any]:
    """Give the document with one to three parts changed for anything, taken away, or added."""
    document: dict[str, Any] = deepcopy(DOCUMENT)
    for _ in range(random.randint(1, 3)):
        *way, last = random.choice(list(places(document)))
        part: Any = document
        for key in way:
            part = part[key]
        value = deepcopy(random.choice(VALUES))
        if isinstance(part[last], dict) and random.random() < 0.6:
            part[last][random.choice(NAMES)] = value
        elif random.random() < 0.2:
            del part[last]
        else:
            part[last] = value
    return document


@pytest.mark.parametrize("times", [25, pytest.param(1500, marks=pytest.mark.proof)])
def test_any_document_is_compared_or_refused(times: int) -> None:
    """As JSON and as YAML; most are compared."""
    compared = 0
    for seed in range(times):
        document = spoiled(Random(seed))  # noqa: S311 -- chance that can be had again
        try:
            drift = drift_of(json.dumps(document) if seed % 2 else yaml.safe_dump(document, sort_keys=False))
            contract_patch(drift, ROOT, "2027-01").diff()
            compared += 1
        except UsageTwinError:
            continue

    assert compared > times / 2
