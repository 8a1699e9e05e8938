"""What a run would send, in its order, as far as that hangs on no answer.

Rule: nothing is sent here, and nothing is kept. The order is that of `campaign`, which a test holds.
"""

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from usagetwin_checker.asking.access import access
from usagetwin_checker.asking.plan import Plan, probe
from usagetwin_checker.knowing.learning import PROBES, today
from usagetwin_checker.running.campaign import CONFIRMING, LOOPBACK_BUDGET, MOST_CONFIRMING, RESERVED
from usagetwin_checker.talking.live.target import GET, live_of
from usagetwin_checker.talking.of_operation import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.asking.steps import Step
    from usagetwin_checker.knowing.knowledge import Now
    from usagetwin_checker.running.report import Options
    from usagetwin_checker.talking.targets import Target

PROBE_MORE: Final = "where the default window is empty, a third request learns the current time"
CONFIRM: Final = (
    "what is found is asked again, in narrower windows, in the place of up to {} of the last ones"
)
DRAW: Final = "up to {} more requests are drawn by chance, before the last two"
LEARN: Final = "up to {} more requests follow, each for what the answers before it leave open"
LEARN_WITH_THE_REST: Final = "what is left of the budget follows, each request for what is open by then"
ANOTHER_DAY: Final = "where the target shows another day than this, the windows are of that"


@dataclass(frozen=True, slots=True)
class Sending:
    """The requests, the current time that they are planned around, the budget, and what may be otherwise."""

    steps: "tuple[Step, ...]"
    now: "Now"
    budget: int
    notes: tuple[str, ...]


def would_send(target: "Target", options: "Options", clock_s: float) -> Sending:
    """Give what a run would send; `clock_s` is when, where the options have no current time.

    Raises SettingError, and NothingLeftError where a host got all requests of the day.
    """
    live = live_of(target)
    budget = live.budget_of(options.budget) if live else options.budget or LOOPBACK_BUDGET
    now = options.knowledge.now or today(clock_s)
    plan = Plan(now, sorted(options.knowledge.keys)).steps()
    planned = [
        step
        for step in chain(plan, access(options.knowledge.roles or ()))
        if live is None or step.ask.method == GET
    ]
    room = max(budget - PROBES - RESERVED, 0)
    first = [*islice(probe(), budget), *planned[:room]]
    last = [step.again() for step in probe()][: budget - len(first)]
    path = path_of(target)
    sent = tuple(replace(step, ask=replace(step.ask, path=path)) for step in (*first, *last))
    notes = tuple(_notes(options, budget, left=room - len(planned)))
    return Sending(sent, now, budget, notes)


def _notes(options: "Options", budget: int, *, left: int) -> "Iterator[str]":
    if options.knowledge.now is None:
        yield ANOTHER_DAY
        yield PROBE_MORE
    confirming = min(budget // CONFIRMING, MOST_CONFIRMING)
    if confirming:
        yield CONFIRM.format(confirming)
    if left > confirming and options.max_examples != 0:
        yield DRAW.format(left - confirming)
    if options.learn:
        yield LEARN.format(options.learn_budget) if options.learn_budget else LEARN_WITH_THE_REST
