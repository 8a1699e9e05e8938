"""The mistakes that are planted in the example's client, and the rule of the contract that each breaks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

CLIENT: Final = "src/billing_report/client.py"
KEYS: Final = '"projectKey": list(projects),'


@dataclass(frozen=True, slots=True)
class Mistake:
    """What somebody might write: each text of the client that is replaced, and by what."""

    about: str
    rule: str
    replaced: tuple[tuple[str, str], ...]


class NoLongerFitsError(Exception):
    """A mistake whose text is not, or not once, in the client."""


MISTAKES: Final = (
    Mistake(
        "milliseconds instead of seconds",
        "timestamp-fits-ten-digits",
        (("str(int(moment.timestamp()))", "str(int(moment.timestamp() * 1000))"),),
    ),
    Mistake(
        "an instant as ISO 8601",
        "timestamp-is-plain-digits",
        (("str(int(moment.timestamp()))", "moment.isoformat()"),),
    ),
    Mistake(
        "the token after Bearer",
        "bearer-is-invalid-token",
        (('"Authorization": token', '"Authorization": f"Bearer {token}"'),),
    ),
    Mistake(
        "no token at all",
        "credential-required",
        (('"Authorization": token, ', ""),),
    ),
    Mistake(
        "no beta header",
        "beta-header-required",
        ((', "LD-API-Version": "beta"', ""),),
    ),
    Mistake(
        "months of the rolling view",
        "monthly-needs-month-to-date",
        (
            (
                'granularity="monthly", view="month_to_date"',
                'granularity="monthly", view="rolling_30d"',
            ),
        ),
    ),
    Mistake(
        "a name in another style",
        "undocumented-parameters-ignored",
        (('"aggregationType": view', '"aggregation_type": view'),),
    ),
    Mistake(
        "the granularity twice",
        "scalar-parameters-once",
        (('"granularity": granularity', '"granularity": [granularity, granularity]'),),
    ),
    Mistake(
        "project keys joined by commas",
        "project-key-is-exact",
        ((KEYS, '"projectKey": ",".join(projects) if projects else [],'),),
    ),
    Mistake(
        "an empty project key for all projects",
        "project-key-not-empty",
        ((KEYS, '"projectKey": list(projects) or [""],'),),
    ),
    Mistake(
        "both ends of the window exchanged",
        "window-not-inverted",
        (
            ('"from": _seconds(start)', '"from": _seconds(end)'),
            ('"to": _seconds(end)', '"to": _seconds(start)'),
        ),
    ),
    Mistake(
        "a slash at the end of the path",
        "unknown-path-not-found",
        (('observability/sessions"', 'observability/sessions/"'),),
    ),
    Mistake(
        "POST instead of GET",
        "method-not-allowed",
        (("self._http.get(PATH", "self._http.post(PATH"),),
    ),
)


def plant(mistake: Mistake, project: "Path") -> None:
    """Make a mistake in a copy of the example. Raises NoLongerFitsError."""
    client = project / CLIENT
    text = client.read_text(encoding="utf-8")
    for before, after in mistake.replaced:
        if text.count(before) != 1:
            message = f"{mistake.about}: {CLIENT} has {before!r} {text.count(before)} times, expected once"
            raise NoLongerFitsError(message)
        text = text.replace(before, after)
    client.write_text(text, encoding="utf-8")
