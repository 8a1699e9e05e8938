"""What a profile is: a named set of policies, or a file of policies and legal variations.

Rule: a file says what differs from the profile `documented`, and nothing else.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from usagetwin.deviations.together import layers
from usagetwin.errors import SettingError, nearest, quoted
from usagetwin.policies import PROFILES, make_policies, parse_policy
from usagetwin.yaml_reader import MappingNode, Node, NotYamlError, SequenceNode, composed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SUFFIXES: Final = (".yaml", ".yml")
MOST_BYTES: Final = 1 << 16
POLICIES: Final = "policies"
VARIATIONS: Final = "variations"
_FORM: Final = "a mapping with policies, variations, or both"


@dataclass(frozen=True, slots=True)
class Profile:
    """Policies by name, those at their default left out, and the names of legal variations."""

    name: str
    policies: "Mapping[str, str]" = field(default_factory=dict)
    variations: tuple[str, ...] = ()


def is_file(name: str) -> bool:
    """Tell whether a profile's name is that of a file."""
    return Path(name).suffix.lower() in SUFFIXES


@cache
def profile_of(name: str) -> Profile:
    """Give a profile by its name, or read the file that it names, once.

    Raises SettingError for a name that none has, and for a file that is no profile.
    """
    if not is_file(name):
        make_policies(name)
        return Profile(name, PROFILES[name])
    return _read(_text(name), name)


def written(profile: Profile, notes: "tuple[str, ...]" = ()) -> str:
    """Write a profile as the file that `profile_of` reads; `notes` are lines of comment above it."""
    lines = [f"# {note}".rstrip() for note in notes]
    lines += ["policies:" if profile.policies else "policies: {}"]
    lines += [f'  {name}: "{value}"' for name, value in profile.policies.items()]
    lines += ["variations:" if profile.variations else "variations: []"]
    lines += [f"  - {name}" for name in profile.variations]
    return "\n".join(lines) + "\n"


def _text(file: str) -> str:
    try:
        if not Path(file).is_file():
            _refuse(file, None, "there is no such file", "the path of a profile, or the name of one")
        with Path(file).open("rb") as source:
            content = source.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            _refuse(file, None, f"the file is larger than {MOST_BYTES >> 10} KiB", _FORM)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(file, None, "the file is not UTF-8", "the same file saved as UTF-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        _refuse(file, None, f"the file can't be read: {reason}", "a file that this user may read")


def _read(text: str, file: str) -> Profile:
    try:
        root = composed(text)
    except NotYamlError as error:
        _refuse(file, error.line, error.reason, error.remedy)
    policies: dict[str, str] = {}
    names: list[str] = []
    for key, node in _pairs(root, file, _FORM):
        if key == POLICIES:
            policies.update(_policies(node, file))
        elif key == VARIATIONS:
            names.extend(_names(node, file))
        else:
            problem = f"a profile has no {quoted(key)}"
            _refuse(file, _line(node), problem, nearest(key, (POLICIES, VARIATIONS)))
    try:
        shown = layers(names)
    except SettingError as error:
        _refuse(file, None, error.problem, error.remedy)
    return Profile(file, policies, tuple(each.name for each in shown))


def _policies(node: Node, file: str) -> "Iterator[tuple[str, str]]":
    for name, value in _pairs(node, file, "policies as NAME: VALUE, one a line"):
        try:
            yield parse_policy(f"{name}={_scalar(value, file)}")
        except SettingError as error:
            _refuse(file, _line(value), error.problem, error.remedy)


def _names(node: Node, file: str) -> "Iterator[str]":
    if not isinstance(node, SequenceNode):
        _refuse(file, _line(node), "variations is not a list", "one name a line, each after '- '")
    for each in node.value:
        yield _scalar(each, file)


def _pairs(node: Node | None, file: str, form: str) -> "Iterator[tuple[str, Node]]":
    if not isinstance(node, MappingNode):
        _refuse(file, _line(node), "this is no mapping", form)
    seen: set[str] = set()
    for key, value in node.value:
        name = _scalar(key, file)
        if name in seen:
            _refuse(file, _line(key), f"{quoted(name)} is given twice", "each name once")
        seen.add(name)
        yield name, value


def _scalar(node: Node, file: str) -> str:
    if not isinstance(node.value, str):
        _refuse(file, _line(node), "this is not one plain text", "a name or a value")
    return node.value


def _line(node: Node | None) -> int | None:
    return None if node is None else node.start_mark.line + 1


def _refuse(file: str, line: int | None, problem: str, remedy: str) -> NoReturn:
    where = file if line is None else f"{file}:{line}"
    told = f"{where}: {problem}"
    raise SettingError(told, remedy, "profile") from None
