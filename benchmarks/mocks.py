"""Generic mocks before the checker: which rules of schema and prose it finds that they break.

Prism serves the document as it is published; Connexion serves the contract in its 3.0 form, without the
credential, for which it wants a function.
"""

import json
import sys
from typing import TYPE_CHECKING, Any, Final

from benchmarks import prisms, serving
from benchmarks.claims import Line
from benchmarks.finders import checker_report
from benchmarks.places import work_file
from usagetwin.contract import projected_contract
from usagetwin.data import openapi_folder

if TYPE_CHECKING:
    from pathlib import Path

CONNEXION: Final = "import sys; from connexion.cli import main; sys.exit(main())"


def generic_mocks() -> list[Line]:
    """Check each mock, with nothing said of it but its URL. Raises AbsentError."""
    document = openapi_folder() / "launchdarkly-usage.yaml"
    return [
        _line("Prism's mock of the vendored document", prisms.mock_of(document)),
        _line("Connexion's mock of the contract", connexion_mock(edited_contract())),
    ]


def edited_contract() -> "Path":
    """Write the contract as Connexion can mock it."""
    contract = projected_contract()
    del contract["components"]["securitySchemes"]
    for operation in (contract, *(each for path in contract["paths"].values() for each in path.values())):
        operation.pop("security", None)
    path = work_file("edited.json")
    path.write_text(json.dumps(contract), encoding="utf-8")
    return path


def connexion_mock(contract: "Path") -> list[str]:
    """Give the command that serves Connexion's mock of a document."""
    return [sys.executable, "-c", CONNEXION, "run", str(contract), "--mock", "all", "--port", "{port}"]


def broken(report: dict[str, Any]) -> list[str]:
    """Give the rules of schema and prose that a report of the checker calls broken."""
    return sorted(finding["rule"] for finding in report["findings"] if finding["severity"] == "failure")


def _line(name: str, command: list[str]) -> Line:
    with serving.serving(command, "generic-mock", token=None) as mock:
        report = checker_report(mock.url)
    rules = broken(report)
    note = f"the verdict is {report['verdict']}, after {report['requests']} requests: {', '.join(rules)}"
    return Line(claim=f"rules of schema and prose broken by {name}", value=len(rules), at_least=1, note=note)
