"""Which operations keep the contract, and how what differs is said."""

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from tests.siblings import ERRORS, IDS, KINDS, METRICS_ID, brought, parameter
from usagetwin.contract import effective_contract
from usagetwin.contract.document import document
from usagetwin.contract.siblings import siblings_of

if TYPE_CHECKING:
    from collections.abc import Callable


def differing(change: "Callable[[dict[str, Any], dict[str, Any]], object]") -> tuple[str, ...]:
    """Change the operation of errors in the document, and give what differs then."""
    root = brought()
    change(root["paths"][ERRORS]["get"], root)
    return next(each.differences for each in siblings_of(root) if each.operation.path == ERRORS)


def test_five_keep_the_contract_each_of_what_it_counts() -> None:
    """Under their own paths and ids; one of no such shape is not among them."""
    found = siblings_of(brought())

    fitting = [each.operation for each in found if not each.differences]
    assert {each.path: each.counted for each in fitting} == KINDS
    assert {each.path: each.id for each in fitting} == IDS
    assert len(found) == len(fitting) + 1


def test_one_like_metrics_differs_in_three_sentences() -> None:
    """`FACTS` 5: other granularities, and other views."""
    (metrics,) = (each for each in siblings_of(brought()) if each.operation.id == METRICS_ID)

    assert [difference.partition(" says ")[0] for difference in metrics.differences] == [
        "the operation",
        "its parameter granularity",
        "its parameter aggregationType",
    ]
    assert metrics.differences[2] == (
        "its parameter aggregationType says 'Valid values: `month_to_date`, `average`.', "
        "and the contract 'Valid values: `month_to_date`, `incremental`, `rolling_30d`.'"
    )


@pytest.mark.parametrize("root", [document(), effective_contract()], ids=["document", "effective"])
def test_the_contract_keeps_itself_in_both_of_its_forms(root: dict[str, Any]) -> None:
    """As LaunchDarkly publishes it, and as `usagetwin contract` prints it."""
    (sibling,) = siblings_of(root)

    assert sibling.differences == ()


def _resolved(get: dict[str, Any], root: dict[str, Any]) -> None:
    """Move what can be moved into components, parameters to the path, and write schemas as 3.1 does."""
    root["openapi"] = "3.1.0"
    shared = get["parameters"].pop(0)
    root["components"]["parameters"] = {"From": shared}
    root["paths"][ERRORS]["parameters"] = [{"$ref": "#/components/parameters/From"}]
    root["components"]["responses"] = {"Denied": get["responses"]["403"]}
    get["responses"]["403"] = {"$ref": "#/components/responses/Denied"}
    body = get["responses"]["200"]["content"]["application/json"]
    body["schema"] = {"allOf": [body["schema"]], "description": ""}
    parameter(get, "to")["schema"] = {"type": ["string"]}


def _spelled_out(get: dict[str, Any], _root: dict[str, Any]) -> None:
    """Say in schemas what the words say, as the overlay does."""
    parameter(get, "granularity")["schema"] = {
        "type": "string",
        "enum": ["monthly", "daily"],
        "default": "daily",
    }


def _unread(get: dict[str, Any], root: dict[str, Any]) -> None:
    """Change what nothing rests on: headings, tags, examples, extensions, formats that tell nothing."""
    get.update(summary="Errors!", tags=["x"], deprecated=True)
    get["x-beta"] = True
    parameter(get, "from").update(example="1")
    schemas = root["components"]["schemas"]
    schemas["SeriesTimeSliceRep"]["additionalProperties"]["format"] = "int64"
    schemas["SeriesListRep"]["required"].reverse()
    schemas["SeriesListRep"]["properties"]["_links"].update(nullable=False, minProperties=0)
    del schemas["InvalidRequestErrorRep"]["properties"]["code"]["description"]


@pytest.mark.parametrize("change", [_resolved, _spelled_out, _unread])
def test_what_says_the_same_in_another_way_keeps_the_contract(
    change: "Callable[[dict[str, Any], dict[str, Any]], None]",
) -> None:
    """References, both versions of OpenAPI, and words that no rule rests on."""
    assert differing(change) == ()


def _in_ms(get: dict[str, Any], _root: object) -> None:
    told = parameter(get, "from")
    told["description"] = told["description"].replace("seconds", "milliseconds")
    told["schema"] = {"type": "string"}


def _at_the_path(get: dict[str, Any], root: dict[str, Any]) -> None:
    item = next(each for each in root["paths"].values() if each.get("get") is get)
    item["description"] = "At the path."


def _beside(get: dict[str, Any], root: dict[str, Any]) -> None:
    root["components"]["responses"] = {"Usage": get["responses"]["200"]}
    get["responses"]["200"] = {"$ref": "#/components/responses/Usage", "description": "Beside it."}


def _in_all_of(get: dict[str, Any], _root: object) -> None:
    body = get["responses"]["200"]["content"]["application/json"]
    body["schema"] = {"allOf": [{**body["schema"], "description": "In one of one."}]}


def _at_most(get: dict[str, Any], _root: object) -> None:
    get["description"] += " The maximum time range is 365 days."


