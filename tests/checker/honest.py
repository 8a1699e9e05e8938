"""The honest twin as a target, for as long as a test needs it, and whole checks of a twin."""

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.running.report import Report
    from usagetwin_checker.talking.targets import AppTarget


@contextmanager
def honest(**settings: Any) -> "Iterator[tuple[AppTarget, Knowledge]]":  # noqa: ANN401 -- what `twin` takes
    """Give a twin, and what is known of it; close it afterwards."""
    target, knowledge = twin(**settings)
    try:
        yield target, knowledge
    finally:
        target.close()


def checked(
    *,
    budget: int | None,
    strict: bool = False,
    complete: bool = True,
    ahead_s: int = 0,
    **settings: Any,  # noqa: ANN401 -- what `twin` takes
) -> "Report":
    """Check a twin as a stranger of which only the project keys are known, and whose clock is `ahead_s`."""
    with honest(**settings) as (target, known):
        knowledge = replace(known, now=None, complete=complete)
        options = Options(knowledge, strict=strict, budget=budget)
        now_s = known.now.latest_s if known.now else 0
        return Campaign(target, options, lambda _sent, _of: None, clock=lambda: now_s + ahead_s).run()
