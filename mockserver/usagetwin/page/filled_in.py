"""What a form that was filled in becomes: the body of a request to the control API.

Rule: nothing is checked here. What reads as a number is one, what is empty was not said, and all else goes as
it is, so that the control API says in its own words what is wrong.
"""

from json import loads
from typing import TYPE_CHECKING, Any, Final

from usagetwin.policies import POLICIES
from usagetwin.stage.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Given = Mapping[str, str]

UNITS: Final = ("weeks", "days", "hours", "minutes", "seconds")
DETAILS: Final = tuple(dict.fromkeys(name for kind in KINDS.values() for name in kind.details))


def numbered(text: str) -> Any:  # noqa: ANN401 -- a number, or the text
    """Read a text as a JSON number if it is one."""
    try:
        value = loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text


def only(*names: str) -> "Callable[[Given], dict[str, Any]]":
    """Give the body of the fields that were filled in, as texts."""
    return lambda given: {name: given[name] for name in names if given.get(name, "")}


def always(body: object) -> "Callable[[Given], Any]":
    """Give the same body whatever is given."""
    return lambda _given: body


def of_units(given: "Given") -> dict[str, Any]:
    """Give the lengths of time that were filled in."""
    return {name: numbered(given[name]) for name in UNITS if given.get(name, "").strip()}


def of_upload(given: "Given") -> dict[str, Any]:
    """Give a world of somebody's own, by the form that it is written in."""
    form, text = given.get("form", ""), given.get("world_text", "")
    return {form: as_json(text) if form == "counts" else text}


def of_policies(given: "Given") -> dict[str, Any]:
    """Give the profile and the policies that were chosen."""
    chosen = {name: given[f"policy-{name}"] for name in POLICIES if given.get(f"policy-{name}", "").strip()}
    return {**only("profile")(given), **({"policies": chosen} if chosen else {})}


def of_fault(given: "Given") -> dict[str, Any]:
    """Give a fault with what it takes, and the requests that it is for."""
    numbers = {
        name: numbered(given[name]) for name in ("times", "chance", "seed") if given.get(name, "").strip()
    }
    details = {name: numbered(given[name]) for name in DETAILS if given.get(name, "").strip()}
    when = dict(_parameter(lines) for lines in _by_name(given.get("when", "")))
    return {
        "name": numbered(given.get("name", "").strip()),
        **numbers,
        **only("named")(given),
        **({"details": details} if details else {}),
        **({"when": when} if when else {}),
    }


def _by_name(text: str) -> "Iterable[tuple[str, list[str | None]]]":
    """Read a line for each parameter: NAME=VALUE, or NAME alone for one that a request must not have."""
    found: dict[str, list[str | None]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, has_value, value = line.partition("=")
        found.setdefault(name.strip(), []).append(value if has_value else None)
    return found.items()


def _parameter(lines: "tuple[str, list[str | None]]") -> "tuple[str, Any]":
    name, values = lines
    return name, values[0] if len(values) == 1 else values


def of_play(given: "Given") -> dict[str, Any]:
    """Give what is said of a play that is made."""
    wait = given.get("longest_wait", "").strip()
    body = only("name", "world", "now", "profile")(given)
    return {**body, **({"longest_wait": numbered(wait)} if wait else {})}


def of_list(given: "Given") -> dict[str, Any]:
    """Give the ids of rules."""
    return {"allow": given.get("allow", "").split()}


def as_json(text: str) -> Any:  # noqa: ANN401 -- whatever it says
    """Read a text as JSON if it is some."""
    try:
        return loads(text)
    except (ValueError, RecursionError):
        return text
