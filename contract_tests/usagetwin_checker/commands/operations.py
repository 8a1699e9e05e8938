"""Several operations in one `usagetwin check`: one after the other, with a verdict for each."""

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import click

from usagetwin.errors import SettingError, readable
from usagetwin_checker.commands.report_files import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from usagetwin.contract.operation import Operation

VERDICTS: Final = {0: "pass", 1: "fail", 3: "inconclusive"}  # by exit status
WORST: Final = (1, 3, 0)
BY_A_SIGNAL: Final = 128
OF_ONE: Final = (*FORMS, "record")


def in_turn(context: click.Context, operations: "Sequence[Operation]") -> int:
    """Check each operation with the same options, and give the exit status of all: the worst of theirs.

    A signal ends all of them. Raises SettingError for a file that only one of them could be in.
    """
    given, check = context.params, context.command.callback
    assert check is not None  # noqa: S101 -- that of `usagetwin check`, which calls this
    for name in OF_ONE:
        if given.get(name) is not None:
            option = f"--{name.replace('_', '-')}"
            problem = f"{option} is a file of one operation, and {len(operations)} are checked"
            raise SettingError(problem, f"one --operation with {option}, such as {operations[0].id}")
    statuses = []
    for operation in operations:
        click.echo(f"{readable(operation.id)}  GET {operation.path}")
        status = _status_of(check, {**given, "operations": (operation.path,)})
        if status is not None and status >= BY_A_SIGNAL:
            return status
        statuses.append(status)
        click.echo()
    if None in statuses:  # what would be sent has no verdict
        return 0
    numbers = Counter(VERDICTS[status] for status in statuses if status is not None)
    told = ", ".join(f"{numbers[verdict]} {verdict}" for verdict in VERDICTS.values() if numbers[verdict])
    click.echo(f"{len(statuses)} operations: {told}")
    return next(status for status in WORST if status in statuses)


def _status_of(check: "Callable[..., Any]", given: "dict[str, Any]") -> int | None:
    """Run one check, and give the exit status that it ends with; None where it only prints its plan."""
    try:
        check(**given)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return None