CHANGES: "dict[str, Callable[[dict[str, Any], dict[str, Any]], object]]" = {
    "its parameter from says 'The series of data returned starts from this timestamp (Unix milliseconds).', "
    "and the contract 'The series of data returned starts from this timestamp (Unix seconds).'": _in_ms,
    "the operation says 'The maximum time range is 365 days.', of which the contract knows nothing": _at_most,
    "the operation does not say 'Supports `daily` and `monthly` granularity.'": lambda get, _: get.update(
        description="Get time-series arrays of the number of observability errors."
    ),
    "the operation says 'At the path.', of which the contract knows nothing": _at_the_path,
    "its answer 200 says 'Beside it.', of which the contract knows nothing": _beside,
    "its answer 200 says 'In one of one.', of which the contract knows nothing": _in_all_of,
    "it also takes environmentKey": lambda get, _: get["parameters"].append(
        {"name": "environmentKey", "in": "query", "schema": {"type": "string"}}
    ),
    "its parameter from: has required true, and the contract has required false": lambda get, _: parameter(
        get, "from"
    ).update(required=True),
    'its parameter granularity: has enum ["daily"], and the contract has no enum': lambda get, _: parameter(
        get, "granularity"
    )["schema"].update(enum=["daily"]),
    "its parameter granularity defaults to 'monthly', and the contract to 'daily'": lambda get, _: parameter(
        get, "granularity"
    )["schema"].update(default="monthly"),
    "it has an answer 503, and the contract has none": lambda get, _: get["responses"].update(
        {"503": {"description": ""}}
    ),
    "it takes a body": lambda get, _: get.update(requestBody={}),
    "it has no answer 429": lambda get, _: get["responses"].pop("429"),
    "it is not authorized by the header Authorization": lambda get, _: get.update(security=[]),
    'its answer 200.series[].(additionalProperties): has type "number", and the contract has '
    'type "integer"': (
        lambda _, root: root["components"]["schemas"]["SeriesTimeSliceRep"].update(
            additionalProperties={"type": "number"}
        )
    ),
    "its answer 200: has a field page, and the contract has none": lambda _, root: root["components"][
        "schemas"
    ]["SeriesListRep"]["properties"].update(page={}),
    "its answer 200: has no field _links": lambda _, root: root["components"]["schemas"]["SeriesListRep"][
        "properties"
    ].pop("_links"),
    'its answer 400: has beside its $ref ["minProperties"], and the contract has no beside its $ref': (
        lambda get, _: get["responses"]["400"]["content"]["application/json"]["schema"].update(
            minProperties=3
        )
    ),
    "it refers to 'other.yaml#/x', which is not in the file, and nothing is fetched": lambda get, _: get[
        "responses"
    ].update({"200": {"$ref": "other.yaml#/x"}}),
    "it refers to 'http://127.0.0.1:1/x', which is not in the file, and nothing is fetched": lambda get, _: (
        get["parameters"].append({"$ref": "http://127.0.0.1:1/x"})
    ),
    "it refers to '#/components/schemas/None', which the document does not have": lambda get, _: get[
        "responses"
    ]["200"]["content"]["application/json"].update(schema={"$ref": "#/components/schemas/None"}),
    "it refers to '#/components/schemas/SeriesListRep' within itself, without end": lambda _, root: root[
        "components"
    ]["schemas"]["SeriesListRep"]["properties"].update(
        series={"type": "array", "items": {"$ref": "#/components/schemas/SeriesListRep"}}
    ),
    "it has '5' where an object belongs": lambda get, _: get["responses"].update({"200": 5}),
}


@pytest.mark.parametrize("said", CHANGES)
def test_each_difference_is_said_with_its_place(said: str) -> None:
    """What it has there, and what the contract has."""
    found = differing(CHANGES[said])

    assert said in found


def test_a_circle_of_references_ends() -> None:
    """Also one of references that lead to nothing but one another."""

    def change(get: dict[str, Any], root: dict[str, Any]) -> None:
        root["components"]["schemas"].update(
            A={"$ref": "#/components/schemas/B"}, B={"$ref": "#/components/schemas/A"}
        )
        get["responses"]["200"]["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/A"}

    assert differing(change) == ("it refers to '#/components/schemas/A' within itself, without end",)


def test_a_schema_without_measure_is_not_compared() -> None:
    """Each of thirty schemas has the next one twice, so that they are a thousand million."""

    def change(get: dict[str, Any], root: dict[str, Any]) -> None:
        for number in range(30):
            following = {"$ref": f"#/components/schemas/S{number + 1}"}
            root["components"]["schemas"][f"S{number}"] = {"properties": {"a": following, "b": following}}
        root["components"]["schemas"]["S30"] = {}
        get["responses"]["200"]["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/S0"}

    assert differing(change) == ("it is too large to be compared with the contract",)


def test_a_schema_that_is_nested_too_deeply_is_not_compared() -> None:
    """However deep a parser goes."""

    def change(get: dict[str, Any], _root: object) -> None:
        schema: dict[str, Any] = {}
        for _ in range(5_000):
            schema = {"items": schema}
        get["responses"]["200"]["content"]["application/json"]["schema"] = schema

    assert differing(change) == ("it is nested too deeply",)


def test_a_path_that_no_client_could_ask_by_itself_differs() -> None:
    """With parameters in it, or a slash at its end, or where a twin's own things are."""
    for path in ("/api/v2/usage/{source}", "/api/v2/usage/", "/__twin__/usage"):
        root = brought()
        root["paths"] = {path: deepcopy(root["paths"][ERRORS])}

        (sibling,) = siblings_of(root)

        assert sibling.differences[0].startswith("its path is not a plain one")
