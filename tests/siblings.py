"""A document as a user brings it, made from the vendored one: five operations that keep it, and others.

It is written as LaunchDarkly's full document is: OpenAPI 3.0.3, ids in camel case, the credential as a
security requirement of all operations, words repeated in schemas, examples.
"""

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.document import document
from usagetwin.contract.operation import PATH, Operation

if TYPE_CHECKING:
    from pathlib import Path

KINDS: Final = {  # what each counts, by its path
    PATH: "observability sessions",
    "/api/v2/usage/observability/errors": "observability errors",
    "/api/v2/usage/observability/logs": "observability logs",
    "/api/v2/usage/observability/traces": "observability traces",
    "/api/v2/usage/vega-ai": "Vega AI runs",
}
IDS: Final = {
    PATH: "getObservabilitySessionsUsage",
    "/api/v2/usage/observability/errors": "getObservabilityErrorsUsage",
    "/api/v2/usage/observability/logs": "getObservabilityLogsUsage",
    "/api/v2/usage/observability/traces": "getObservabilityTracesUsage",
    "/api/v2/usage/vega-ai": "getVegaAIUsage",
}
ERRORS: Final = "/api/v2/usage/observability/errors"
LOGS: Final = "/api/v2/usage/observability/logs"
METRICS: Final = "/api/v2/usage/observability/metrics"
METRICS_ID: Final = "getObservabilityMetricsUsage"


def operations(*paths: str) -> tuple[Operation, ...]:
    """Give the operations of these paths, or else of all that keep the contract, as a twin is handed them."""
    return tuple(Operation(IDS[path], path, KINDS[path]) for path in paths or KINDS)


def brought() -> dict[str, Any]:
    """Give the document: the five, one like `observability/metrics`, and one of no such shape."""
    root = document()
    own = root["paths"][PATH]["get"]
    root["openapi"] = "3.0.3"
    root["security"] = [{"ApiKey": ["read"]}]
    root["paths"] = {path: {"get": _sibling(own, IDS[path], counted)} for path, counted in KINDS.items()}
    root["paths"][METRICS] = {"get": _metrics(own)}
    root["paths"]["/api/v2/caller-identity"] = {
        "get": {"operationId": "getCallerIdentity", "responses": {"200": {"description": "Caller"}}}
    }
    return root


def parameter(operation: dict[str, Any], name: str) -> dict[str, Any]:
    """Give one parameter of an operation, to be changed."""
    found: dict[str, Any] = next(each for each in operation["parameters"] if each["name"] == name)
    return found


def written(folder: "Path", root: dict[str, Any] | None = None, name: str = "openapi.json") -> str:
    """Write a document, and give its path."""
    file = folder / name
    file.write_text(json.dumps(brought() if root is None else root, indent=2), encoding="utf-8")
    return str(file)


def _sibling(own: dict[str, Any], operation_id: str, counted: str) -> dict[str, Any]:
    get = deepcopy(own)
    get["operationId"] = operation_id
    get["summary"] = f"Get {counted} usage"
    get["description"] = get["description"].replace("observability sessions", counted)
    get["parameters"] = [each for each in get["parameters"] if each["in"] == "query"]
    for each in get["parameters"]:
        del each["required"]
        each["schema"]["description"] = each["description"]
    get["responses"]["429"]["content"]["application/json"]["example"] = {
        "code": "rate_limited",
        "message": "",
    }
    return get


def _metrics(own: dict[str, Any]) -> dict[str, Any]:
    get = _sibling(own, METRICS_ID, "observability metrics")
    get["description"] = (
        "Get time-series arrays of the number of observability metrics. "
        "Supports `hourly`, `daily`, and `monthly` granularity."
    )
    for name, words in {
        "granularity": "Specifies the data granularity. Defaults to `daily`. Valid values depend on "
        "`aggregationType`: **month_to_date** supports `hourly`, `daily`, and `monthly`; "
        "**average** supports `hourly`, `daily`, and `monthly`.",
        "aggregationType": "Specifies the aggregation method. Defaults to `month_to_date`.<br/>"
        "Valid values: `month_to_date`, `average`.",
    }.items():
        parameter(get, name)["description"] = words
        parameter(get, name)["schema"]["description"] = words
    return get
