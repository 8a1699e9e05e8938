"""Which tool finds which fault: Schemathesis with either document, and the checker, side by side in one run.

Rule: what a tool holds against the honest twin is no finding, whatever target it says it of.
"""

import json
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from benchmarks import serving
from benchmarks.claims import Line
from benchmarks.finders import CHECKER, finders
from benchmarks.fuzzing import LISTED_TOKEN, NOW
from benchmarks.places import work_file
from usagetwin import deviations
from usagetwin.contract import rule
from usagetwin.data import fixtures_folder
from usagetwin.deviations.held_out import FAULTS as HELD_OUT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from benchmarks.finders import Said

BINDING: Final = frozenset({"schema", "prose"})
SEEDS: Final = (1, 2, 3)  # of the runs against the honest twin; the others have the first
HONEST: Final = "the honest twin"
NINE_IN_TEN: Final = 0.9


@dataclass(frozen=True, slots=True)
class Sample:
    """How many faults and legal variations are served; None for all."""

    faults: int | None
    variations: int | None
    examples: int


def fault_finding(sample: Sample) -> list[Line]:
    """Serve faults and correct twins to each tool in turn. Raises AbsentError and MeasureError."""
    tools = finders(sample.examples)
    world = _world()
    faults = spread(binding_faults(), sample.faults)
    variations = spread(sorted(deviations.variations()), sample.variations)
    honest = {name: [_ask(tool, world, seed=seed) for seed in SEEDS] for name, tool in tools.items()}
    broken = _ask_all(tools, world, "--fault", faults)
    correct = _ask_all(tools, world, "--variation", variations)
    found = {name: kills(honest[name], broken[name]) for name in tools}
    _write(broken, correct, honest, found)
    lines: list[Line] = []
    for name in tools:
        alarms = false_alarms({HONEST: honest[name][0], **correct[name]})
        lines += _lines(name, broken[name], found[name], alarms, 1 + len(variations))
    return lines


def binding_faults() -> list[str]:
    """Give the names of the faults whose first rule is of tier schema or prose, sorted."""
    faults = deviations.faults()
    return sorted(name for name, fault in faults.items() if rule(fault.rules[0]).tier in BINDING)


def spread(names: "Sequence[str]", count: int | None) -> list[str]:
    """Give so many of the names, at even distances, the first one included; all for None."""
    if count is None or count >= len(names):
        return list(names)
    return [names[number * len(names) // count] for number in range(count)]


def kills(honest: "Sequence[Said]", broken: "Mapping[str, Said]") -> dict[str, list[str]]:
    """Give what a tool objects to in each fault that it finds, beyond its objections to the honest twin."""
    usual = frozenset[str]().union(*(said.objections for said in honest))
    beyond = {fault: sorted(said.objections - usual) for fault, said in broken.items()}
    return {fault: objections for fault, objections in beyond.items() if objections}


def false_alarms(correct: "Mapping[str, Said]") -> dict[str, list[str]]:
    """Give what a tool objects to in each correct target that it objects to."""
    return {target: sorted(said.objections) for target, said in correct.items() if said.objections}


def by_set(faults: "Collection[str]", found: "Collection[str]", held_out: "Collection[str]") -> str:
    """Say how many of the known faults were found, and how many of the held-out ones, where there are any."""
    sets = {"known": set(faults) - set(held_out), "held out": set(faults) & set(held_out)}
    return ", ".join(f"{len(part & set(found))} of {len(part)} {name}" for name, part in sets.items() if part)


def _ask_all(
    tools: "Mapping[str, Callable[[str, int], Said]]", world: "Path", option: str, names: "Sequence[str]"
) -> "dict[str, dict[str, Said]]":
    said: dict[str, dict[str, Said]] = {tool: {} for tool in tools}
    for number, name in enumerate(names, 1):
        print(f"  {option} {name} ({number} of {len(names)})", flush=True)
        for tool, ask in tools.items():
            said[tool][name] = _ask(ask, world, option, name)
    return said


def _ask(tool: "Callable[[str, int], Said]", world: "Path", *deviation: str, seed: int = SEEDS[0]) -> "Said":
    """Let a tool ask a twin that nobody has asked anything."""
    command = serving.twin(
        *(serving.QUIET, "--now", NOW, "--world", str(world), "--policy", "unknown_tokens=reject"), *deviation
    )
    with serving.serving(command, "twin-with-fault", token=None) as twin:
        return tool(twin.url, seed)


def _world() -> "Path":
    """Write the world `business-week` with a token, so that a wrong one is a 401 as Schemathesis expects."""
    text = (fixtures_folder() / "worlds" / "business-week.yaml").read_text(encoding="utf-8")
    path = work_file("business-week-with-token.yaml")
    path.write_text(f"{text}tokens:\n  - {{token: {LISTED_TOKEN}, role: full}}\n", encoding="utf-8")
    return path


def _lines(
    name: str,
    broken: "Mapping[str, Said]",
    found: "Mapping[str, list[str]]",
    alarms: "Mapping[str, list[str]]",
    correct: int,
) -> list[Line]:
    ours = name == CHECKER
    return [
        Line(
            claim=f"faults found: {name}",
            value=len(found),
            unit=f"of {len(broken)}",
            at_least=NINE_IN_TEN * len(broken) if ours else None,
            note=by_set(broken, found, {fault.name for fault in HELD_OUT}),
        ),
        Line(
            claim=f"correct targets that it objects to: {name}",
            value=len(alarms),
            unit=f"of {correct}",
            at_most=0 if ours else None,
            note="; ".join(alarms),
        ),
        _median(f"requests to one fault: {name}", [said.requests for said in broken.values()], ""),
        _median(f"time for one fault: {name}", [said.seconds for said in broken.values()], "s"),
    ]


def _median(claim: str, values: "Sequence[float]", unit: str) -> Line:
    note = f"median; {min(values):,.0f} to {max(values):,.0f}, {sum(values):,.0f} in all"
    return Line(claim=claim, value=round(median(values), 2), unit=unit, note=note)


def _write(
    broken: "Mapping[str, Mapping[str, Said]]",
    correct: "Mapping[str, Mapping[str, Said]]",
    honest: "Mapping[str, Sequence[Said]]",
    found: "Mapping[str, Mapping[str, list[str]]]",
) -> None:
    """Write what was found in each fault, for people, and everything that was said."""
    work_file("faults.md").write_text(_by_fault(found, list(broken[CHECKER])), encoding="utf-8")
    said: dict[str, Any] = {
        tool: {
            HONEST: [asdict(one) for one in honest[tool]],
            "faults": {name: asdict(one) for name, one in broken[tool].items()},
            "variations": {name: asdict(one) for name, one in correct[tool].items()},
        }
        for tool in broken
    }
    work_file("faults.json").write_text(json.dumps(said, default=sorted, indent=2) + "\n", encoding="utf-8")


def _by_fault(found: "Mapping[str, Mapping[str, list[str]]]", faults: "Sequence[str]") -> str:
    rows = [["fault", *found]]
    rows.append(["---"] * len(rows[0]))
    rows += [[fault, *("; ".join(found[tool].get(fault, ())) for tool in found)] for fault in faults]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)
