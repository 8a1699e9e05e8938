"""Tests of the effective contract: what it asks of a query and an answer, and how it is printed."""

import json
import subprocess
import sys
from typing import Any

import pytest
import yaml
from openapi_schema_validator import OAS30Validator, OAS31Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from usagetwin.contract import FORMATS, VERSIONS, effective_contract, projected_contract, render
from usagetwin.errors import SettingError

PATH = "/api/v2/usage/observability/sessions"


def operation() -> dict[str, Any]:
    """Give the one operation."""
    found: dict[str, Any] = effective_contract()["paths"][PATH]["get"]
    return found


def parameter(name: str) -> dict[str, Any]:
    """Give one parameter."""
    (found,) = [each for each in operation()["parameters"] if each["name"] == name]
    return dict(found)


def accepts(name: str, value: object) -> bool:
    """Tell whether a parameter's schema accepts a value."""
    return bool(OAS31Validator(parameter(name)["schema"]).is_valid(value))


@pytest.mark.parametrize("openapi", VERSIONS)
@pytest.mark.parametrize("written", FORMATS)
def test_each_printed_form_is_valid_openapi(openapi: str, written: str) -> None:
    """The reference validator of each version accepts what is printed, as it is parsed again."""
    text = render(openapi, written)
    parsed = json.loads(text) if written == "json" else yaml.safe_load(text)

    (OpenAPIV30SpecValidator if openapi == "3.0" else OpenAPIV31SpecValidator)(parsed).validate()
    assert parsed == (projected_contract() if openapi == "3.0" else effective_contract())
    assert text.endswith("\n")


@pytest.mark.parametrize("openapi", VERSIONS)
def test_the_keys_stay_in_the_order_of_the_document(openapi: str) -> None:
    """A reader of the document finds his way in the printed contract."""
    assert list(json.loads(render(openapi, "json"))) == ["openapi", "info", "paths", "servers", "components"]
    assert list(yaml.safe_load(render(openapi, "yaml"))["paths"][PATH]["get"]["responses"])[:3] == [
        "200",
        "400",
        "401",
    ]


def test_yaml_has_no_aliases() -> None:
    """Every tool reads it, those without YAML anchors included."""
    assert "&id" not in render("3.1", "yaml")
    assert "*id" not in render("3.1", "yaml")


@pytest.mark.parametrize(
    ("openapi", "written", "problem"),
    [("3.2", "yaml", "'3.2'"), ("3.1", "toml", "'toml'"), ("2.0", "json", "'2.0'")],
)
def test_another_version_or_format_is_refused(openapi: str, written: str, problem: str) -> None:
    """The error lists what there is."""
    with pytest.raises(SettingError, match=problem):
        render(openapi, written)


def test_callers_get_copies() -> None:
    """Changing what one got changes nothing for the next."""
    effective_contract()["paths"].clear()
    projected_contract()["paths"][PATH].clear()

    assert "get" in effective_contract()["paths"][PATH]
    assert "get" in projected_contract()["paths"][PATH]


def test_the_projection_differs_in_its_version_alone() -> None:
    """The contract is written in what both versions say, so nothing is lost in 3.0."""
    assert {**projected_contract(), "openapi": "3.1.0"} == effective_contract()
    assert projected_contract()["openapi"] == "3.0.3"


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("value", ["0", "1735689600", "9999999999", "0000000000"])
def test_ten_digits_are_a_timestamp(name: str, value: str) -> None:
    """One to ten digits, leading zeros included."""
    assert accepts(name, value)


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    "value", ["", "-1", "+1", "1.0", "1e3", "0x1", " 1", "1 ", "1_0", "\u0661", "2025-01-01", "1" * 11]
)
def test_anything_else_is_no_timestamp(name: str, value: str) -> None:
    """Signs, fractions, exponents, hex, spaces, underscores, other digits, dates, eleven digits, nothing."""
    assert not accepts(name, value)


def test_enums_and_defaults_are_those_of_the_prose() -> None:
    """The values and defaults that the descriptions list are in the schemas, and nothing else is."""
    assert parameter("granularity")["schema"] == {
        "type": "string",
        "enum": ["daily", "monthly"],
        "default": "daily",
    }
    assert parameter("aggregationType")["schema"] == {
        "type": "string",
        "enum": ["month_to_date", "incremental", "rolling_30d"],
        "default": "month_to_date",
    }


def test_a_project_key_repeats_and_is_never_empty() -> None:
    """One query parameter per key."""
    found = parameter("projectKey")

    assert (found["style"], found["explode"], found["required"]) == ("form", True, False)
    assert accepts("projectKey", ["a", "b"])
    assert accepts("projectKey", ["a,b"])
    assert not accepts("projectKey", ["a", ""])
    assert not accepts("projectKey", "a")


def test_the_credential_is_a_security_requirement() -> None:
    """It is asked for by the scheme, and not by a header parameter beside it."""
    assert operation()["security"] == [{"ApiKey": []}]
    assert [each["name"] for each in operation()["parameters"]] == [
        "from",
        "to",
        "projectKey",
        "granularity",
        "aggregationType",
    ]


def test_all_statuses_are_described_as_json() -> None:
    """Those of the document, and 405 and 500; every error has a code and a message."""
    contract = effective_contract()
    responses = contract["paths"][PATH]["get"]["responses"]

    assert sorted(responses) == ["200", "400", "401", "403", "404", "405", "429", "500"]
    for status, response in responses.items():
        assert list(response["content"]) == ["application/json"]
        name = response["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        required = contract["components"]["schemas"][name]["required"]
        assert required == (["_links", "metadata", "series"] if status == "200" else ["code", "message"])


@pytest.mark.parametrize(
    ("data_point", "valid"),
    [
        ({"time": 1677888000000, "0": 11, "1": 15}, True),
        ({"time": 0, "0": 0}, True),
        ({"time": 1677888000000}, False),
        ({"0": 11, "1": 15}, False),
        ({"time": -1, "0": 1}, False),
        ({"time": 1, "0": -1}, False),
        ({"time": 1, "0": 1.5}, False),
        ({"time": 1.5, "0": 1}, False),
        ({"time": "1", "0": 1}, False),
        ({"time": 1, "0": None}, False),
        ([], False),
    ],
)
def test_a_data_point_has_a_time_and_counts(data_point: object, valid: bool) -> None:  # noqa: FBT001 -- a table
    """Both versions agree: a time, one key field or more, integers, nothing negative."""
    name = "SeriesTimeSliceRep"

    assert OAS31Validator(effective_contract()["components"]["schemas"][name]).is_valid(data_point) is valid
    assert OAS30Validator(projected_contract()["components"]["schemas"][name]).is_valid(data_point) is valid


def test_serving_reads_no_catalogue() -> None:
    """A server starts without the rules and the sentences, and importing the contract loads no library."""
    program = (
        "import sys, usagetwin.contract as contract\n"
        "assert not {'yaml', 'jsonpath_rfc9535'} & sys.modules.keys()\n"
        "contract.projected_contract()\n"
        "assert contract.rules.cache_info().currsize == contract.sentences.cache_info().currsize == 0\n"
    )

    subprocess.run([sys.executable, "-c", program], check=True)
