"""What a play was told, as a document that another process reads as the same: the play's script.

Rule: what the twins' options say is not in it, but that it holds; all who share a script have the same ones.
A world that was sent stands beside the script, under the digest of its text.
"""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from json import dumps, loads  # by name: a test may replace them for its own code
from typing import TYPE_CHECKING, Any, Final

from usagetwin.account.world import Role, world_names
from usagetwin.account.world.written import written
from usagetwin.account.world.yaml_file import read_yaml
from usagetwin.stage.accounts import built_in
from usagetwin.stage.faults import make_fault
from usagetwin.stage.matching import Meant, Named
from usagetwin.stage.patience import LONGEST_WAIT_S

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin.account.world import World
    from usagetwin.stage.faults import Fault
    from usagetwin.stage.setup import Setup

    Document = dict[str, Any]
    Worlds = Mapping[str, World]  # by the digest of the text that each was written as

DIGITS: Final = 32  # of a digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """All that a play was told: how it began, how it is, its faults, and how many there ever were."""

    first: "Setup"
    setup: "Setup"
    faults: "tuple[Fault, ...]" = ()
    count: int = 0
    name: str = ""
    token: str = field(default="", repr=False)
    longest_wait_s: float = LONGEST_WAIT_S
    recording: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A script's text, the worlds that it speaks of, and the texts of those that were not written before."""

    text: str = field(repr=False)
    worlds: "Worlds"
    fresh: "Mapping[str, str]" = field(repr=False)


def digest(text: str) -> str:
    """Give the digest that stands for a text, or for a token."""
    return sha256(text.encode()).hexdigest()[:DIGITS]


def write(script: Script, options: "Setup", known: "Worlds") -> Written:
    """Write a script. `known` are worlds that were written before, by their digests. Raises SettingError."""
    worlds: dict[str, World] = {}
    fresh: dict[str, str] = {}

    def digest_of(world: "World") -> str:
        found = next((key for key, each in {**known, **worlds}.items() if each == world), None)
        if found is None:
            text = written(world)
            found = digest(text)
            fresh[found] = text
        worlds[found] = world
        return found

    document = {
        "first": _of_setup(script.first, options, digest_of),
        "setup": _of_setup(script.setup, options, digest_of),
        "faults": [_of_fault(each) for each in script.faults],
        "count": script.count,
        "name": script.name,
        "token": script.token,
        "longest_wait_s": script.longest_wait_s,
        "recording": script.recording,
    }
    return Written(dumps(document), worlds, fresh)


def read(text: str, options: "Setup", world_of: "Callable[[str], World]") -> Script:
    """Read a script that was written; `world_of` gives the world with a digest."""
    document = loads(text)
    return Script(
        first=_setup(document["first"], options, world_of),
        setup=_setup(document["setup"], options, world_of),
        faults=tuple(_fault(each) for each in document["faults"]),
        **{name: document[name] for name in ("count", "name", "token", "longest_wait_s", "recording")},
    )


def are_alike(fault: "Fault", other: "Fault") -> bool:
    """Tell whether two faults are written alike, number and all."""
    return _of_fault(fault) == _of_fault(other)


def world_of_text(text: str) -> "World":
    """Read a world that stands beside a script."""
    return read_yaml(text, "a world of a play")


def _of_setup(setup: "Setup", options: "Setup", digest_of: "Callable[[World], str]") -> "Document | None":
    """Write a setup; None stands for the one that the options give."""
    if setup is options:
        return None
    settings = setup.settings
    return {
        "world": _of_world(setup.world, options, digest_of),
        "settings": {
            "profile": settings.profile,
            "policies": dict(settings.policies),
            "deviation": settings.deviation,
        },
        "tokens": {token: role.value for token, role in setup.tokens.items()},
        "frozen_s": setup.frozen_s,
        "allowed": sorted(setup.allowed),
        "token": setup.token,
        "world_bytes": setup.world_bytes,
    }


def _setup(document: "Document | None", options: "Setup", world_of: "Callable[[str], World]") -> "Setup":
    if document is None:
        return options
    return replace(
        options,
        world=_world(document["world"], options, world_of),
        settings=replace(options.settings, **document["settings"]),
        tokens={token: Role(role) for token, role in document["tokens"].items()},
        allowed=frozenset(document["allowed"]),
        **{name: document[name] for name in ("frozen_s", "token", "world_bytes")},
    )


def _of_world(world: "World", options: "Setup", digest_of: "Callable[[World], str]") -> "Document":
    if world == options.world:
        return {}
    if world.name in world_names() and built_in(world.name) == world:
        return {"name": world.name}
    return {"digest": digest_of(world)}


def _world(document: "Document", options: "Setup", world_of: "Callable[[str], World]") -> "World":
    if "digest" in document:
        return world_of(document["digest"])
    return built_in(document["name"]) if "name" in document else options.world


def _of_fault(fault: "Fault") -> "Document":
    """Write a fault: over HTTP all that it can be told is data."""
    when: Document = {}
    if isinstance(fault.when, Named):
        when = {"named": fault.when.name}
    elif isinstance(fault.when, Meant):
        when = {"parameters": dict(fault.when.parameters)}
    given = {name: getattr(fault, name) for name in ("name", "number", "times", "chance", "seed")}
    return {**given, "details": dict(fault.details), "when": when}


def _fault(document: "Document") -> "Fault":
    when: Named | Meant | None = None
    if "named" in document["when"]:
        when = Named(document["when"]["named"])
    elif "parameters" in document["when"]:
        parameters = document["when"]["parameters"]
        when = Meant({name: tuple(values) for name, values in parameters.items()})
    given = {name: document[name] for name in ("name", "times", "chance", "seed")}
    fault = make_fault(when=when, **given, **document["details"])
    fault.number = document["number"]
    return fault
