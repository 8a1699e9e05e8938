"""What a caller says of an account in options: its project keys, its time, and when a day is final."""

from typing import TYPE_CHECKING

from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin_checker.knowing.knowledge import Knowledge, Now


def knowledge_of(
    projects: "Sequence[str]", *, complete: bool, now: str | None, settles_after: int | None
) -> "Knowledge":
    """Give it as what is known. Raises SettingError."""
    from usagetwin_checker.knowing.knowledge import Knowledge

    if complete and not projects:
        problem = "--complete says that the projects given are all, and none is given"
        raise SettingError(problem, "--project KEY for each project of the account")
    if not all(projects):
        problem = "--project is empty"
        raise SettingError(problem, "--project KEY, as in the account")
    return Knowledge(frozenset(projects), complete, exactly(now), settling_h=settles_after)


def exactly(now: str | None) -> "Now | None":
    """Give a target's current time as its caller says it. Raises SettingError."""
    from usagetwin.clock import parse_instant
    from usagetwin_checker.knowing.knowledge import Now

    if now is None:
        return None
    instant_s = parse_instant(now)
    return Now(instant_s, instant_s)
