"""A check in shards, from its options to its report."""

import time
from functools import partial
from typing import TYPE_CHECKING

from usagetwin.errors import SettingError
from usagetwin_checker.running.shards.examples import keep, remembered
from usagetwin_checker.running.shards.merging import Merging
from usagetwin_checker.running.shards.part import Task, run_shard
from usagetwin_checker.running.shards.places import Here, Lost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from usagetwin_checker.running.campaign import Campaign
    from usagetwin_checker.running.report import Options, Report
    from usagetwin_checker.running.shards.examples import Learned
    from usagetwin_checker.running.shards.places import Place
    from usagetwin_checker.running.shards.where import Where


def check_in_shards(  # noqa: PLR0913 -- what makes a run
    where: "Where",
    whole: "Options",
    parts: "Sequence[Options]",
    place: "Place",
    *,
    progress: "Callable[[int, int], None]" = lambda _sent, _of: None,
    signal: "Callable[[], str | None]" = lambda: None,
    started: "Callable[[Campaign], None]" = lambda _campaign: None,
) -> "Report | None":
    """Run the parts of a check, and make one report of them; None where a signal came before any had ended.

    `signal` names what is to end the run, once there is something. In this process `started` gets each
    campaign. Raises SettingError and FileError.
    """
    began_s = time.perf_counter()
    examples = remembered() if whole.max_examples != 0 else {}
    tasks = [Task(where, part, examples if part.shard.plans else {}) for part in parts]
    merging = Merging(whole)
    lost: list[tuple[int, str]] = []
    learned: list[Learned] = []
    sent = 0
    work = partial(run_shard, started=started) if isinstance(place, Here) else run_shard
    for done in place.each(work, tasks, lambda: signal() is not None):
        if isinstance(done.result, Lost):
            lost.append((done.index, f"{parts[done.index].shard} was lost: {done.result.why}"))
            continue
        merging.add(done.result)
        learned.append(done.result.learned)
        sent += done.result.report.requests
        progress(sent, whole.budget or 0)
    if lost and not learned and signal() is None:
        problem = f"no shard came to an end: {min(lost)[1]}"
        raise SettingError(problem, "workers with more memory, or more and smaller shards (--shards)")
    keep(learned)
    seconds = time.perf_counter() - began_s
    return merging.report(seconds, lost=[why for _, why in sorted(lost)], signal=signal())
