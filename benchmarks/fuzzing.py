"""Schemathesis with the effective contract against a served twin: what it calls a failure, and by which rule.

The contract's schema can't relate two parameters, so a generator takes the twin's 400 for such a pair
as a surprise. Every other failure is a defect of the twin or of the contract.
"""

import json
import re
import subprocess
from base64 import b64decode
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from benchmarks import places, serving
from benchmarks.claims import Line, MeasureError
from benchmarks.prisms import contract_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NOW: Final = "2026-03-17T15:20:00Z"
LISTED_TOKEN: Final = "api-00000000-0000-4000-8000-00000000beef"  # noqa: S105 -- invented, of the world `tokens`
WORLD: Final = ("--world", "tokens", "--policy", "unknown_tokens=reject")  # so that a wrong token is a 401
RULE: Final = re.compile(r"\(rule ([a-z0-9-]+)\)")
BETWEEN_PARAMETERS: Final = frozenset(
    {"window-not-inverted", "monthly-needs-month-to-date", "unknown-project-not-found"}
)


class FuzzingError(MeasureError):
    """A run of Schemathesis that came to no result."""


def schemathesis_failures(examples: int) -> list[Line]:
    """Let Schemathesis ask a twin, and sort its failures. Raises AbsentError and FuzzingError."""
    command = places.schemathesis()
    report = places.work_file("schemathesis/events.ndjson")
    report.unlink(missing_ok=True)
    with serving.serving(
        serving.twin(serving.QUIET, "--now", NOW, *WORLD), "twin-fuzzed", token=LISTED_TOKEN
    ) as twin:
        _run(command, twin.url, examples)
    if not report.exists():
        message = f"Schemathesis wrote no report; its output is in {places.FOLDER / 'schemathesis'}"
        raise FuzzingError(message)
    with report.open(encoding="utf-8") as lines:
        cases, failures = sorted_failures(map(json.loads, lines))
    return _lines(cases, failures)


def sorted_failures(events: "Iterable[dict[str, Any]]") -> tuple[int, Counter[str]]:
    """Give the number of cases that a report has, and its failures by check and rule that was answered."""
    cases = 0
    failures: Counter[str] = Counter()
    for event in events:
        recorder = event.get("ScenarioFinished", {}).get("recorder", {})
        cases += len(recorder.get("interactions", {}))
        failures.update(_failures(recorder))
    return cases, failures


def _failures(recorder: dict[str, Any]) -> "Iterator[str]":
    for case, checks in recorder.get("checks", {}).items():
        for check in checks:
            if check["status"] != "success":
                rule = _rule(recorder["interactions"].get(case, {}))
                yield f"{check['name']} on {rule or 'no rule'}"


def _rule(interaction: dict[str, Any]) -> str:
    """Find the rule that the twin's answer names."""
    content = ((interaction.get("response") or {}).get("content") or {}).get("$base64", "")
    named = RULE.search(b64decode(content).decode("utf-8", "replace"))
    return named[1] if named else ""


def _lines(cases: int, failures: Counter[str]) -> list[Line]:
    expected = {what: times for what, times in failures.items() if what.split()[-1] in BETWEEN_PARAMETERS}
    others = failures - Counter(expected)
    return [
        Line(claim="Schemathesis: requests to the twin", value=cases, at_least=1),
        Line(
            claim="Schemathesis: failures by the rules between parameters, as no schema can say them",
            value=sum(expected.values()),
            note="; ".join(f"{times} {what}" for what, times in expected.items()),
        ),
        Line(
            claim="Schemathesis: other failures",
            value=others.total(),
            at_most=0,
            note="; ".join(f"{times} {what}" for what, times in others.items()),
        ),
    ]


def _run(command: str, url: str, examples: int) -> None:
    folder = places.work_file("schemathesis/output.txt").parent
    arguments = [
        *("run", str(contract_file()), "--url", url, "--header", f"Authorization: {LISTED_TOKEN}"),
        *("--max-examples", str(examples), "--seed", "1", "--continue-on-failure", "--no-color"),
        *("--generation-database", "none", "--report", "ndjson"),
        *("--report-ndjson-path", str(folder / "events.ndjson")),
    ]
    with (folder / "output.txt").open("wb") as output:
        subprocess.run(
            [command, *arguments], cwd=folder, check=False, stdout=output, stderr=subprocess.STDOUT
        )
