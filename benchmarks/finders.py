"""The tools that look for a fault in a served twin: what each objects to, in how many requests, how fast."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from benchmarks import fuzzing, places
from benchmarks.claims import MeasureError
from benchmarks.prisms import contract_file
from usagetwin.data import openapi_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PROJECTS: Final = ("default", "mobile", "checkout", "internal-tools")
LONGEST_S: Final = 600.0
DOCUMENT: Final = "Schemathesis, the document"
CONTRACT: Final = "Schemathesis, `usagetwin contract`"
CHECKER: Final = "`usagetwin check`"


class FindingError(MeasureError):
    """A run of the checker that came to no verdict."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a tool said of one target."""

    objections: frozenset[str]
    requests: int
    seconds: float


def finders(examples: int) -> "dict[str, Callable[[str, int], Said]]":
    """Give each tool by its name; it takes a base URL and a seed. Raises AbsentError."""
    places.schemathesis()
    document = openapi_folder() / "launchdarkly-usage.yaml"
    contract = contract_file()
    return {
        DOCUMENT: lambda url, seed: _timed(
            lambda: fuzzed(fuzzing.events(document, url, examples, seed=seed))
        ),
        CONTRACT: lambda url, seed: _timed(
            lambda: fuzzed(fuzzing.events(contract, url, examples, seed=seed))
        ),
        CHECKER: lambda url, seed: _timed(lambda: checked(_report(url, seed))),
    }


def fuzzed(told: "Iterable[dict[str, Any]]") -> tuple[frozenset[str], int]:
    """Read Schemathesis's report: its objections, and the number of requests.

    An objection is a check with the status that it objects to, and the rule that the answer names: so that a
    refusal that a fault brings is told from those that the honest twin is faulted for as well.
    """
    cases, failures = fuzzing.failures(told)
    return frozenset(
        f"{failure.check} on {failure.status or 'no answer'}" + (f", {failure.rule}" if failure.rule else "")
        for failure in failures
    ), cases


def checked(report: dict[str, Any]) -> tuple[frozenset[str], int]:
    """Read the checker's report: the rules that make it fail, and the number of requests."""
    rules = (finding["rule"] for finding in report["findings"] if finding["severity"] == "failure")
    return frozenset(rules), report["requests"]


def checker_report(*arguments: str) -> dict[str, Any]:
    """Run `usagetwin check` as a process that remembers nothing; give its report. Raises FindingError."""
    path = places.work_file("checker/report.json")
    path.unlink(missing_ok=True)
    output = path.with_name("output.txt")
    with output.open("wb") as file, TemporaryDirectory() as memory:
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "usagetwin", "check", *arguments, "--json", str(path)],
                cwd=places.ROOT,
                env={
                    **os.environ,
                    "USAGETWIN_TOKEN": fuzzing.LISTED_TOKEN,
                    "HYPOTHESIS_STORAGE_DIRECTORY": memory,  # it tries the failures of an earlier run first
                },
                check=False,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=LONGEST_S,
            )
        except subprocess.TimeoutExpired:
            message = f"the checker had not ended after {LONGEST_S:.0f} s"
            raise FindingError(message) from None
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    if not written:
        message = (
            f"the checker came to no verdict (exit status {ended.returncode}); its output is in {output}"
        )
        raise FindingError(message)
    report: dict[str, Any] = json.loads(written)
    return report


def known_projects() -> list[str]:
    """Give the options that tell the checker the account's project keys."""
    return [part for key in PROJECTS for part in ("--project", key)]


def _report(url: str, seed: int) -> dict[str, Any]:
    return checker_report(url, *known_projects(), "--seed", str(seed))


def _timed(run: "Callable[[], tuple[frozenset[str], int]]") -> Said:
    started = time.perf_counter()
    objections, requests = run()
    return Said(objections, requests, time.perf_counter() - started)
