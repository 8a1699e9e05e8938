"""Which operations of a document a command is about: those that are named, or all that keep the contract."""

from typing import TYPE_CHECKING, Final, NoReturn

from usagetwin.contract.operation import ONLY_SESSIONS
from usagetwin.contract.siblings.matching import every, ids_of, siblings_of
from usagetwin.contract.siblings.reading import read
from usagetwin.errors import ContractError, SettingError, nearby, quoted, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin.contract.operation import Operation
    from usagetwin.contract.siblings.matching import Sibling

MOST_TOLD: Final = 12


def chosen(document: str | None, named: "Sequence[str]" = ()) -> "tuple[Operation, ...]":
    """Give the operations of a document by their ids or paths, or else all that keep the contract.

    Without a document, that is the vendored one. Raises ContractError for a document that can't be used, and
    for an operation that it lacks or that differs; SettingError for a name without a document.
    """
    if document is None:
        if named:
            problem = f"--operation {quoted(named[0])} names an operation of a document, and none is given"
            raise SettingError(problem, "--document FILE beside it, or no --operation", "operations")
        return ONLY_SESSIONS
    root = read(document)
    if named:
        found = (_named(root, each, document) for each in named)
        return tuple(dict.fromkeys(found))
    siblings = siblings_of(root)
    fitting = tuple(each.operation for each in siblings if not each.differences)
    if not fitting:
        _refuse_all(document, siblings)
    return fitting


def _named(root: dict[str, object], name: str, document: str) -> "Operation":
    file = readable(document)
    found = list(every(root, named=name))
    if len(found) > 1:
        problem = f"has {len(found)} operations with the id {quoted(name)}, and an id is of one alone"
        raise ContractError(file, problem, f"--operation {readable(found[0].operation.path)}, by its path")
    if not found:
        problem = f"has no GET operation {quoted(name)}"
        raise ContractError(where=file, problem=problem, remedy=nearby(name, _names(root)))
    (sibling,) = found
    if sibling.differences:
        told = "".join(f"\n    {readable(each)}" for each in sibling.differences[:MOST_TOLD])
        if len(sibling.differences) > MOST_TOLD:
            told += f"\n    and {len(sibling.differences) - MOST_TOLD} differences more"
        problem = f"differs from the contract, so it can be neither served nor checked:{told}"
        remedy = f"another operation; usagetwin contract --document {file} lists what each has"
        raise ContractError(where=f"{file}: {readable(name)}", problem=problem, remedy=remedy)
    return sibling.operation


def _names(root: dict[str, object]) -> list[str]:
    """Give the names to choose from: the operations of the contract's shape, or all where there are none."""
    return [each.operation.id for each in siblings_of(root)] or ids_of(root) or ["none"]


def _refuse_all(document: str, siblings: "Sequence[Sibling]") -> NoReturn:
    looked = "".join(f"\n    {each.operation.id} differs" for each in siblings)
    problem = f"has no operation that keeps the contract{':' if looked else ''}{looked}"
    remedy = f"usagetwin contract --document {readable(document)}, which says what differs"
    raise ContractError(readable(document), problem, remedy)
