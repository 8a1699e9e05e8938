"""Small checks of the twin in shards, and their reports without what time leaves in them."""

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin_checker.reporting.json_report import as_json
from usagetwin_checker.running.report import Options, Report
from usagetwin_checker.running.shards.part import Part, Task, run_shard
from usagetwin_checker.running.shards.shard import shards_of
from usagetwin_checker.running.shards.where import Where
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from usagetwin_checker.talking.targets import Target

NOW: Final = "2026-03-17T15:20:00Z"
WHERE: Final = Where("twin", NOW, "business-week")
OF_TIME: Final = ("at", "began", "seconds")


@dataclass(frozen=True)
class Faulty(Where):
    """The twin, showing a deviation."""

    deviation: str = ""

    def target(self) -> "Target":
        """Make it."""
        return twin(now=self.now, world=self.world, deviation=self.deviation)[0]


def faulty(deviation: str) -> Faulty:
    """Give the usual twin with a deviation."""
    return Faulty(WHERE.name, WHERE.now, WHERE.world, deviation=deviation)


def options(where: Where = WHERE, **given: Any) -> Options:  # noqa: ANN401 -- options by name
    """Give the options of a check that knows all of the twin."""
    target, known = twin(now=where.now, world=where.world)
    target.close()
    return replace(Options(known, strict=True), **given)


def cut(count: int, budget: int, **given: Any) -> tuple[Options, list[Options]]:  # noqa: ANN401 -- as above
    """Cut such a check into parts."""
    return shards_of(options(budget=budget, **given), count, 1000)


def parts(whole: list[Options], *wheres: Where) -> list[Part]:
    """Run each part, on a target of its own where several are given."""
    at = wheres or (WHERE,) * len(whole)
    return [run_shard(Task(where, part, {})) for where, part in zip(at, whole, strict=True)]


def without_time(report: Report) -> Any:  # noqa: ANN401 -- JSON
    """Give a report as JSON, but for when it was, and how long it took."""
    return _without_time(json.loads(as_json(report)))


def _without_time(value: Any) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(value, dict):
        return {name: _without_time(each) for name, each in value.items() if name not in OF_TIME}
    return [_without_time(each) for each in value] if isinstance(value, list) else value
