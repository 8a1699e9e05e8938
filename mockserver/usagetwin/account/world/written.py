"""A world as the text of a file, which reads as the same world: for a twin that runs elsewhere."""

from json import dumps  # by name: a test may replace it for its own code
from typing import TYPE_CHECKING, Any, Final

from usagetwin.account.traffic import Event, GivenCounts, Traffic
from usagetwin.account.world.yaml_file import read_yaml
from usagetwin.days import iso, to_date
from usagetwin.errors import FileError, SettingError, quoted

if TYPE_CHECKING:
    from usagetwin.account.world.model import Project, World

REMEDY: Final = "a built-in world, a .yaml or .csv file, or counts such as {'web': {'2026-03-01': 5}}"


def written(world: "World") -> str:
    """Write a world as YAML. Raises SettingError for one that no file gives."""
    text = text_of(world)
    try:
        again = read_yaml(text, world.name)
    except FileError as error:
        problem = f"the world {quoted(world.name)} can't be written as a file: {error.problem}"
        raise SettingError(problem, REMEDY) from None
    if again != world:
        raise _not_of_a_file(world.name)
    return text


def text_of(world: "World") -> str:
    """Write all that is known of a world, without a look at whether that can be read. Raises SettingError."""
    document = {
        "name": world.name,
        "about": world.about,
        "seed": world.seed,
        "projects": [_project(project) for project in world.projects],
        "tokens": [{"token": token, "role": role.value} for token, role in world.tokens.items()],
        "policies": dict(world.policies),
    }
    if world.now is not None:
        document["now"] = iso(world.now)
    return dumps(document, ensure_ascii=False)  # which is YAML, too


def _project(project: "Project") -> dict[str, Any]:
    counts = project.counts
    described = {"key": project.key, "created": _date(project.created)}
    if isinstance(counts, GivenCounts):
        days = enumerate(counts.values, counts.first)
        return {**described, "counts": {_date(day): count for day, count in days}}
    if isinstance(counts, Traffic):
        return {**described, "traffic": _traffic(counts)}
    raise _not_of_a_file(project.key)


def _traffic(traffic: Traffic) -> dict[str, Any]:
    return {
        "level": traffic.level,
        "weekdays": list(traffic.weekdays),
        "growth": traffic.growth,
        "noise": traffic.noise,
        "events": [_event(event) for event in traffic.events],
    }


def _event(event: Event) -> dict[str, Any]:
    span = {"from": _date(event.first), "to": _date(event.last)}
    return {**span, "percent": event.percent, "why": event.why}


def _date(day: int) -> str:
    return str(to_date(day))


def _not_of_a_file(name: str) -> SettingError:
    problem = f"{quoted(name)} counts in a way that no file describes, so no other process can have it"
    return SettingError(problem, REMEDY)
