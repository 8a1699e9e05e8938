"""What a world looks like as YAML: its keys, which of them it needs, and what their values may be."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.account.traffic import MAX_COUNT, MAX_SEED, Event, Traffic
from usagetwin.account.world import scalars
from usagetwin.account.world.given import DayTable
from usagetwin.account.world.model import MAX_DAY_COST, MAX_EVENTS, MAX_PROJECTS, Project, Role, World
from usagetwin.account.world.nodes import Node, compose, is_plain_word
from usagetwin.account.world.shape import fields, items, scalar, table
from usagetwin.clock import parse_instant
from usagetwin.days import to_date
from usagetwin.errors import SettingError, nearest, quoted
from usagetwin.policies import POLICIES

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALIKE: Final = (100, 100, 100, 100, 100, 100, 100)  # weekdays without a shape
_MOST_PERCENT: Final = 1_000_000
_MOST_GROWTH: Final = 100_000
_NUMBER: Final = "{n}"


def read_yaml(text: str, file: str) -> World:
    """Read a world from the text of a YAML file; raise `FileError` for whatever is wrong with it."""
    root = fields(
        compose(text, file),
        "the world",
        required=("name", "about", "projects"),
        optional=("seed", "now", "tokens", "policies"),
    )
    seed = _integer(root["seed"], "seed", high=MAX_SEED) if "seed" in root else 0
    return World(
        name=_sentence(root["name"], "name"),
        about=_sentence(root["about"], "about"),
        seed=seed,
        projects=_projects(root["projects"], seed, file),
        tokens=_tokens(root["tokens"]) if "tokens" in root else {},
        policies=_policies(root["policies"]) if "policies" in root else {},
        now=_instant(root["now"]) if "now" in root else None,
    )


def _projects(node: Node, seed: int, file: str) -> tuple[Project, ...]:
    found: dict[str, Project] = {}
    lines: dict[str, int | None] = {}
    cost = 0
    for entry in items(node, "projects"):
        for project in _entry(entry, seed, file):
            if project.key in found:
                first = lines[project.key]
                problem = f"the project key {quoted(project.key)} is there twice, first on line {first}"
                entry.place.refuse(problem, "each project once")
            found[project.key], lines[project.key] = project, entry.place.line
            cost += getattr(project.counts, "day_cost", 1)
        if len(found) > MAX_PROJECTS:
            entry.place.refuse(f"more than {MAX_PROJECTS} projects", f"at most {MAX_PROJECTS} projects")
        if cost > MAX_DAY_COST:
            problem = f"projects, with the events of each, are more than {MAX_DAY_COST} up to here"
            entry.place.refuse(
                problem, f"at most {MAX_DAY_COST} in all; a project that repeats counts each time"
            )
    if not found:
        node.place.refuse("projects is empty", "at least one project")
    return tuple(found.values())


def _entry(node: Node, seed: int, file: str) -> "Iterator[Project]":
    """Give the project that an entry of the list describes, or the projects when it repeats."""
    entry = fields(node, "a project", required=("key",), optional=("created", "repeat", "traffic", "counts"))
    if ("traffic" in entry) == ("counts" in entry):
        has = "both traffic and counts" if "traffic" in entry else "neither traffic nor counts"
        node.place.refuse(f"a project has {has}", "either traffic (generated) or counts (day by day)")
    keys = _keys(entry)
    return _generated(node, entry, seed, keys) if "traffic" in entry else _given(entry, file, keys)


def _keys(entry: dict[str, Node]) -> list[str]:
    """Give the keys of an entry: `repeat: 200` with `team-{n}` is team-001 to team-200."""
    written = scalar(entry["key"], "key")
    key = scalars.project_key(written.text, written.place)
    if "repeat" not in entry:
        return [key]
    repeat = _integer(entry["repeat"], "repeat", low=1, high=MAX_PROJECTS)
    if _NUMBER not in key:
        problem = f"a project repeats, but its key {quoted(key)} has no {_NUMBER} for the number"
        written.place.refuse(problem, f"a key such as team-{_NUMBER}")
    width = len(str(repeat))
    return [key.replace(_NUMBER, f"{number:0{width}}") for number in range(1, repeat + 1)]


def _generated(node: Node, entry: dict[str, Node], seed: int, keys: list[str]) -> "Iterator[Project]":
    if "created" not in entry:
        node.place.refuse("a project with traffic lacks 'created'", "created: 2024-01-15")
    created = _day(entry["created"], "created")
    traffic = _traffic(entry["traffic"], seed, created)
    return (Project(key=key, created=created, counts=replace(traffic, project=key)) for key in keys)


def _traffic(node: Node, seed: int, created: int) -> Traffic:
    """Read what all the projects of an entry share; each puts its own key in."""
    parts = fields(
        node,
        "traffic",
        required=("level",),
        optional=("weekdays", "growth", "noise", "events"),
    )
    return Traffic(
        seed=seed,
        project="",
        created=created,
        level=_integer(parts["level"], "level", high=MAX_COUNT),
        weekdays=_weekdays(parts["weekdays"]) if "weekdays" in parts else _ALIKE,
        growth=_growth(parts["growth"]) if "growth" in parts else 0,
        noise=_integer(parts["noise"], "noise", high=100) if "noise" in parts else 0,
        events=_events(parts["events"]) if "events" in parts else (),
    )


def _events(node: Node) -> tuple[Event, ...]:
    listed = items(node, "events")
    if len(listed) > MAX_EVENTS:
        problem = f"a project has {len(listed)} events"
        listed[MAX_EVENTS].place.refuse(
            problem, f"at most {MAX_EVENTS} events; counts day by day have no limit"
        )
    return tuple(map(_event, listed))


def _growth(node: Node) -> int:
    return _integer(node, "growth", low=-_MOST_GROWTH, high=_MOST_GROWTH)


def _weekdays(node: Node) -> tuple[int, int, int, int, int, int, int]:
    days = [_integer(item, "a weekday's percent", high=_MOST_PERCENT) for item in items(node, "weekdays")]
    if len(days) != len(_ALIKE):
        problem = f"weekdays has {len(days)} values"
        node.place.refuse(problem, "seven percentages, Monday first: [100, 100, 100, 100, 100, 50, 50]")
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = days
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


def _event(node: Node) -> Event:
    parts = fields(node, "an event", required=("from", "to", "percent", "why"))
    first, last = _day(parts["from"], "from"), _day(parts["to"], "to")
    if last < first:
        problem = f"the event ends on {to_date(last)}, before it starts on {to_date(first)}"
        parts["to"].place.refuse(problem, "a `to` that is `from` or later; both days belong to the event")
    percent = _integer(parts["percent"], "percent", high=_MOST_PERCENT)
    return Event(first=first, last=last, percent=percent, why=_sentence(parts["why"], "why"))


def _given(entry: dict[str, Node], file: str, keys: list[str]) -> "Iterator[Project]":
    days = DayTable(file)
    counts = table(entry["counts"], "counts")
    for text, (place, node) in counts.entries.items():
        days.add(scalars.day(text, place, "the day"), _integer(node, "the count", high=MAX_COUNT), place)
    if not counts.entries:
        counts.place.refuse("counts is empty", "a line for each day, such as 2026-03-01: 5")
    given = days.finished(keys[0])
    created = _day(entry["created"], "created") if "created" in entry else given.first
    if created > given.first:
        problem = (
            f"the project is created on {to_date(created)}, after its first count on {to_date(given.first)}"
        )
        entry["created"].place.refuse(problem, f"created: {to_date(given.first)}, or earlier")
    return (Project(key=key, created=created, counts=given, last_given=given.last) for key in keys)


def _tokens(node: Node) -> dict[str, Role]:
    tokens: dict[str, Role] = {}
    for item in items(node, "tokens"):
        parts = fields(item, "a token", required=("token", "role"), secret=True)
        written = scalar(parts["token"], "token")
        token = scalars.token(written.text, written.place)
        if token in tokens:
            item.place.refuse("a token is listed twice", "each token once, with one role")
        tokens[token] = _role(parts["role"])
    return tokens


def _role(node: Node) -> Role:
    written = scalar(node, "role").text
    try:
        return Role(written)
    except ValueError:
        remedy = nearest(written, [role.value for role in Role])
        node.place.refuse("there is no such role", remedy)  # which may be a token in the wrong place


def _policies(node: Node) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for name, (place, value) in table(node, "policies").entries.items():
        if name not in POLICIES:
            place.refuse(f"there is no policy {_shown(name)}", nearest(name, POLICIES))
        written = scalar(value, f"the policy {name}")
        if not POLICIES[name].accepts(written.text):
            problem = f"the policy {name} can't be {_shown(written.text)}"
            written.place.refuse(problem, f"one of {POLICIES[name]}")
        chosen[name] = written.text
    return chosen


def _shown(text: str) -> str:
    """Show what was written where it is a plain word, which a secret is not."""
    return quoted(text) if is_plain_word(text) or not text else "as it is written here"


def _integer(node: Node, what: str, *, low: int = 0, high: int) -> int:
    return scalars.integer(scalar(node, what).text, node.place, what, low=low, high=high)


def _day(node: Node, what: str) -> int:
    return scalars.day(scalar(node, what).text, node.place, what)


def _instant(node: Node) -> int:
    written = scalar(node, "now")
    try:
        return parse_instant(written.text)
    except SettingError as error:
        written.place.refuse(error.problem, error.remedy)


def _sentence(node: Node, what: str) -> str:
    return scalars.sentence(scalar(node, what).text, node.place, what)
