"""How a score is told: a row for each fault, and lines that count them by set, mode and budget."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin_checker.running.score import Outcome, Run

HEADS: Final = ("fault", "set", "strict", "rules found", "requests", "60 requests")


def rows(results: "Sequence[Outcome]") -> "Iterator[tuple[str, ...]]":
    """Give the table's rows: fault, set, killed in strict mode, rules, requests, killed by 60 requests."""
    for result in results:
        killed = "killed" if result.killed else "MISSED"
        small = "killed" if result.killed_small else "missed" if result.binding else "-"
        found = ", ".join(sorted(result.found, key=lambda rule_id: rule_id not in result.fault.rules)[:3])
        which = "held out" if result.held_out else "known"
        yield (
            result.fault.name,
            which,
            killed if result.named else f"{killed}*",
            found,
            str(result.requests),
            small,
        )


def summary(results: "Sequence[Outcome]") -> "Iterator[str]":
    """Give the scores of both sets, in words, and by budget where several were measured."""
    for which, part in _sets(results):
        binding = [result for result in part if result.binding]
        yield (
            f"{which}: {sum(result.killed for result in part)} of {len(part)} killed in strict mode, "
            f"{sum(result.killed and result.named for result in part)} by a rule that the fault names; "
            f"{sum(result.killed_small for result in binding)} of {len(binding)} of tier schema or prose "
            f"killed by 60 requests in default mode"
        )
        if len(part[0].strict) > 1:
            yield f"{which}, strict mode: {_by_budget([one.strict for one in part])}"
            yield (
                f"{which}, of tier schema or prose in default mode: "
                f"{_by_budget([one.default for one in binding])}"
            )
    if any(not result.named for result in results):
        yield "* by another rule than those that the fault names"


def _sets(results: "Sequence[Outcome]") -> "Iterator[tuple[str, list[Outcome]]]":
    for held_out, which in ((False, "known"), (True, "held out")):
        part = [result for result in results if result.held_out is held_out]
        if part:
            yield which, part


def _by_budget(runs: "Sequence[Mapping[int, Run]]") -> str:
    """Say how many of the runs killed, budget by budget."""
    budgets = sorted(runs[0]) if runs else ()
    kills = (f"{sum(run[budget].killed for run in runs)} by {budget} requests" for budget in budgets)
    return f"of {len(runs)} killed {', '.join(kills)}" if runs else "none"


def as_markdown(results: "Sequence[Outcome]", ended: "Sequence[str]" = ()) -> str:
    """Write the table as Markdown; `ended` says what ended the runs before their end."""
    lines = ["| fault | set | strict | rules found | requests | 60 requests |", "|---|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows(results)]
    table = "\n".join(lines)
    return "\n\n".join([table, *summary(results), *ended]) + "\n"
