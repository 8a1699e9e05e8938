"""A profile's file: YAML with policies, legal variations, or both.

Rule: what is refused is told with its line, and what would do instead.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from usagetwin.deviations.together import layers
from usagetwin.errors import SettingError, nearest, quoted
from usagetwin.policies import parse_policy
from usagetwin.yaml_reader import MappingNode, Node, NotYamlError, SequenceNode, composed

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES: Final = 1 << 16
POLICIES: Final = "policies"
VARIATIONS: Final = "variations"
_FORM: Final = "a mapping with policies, variations, or both"


def read(file: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Give the policies and the variations of a file. Raises SettingError where it is no profile."""
    try:
        root = composed(_text(file))
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
    return policies, tuple(each.name for each in shown)


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
