"""The one operation of the contract: its path, methods, parameters, their listed values, and its statuses.

Rule: whoever names one of these names it by this module. They are constants, so that naming them reads no
file; a test holds them equal to the document and the overlay. A sibling has all of them but the path: it is
another `Operation`, and whoever answers or asks for it is handed that.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATH: Final = "/api/v2/usage/observability/sessions"
METHODS: Final = ("GET", "HEAD")  # the document has GET alone, and HEAD is answered as GET

PARAMETERS: Final = ("from", "to", "projectKey", "granularity", "aggregationType")
REPEATABLE: Final = "projectKey"

DAILY: Final = "daily"
MONTHLY: Final = "monthly"
MONTH_TO_DATE: Final = "month_to_date"
INCREMENTAL: Final = "incremental"
ROLLING_30D: Final = "rolling_30d"
LISTED: "Final[Mapping[str, tuple[str, ...]]]" = {  # the values of a parameter that takes one of a few
    "granularity": (DAILY, MONTHLY),
    "aggregationType": (MONTH_TO_DATE, INCREMENTAL, ROLLING_30D),
}

DOCUMENTED: Final = frozenset({200, 400, 401, 403, 404, 429})  # the overlay adds 405 and 500


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that keeps the contract under a path of its own: its `operationId`, and what it counts."""

    id: str
    path: str
    counted: str


SESSIONS: Final = Operation("get-observability-sessions-usage", PATH, "observability sessions")
ONLY_SESSIONS: Final = (SESSIONS,)


def operation_of(contract: "Mapping[str, Any]") -> "Mapping[str, Any]":
    """Give the operation as a contract (vendored or effective, parsed) has it."""
    operation: Mapping[str, Any] = contract["paths"][PATH]["get"]
    return operation


def schemas_of(contract: "Mapping[str, Any]") -> dict[str, "Mapping[str, Any]"]:
    """Give the schema of each query parameter."""
    parameters = operation_of(contract)["parameters"]
    return {item["name"]: item["schema"] for item in parameters if item["in"] == "query"}


def before_path(url: str, path: str = PATH) -> tuple[str, str]:
    """Give what stands before an endpoint's path in a URL, and how much of that path was at its end.

    That is the whole path, or its beginning: `/api` too. A base path that ends so is given with all of it.
    """
    scheme, found, rest = url.rstrip("/").partition("://")
    host, _, after = rest.partition("/")
    for part in _beginnings(path):
        if found and f"/{after}".endswith(part):
            return f"{scheme}://{host}/{after}".removesuffix(part), part
    return url, ""


def _beginnings(path: str) -> "Iterator[str]":
    """Give a path, and what is left of it without its last segments."""
    while path:
        yield path
        path = path.rpartition("/")[0]
