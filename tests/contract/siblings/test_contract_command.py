"""The command `usagetwin contract` with a document of the user's."""

from typing import TYPE_CHECKING

import yaml
from click.testing import CliRunner, Result
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from tests.siblings import ERRORS, IDS, LOGS, METRICS_ID, brought, written
from usagetwin.commands.contract import contract
from usagetwin.contract import effective_contract
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    from pathlib import Path


def printed(*options: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["contract", *options])


def test_it_lists_what_fits_and_what_differs(tmp_path: "Path") -> None:
    """A line for each operation, and below it one for each difference."""
    lines = printed("--document", written(tmp_path)).output.splitlines()

    assert lines[1] == f"getObservabilityErrorsUsage  GET {ERRORS}  fits: observability errors"
    assert lines[5] == f"{METRICS_ID}  GET /api/v2/usage/observability/metrics  differs"
    assert lines[8].startswith(
        "  its parameter aggregationType says 'Valid values: `month_to_date`, `average`.'"
    )
    assert lines[9] == "5 of 6 operations with the contract's parameters keep the contract"


def test_it_says_where_nothing_looks_like_the_contract(tmp_path: "Path") -> None:
    """As of any other API's document."""
    root = brought()
    root["paths"] = {"/pets": {"get": {"responses": {}}}, "/cats": {"parameters": []}}

    result = printed("--document", written(tmp_path, root))

    assert (result.exit_code, result.output) == (0, "no operation has the contract's parameters\n")


def test_it_prints_the_contract_of_those_that_are_named(tmp_path: "Path") -> None:
    """In both versions of OpenAPI, valid, under their own paths, ids and words."""
    file = written(tmp_path)
    named = ("--document", file, "--operation", IDS[ERRORS], "--operation", LOGS)

    old = yaml.safe_load(printed(*named, "--openapi", "3.0").output)
    new = yaml.safe_load(printed(*named).output)

    OpenAPIV30SpecValidator(old).validate()
    OpenAPIV31SpecValidator(new).validate()
    assert list(old["paths"]) == list(new["paths"]) == [ERRORS, LOGS]
    assert new["paths"][ERRORS]["get"]["operationId"] == IDS[ERRORS]
    assert new["paths"][ERRORS]["get"]["description"].startswith(
        "Get time-series arrays of the number of observability errors."
    )
    assert new["components"] == effective_contract()["components"]


def test_the_contract_of_a_sibling_keeps_the_contract(tmp_path: "Path") -> None:
    """What is printed can be brought again."""
    own = printed("--document", written(tmp_path), "--operation", IDS[ERRORS]).output
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")

    assert "fits: observability errors" in printed("--document", str(tmp_path / "own.yaml")).output


def test_an_operation_that_differs_is_a_usage_error(tmp_path: "Path") -> None:
    """With what differs, and no traceback; so is a name without a document."""
    differing = printed("--document", written(tmp_path), "--operation", METRICS_ID)
    alone = printed("--operation", "x")

    assert differing.exit_code == alone.exit_code == 2
    assert "differs from the contract, so it can be neither served nor checked" in differing.output
    assert "--document FILE beside it" in alone.output


def test_without_a_document_it_is_the_vendored_contract() -> None:
    """As ever."""
    assert yaml.safe_load(printed().output) == effective_contract()
    assert contract.name == "contract"
