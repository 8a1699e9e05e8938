"""The command that asks for an answer again, to be pasted into a shell: curl, and jq for what matters.

Rule: no access token is ever written but the built-in one, which is no secret. Whatever a key or a base URL
holds, the shell sees words and nothing to run.
"""

import shlex
from typing import TYPE_CHECKING, Any, Final

from usagetwin_checker.exchanges import OK, OTHER, Credential

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.knowing.reading import Reading

FROM_ENVIRONMENT: Final = '-H "Authorization: ${USAGETWIN_TOKEN:?set it to your access token}"'
MOST_NAMED: Final = 3  # points that a filter names one by one
MOST_SHOWN: Final = 2  # points that are shown of a series where none is in question


def command(
    exchange: "Exchange", base_url: str, token: str | None, finding: "Finding", reading: "Reading"
) -> str:
    """Write the command for one exchange of a finding; `token` is the built-in one, where that was sent."""
    shown = filter_for(exchange, finding, reading)
    asked = curl(exchange.ask, base_url, token, head=shown is None)
    return asked if shown is None else f"{asked} | jq -c {shlex.quote(shown)}"


def curl(ask: "Ask", base_url: str, token: str | None, *, head: bool = False) -> str:
    """Write a request as a curl command; with `head` it shows status and headers too."""
    url = base_url + ask.target
    parts = ["curl -s"]
    if "[" in url:
        parts.append("-g")
    if ask.method == "HEAD":
        parts.append("-I")
    elif head:
        parts.append("-i")
    if ask.method not in ("GET", "HEAD") or ask.body:
        parts.append(f"-X {shlex.quote(ask.method)}")
    parts += _credential(ask.credential, token) if not ask.role else [_of_a_role(ask.role)]
    if ask.beta:
        parts.append("-H 'LD-API-Version: beta'")
    if ask.origin:
        parts.append(f"-H {shlex.quote(f'Origin: {ask.origin}')}")
    if ask.body:
        parts.append(f"-H 'Content-Type: application/json' --data-raw {shlex.quote(ask.body)}")
    return " ".join([*parts, shlex.quote(url)])


def _credential(credential: Credential, token: str | None) -> "list[str]":
    if credential is Credential.TOKEN:
        return [FROM_ENVIRONMENT if token is None else f"-H {shlex.quote(f'Authorization: {token}')}"]
    if credential is Credential.BLANK:
        return ["-H 'Authorization;'"]
    return [f"-H {shlex.quote(f'Authorization: {OTHER[credential]}')}"] if credential in OTHER else []


def _of_a_role(role: str) -> str:
    """Write the header with a token of another role, which is nobody's to write down."""
    name = f"USAGETWIN_{role.upper()}_TOKEN"
    return f'-H "Authorization: ${{{name}:?set it to a {role} token}}"'


def filter_for(exchange: "Exchange", finding: "Finding", reading: "Reading") -> str | None:
    """Give the filter that shows what matters of an answer; None where that is its status and its head."""
    points = _points(exchange)
    if points is None:
        return None
    if not finding.days:
        return f".series |= .[:{MOST_SHOWN}]" if len(points) > MOST_SHOWN else "."
    times = [point["time"] for point in points_in_question(exchange, finding, reading)]
    if not times:
        return "[.series[].time]"
    return f".series[] | select({_which(times)})"


def points_in_question(
    exchange: "Exchange", finding: "Finding", reading: "Reading"
) -> "list[dict[str, Any]]":
    """Give the points of an answer that a finding is about; none where its status or head says it."""
    if not finding.days:
        return []
    return [point for point in _points(exchange) or () if _is_meant(point, exchange, finding, reading)]


def _points(exchange: "Exchange") -> "list[dict[str, Any]] | None":
    if exchange.ask.method != "GET" or exchange.status != OK or not exchange.well_formed:
        return None
    points: list[dict[str, Any]] = exchange.document["series"]
    return points


def _is_meant(point: "dict[str, Any]", exchange: "Exchange", finding: "Finding", reading: "Reading") -> bool:
    """Tell whether a finding is about a point: about its bucket, or where it names none, about its days."""
    monthly = "monthly" in exchange.ask.values("granularity")
    bucket = reading.bucket(monthly=monthly)(int(point["time"]))
    if finding.shown:
        return any((exchange.number, bucket) == (each.number, each.bucket) for each in finding.shown)
    return finding.days is not None and finding.days[0] <= bucket <= finding.days[1]


def _which(times: "Sequence[int]") -> str:
    if len(times) <= MOST_NAMED:
        return " or ".join(f".time == {time}" for time in times)
    return f".time >= {min(times)} and .time <= {max(times)}"
