"""Schemathesis with the effective contract against a served twin: what it calls a failure, and by which rule.

The contract's schema can't relate two parameters, so a generator takes the twin's 400 for such a pair
as a surprise. Every other failure is a defect of the twin or of the contract.
"""

import json
import re
import subprocess
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks import places, serving
from benchmarks.claims import Line, MeasureError
from benchmarks.prisms import contract_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NOW: Final = "2026-03-17T15:20:00Z"
LISTED_TOKEN: Final = "api-00000000-0000-4000-8000-00000000beef"  # noqa: S105 -- invented, of the world `tokens`
WORLD: Final = ("--world", "tokens", "--policy", "unknown_tokens=reject")  # so that a wrong token is a 401
LONGEST_S: Final = 900.0
RULE: Final = re.compile(r"\(rule ([a-z0-9-]+)\)")
BETWEEN_PARAMETERS: Final = frozenset(
    {"window-not-inverted", "monthly-needs-month-to-date", "unknown-project-not-found"}
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What Schemathesis objects to: its check, the status of the answer, the rule that the answer names."""

    check: str
    status: int | None
    rule: str


class FuzzingError(MeasureError):
    """A run of Schemathesis that came to no result."""


def schemathesis_failures(examples: int) -> list[Line]:
    """Let Schemathesis ask a twin, and sort its failures. Raises AbsentError and FuzzingError."""
    places.schemathesis()
    with serving.serving(
        serving.twin(serving.QUIET, "--now", NOW, *WORLD), "twin-fuzzed", token=LISTED_TOKEN
    ) as twin:
        return _lines(*sorted_failures(events(contract_file(), twin.url, examples)))


def events(contract: "Path", url: str, examples: int, *, seed: int = 1) -> list[dict[str, Any]]:
    """Let Schemathesis ask a server, and give its report. Raises AbsentError and FuzzingError."""
    output = places.work_file("schemathesis/output.txt")
    report = output.with_name("events.ndjson")
    report.unlink(missing_ok=True)
    _run(_command(contract, url, examples, seed, report), output)
    if not report.exists():
        message = f"Schemathesis wrote no report; its output is in {output}"
        raise FuzzingError(message)
    with report.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sorted_failures(told: "Iterable[dict[str, Any]]") -> tuple[int, Counter[str]]:
    """Give the number of cases that a report has, and its failures by check and rule that was answered."""
    cases, failed = failures(told)
    return cases, Counter(f"{failure.check} on {failure.rule or 'no rule'}" for failure in failed)


def failures(told: "Iterable[dict[str, Any]]") -> "tuple[int, list[Failure]]":
    """Give the number of cases that a report has, and its failures in order."""
    cases = 0
    found: list[Failure] = []
    for event in told:
        recorder = event.get("ScenarioFinished", {}).get("recorder", {})
        cases += len(recorder.get("interactions", {}))
        found.extend(_failures(recorder))
    return cases, found


def _failures(recorder: dict[str, Any]) -> "Iterator[Failure]":
    for case, checks in recorder.get("checks", {}).items():
        response = recorder.get("interactions", {}).get(case, {}).get("response") or {}
        for check in checks:
            if check["status"] != "success":
                yield Failure(check["name"], response.get("status_code"), _rule(response))


def _rule(response: dict[str, Any]) -> str:
    """Find the rule that the twin's answer names."""
    content = (response.get("content") or {}).get("$base64", "")
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


def _command(contract: "Path", url: str, examples: int, seed: int, report: "Path") -> list[str]:
    return [
        *(places.schemathesis(), "run", str(contract), "--url", url),
        *("--header", f"Authorization: {LISTED_TOKEN}", "--header", "LD-API-Version: beta"),
        *("--max-examples", str(examples), "--seed", str(seed), "--continue-on-failure", "--no-color"),
        *("--generation-database", "none", "--report", "ndjson", "--report-ndjson-path", str(report)),
    ]


def _run(command: list[str], output: "Path") -> None:
    with output.open("wb") as file:
        try:
            subprocess.run(
                command,
                cwd=output.parent,
                check=False,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=LONGEST_S,
            )
        except subprocess.TimeoutExpired:
            message = f"Schemathesis had not ended after {LONGEST_S:.0f} s; its output is in {output}"
            raise FuzzingError(message) from None
