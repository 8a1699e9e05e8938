"""How fast the checker is: judged cases per second within the process, and a whole check of a served twin."""

import resource
from statistics import median
from typing import Any, Final

from benchmarks import serving
from benchmarks.claims import Line, MeasureError
from benchmarks.finders import checker_report, known_projects
from benchmarks.fuzzing import NOW

BUDGET: Final = 5_000
CASES_PER_S: Final = 1_000
MOST_S: Final = 15
CLAIM: Final = "the checker"


class VerdictError(MeasureError):
    """A check of the honest twin that did not pass: its figures would say nothing."""


def checker_speed(times: int) -> list[Line]:
    """Check the twin in-process and over HTTP, so many times each. Raises MeasureError."""
    within = [_used("twin", "--now", NOW, "--budget", str(BUDGET)) for _ in range(times)]
    with serving.serving(serving.twin(serving.QUIET, "--now", NOW), "twin-checked") as twin:
        served = [_used(twin.url, *known_projects()) for _ in range(times)]
    return lines(within, served)


def lines(
    within: "list[tuple[dict[str, Any], float]]", served: "list[tuple[dict[str, Any], float]]"
) -> list[Line]:
    """Make the lines of reports, each with the processor time that its process used."""
    rates = [report["cases"] / report["seconds"] for report, _ in within]
    by_processor = median(report["cases"] / used_s for report, used_s in within)
    seconds = [report["seconds"] for report, _ in served]
    report, first = served[0][0], within[0][0]
    return [
        Line(
            claim=f"{CLAIM}: judged cases within the process",
            value=median(rates),
            unit="a second",
            at_least=CASES_PER_S,
            note=f"{min(rates):,.0f} to {max(rates):,.0f} in {len(rates)} runs of {first['cases']:,} cases; "
            f"{by_processor:,.0f} for each second of processor time, the start of the process included",
        ),
        Line(
            claim=f"{CLAIM}: a served twin with the default budget",
            value=median(seconds),
            unit="s",
            at_most=MOST_S,
            note=f"{min(seconds):.1f} to {max(seconds):.1f} s in {len(seconds)} runs of "
            f"{report['requests']:,} requests, {report['cases']:,} cases; "
            f"{median(used_s for _, used_s in served):.1f} s of its own processor time",
        ),
    ]


def _used(*arguments: str) -> tuple[dict[str, Any], float]:
    """Give the checker's report, and the processor time of its process."""
    before = _children_s()
    report = checker_report(*arguments)
    if report["verdict"] != "pass":
        message = f"the verdict on {arguments[0]} is {report['verdict']}"
        raise VerdictError(message)
    return report, _children_s() - before


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
