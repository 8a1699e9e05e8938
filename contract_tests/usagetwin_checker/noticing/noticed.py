"""What the tests of a run made of each deviation, and how it is told at the end.

Rule: no pytest in here. A deviation counts for a test alone if it changed an answer that the test got.
"""

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from usagetwin.deviations import deviation, faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


@dataclass(slots=True)
class Noticed:
    """What is known of each test that calls the twin, by its node id.

    `tests` hold the deviations that a test was shown, each with whether the test failed then; `reasons` what
    failed it, the first line of it, by test and deviation.
    `unrepeatable` are tests that fail when they run again without a deviation, each with the reason;
    `with_subtests` report to the session in their midst, and don't run again. Neither count.
    """

    tests: "dict[str, dict[str, bool]]" = field(default_factory=dict)
    unrepeatable: dict[str, str] = field(default_factory=dict)
    with_subtests: list[str] = field(default_factory=list)
    reasons: "dict[str, dict[str, str]]" = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data, for another process."""
        return asdict(self)

    def add(self, other: "Mapping[str, Any]") -> None:
        """Add what another process found, as plain data."""
        self.tests.update(other["tests"])
        self.unrepeatable.update(other["unrepeatable"])
        self.with_subtests.extend(other["with_subtests"])
        self.reasons.update(other["reasons"])

    def shown_to(self, name: str) -> list[str]:
        """Give the tests that were shown a deviation."""
        return [test for test, shown in self.tests.items() if name in shown]

    def failed_under(self, name: str) -> list[str]:
        """Give the tests that failed under a deviation."""
        return [test for test, shown in self.tests.items() if shown.get(name)]

    def reason(self, test: str, name: str) -> str | None:
        """Give what failed a test under a deviation, where that is known."""
        return self.reasons.get(test, {}).get(name)

    def blind_spots(self, names: "Iterable[str]") -> list[str]:
        """Give the faults that some test was shown and none noticed."""
        return [
            name for name in names if name in faults() and self.shown_to(name) and not self.failed_under(name)
        ]


def told(noticed: Noticed, names: "Sequence[str]") -> "Iterator[str]":
    """Tell it, line by line."""
    broken = [name for name in names if name in faults()]
    legal = [name for name in names if name not in faults()]
    yield from _about_the_tests(noticed, broken, legal)
    if noticed.tests:
        yield from _about_faults(noticed, broken)
        yield from _about_variations(noticed, legal)


def _about_the_tests(noticed: Noticed, broken: "Sequence[str]", legal: "Sequence[str]") -> "Iterator[str]":
    if not noticed.tests:
        yield "No test that passed called the twin, so nothing is known."
    else:
        yield (
            f"{counted(len(noticed.tests), 'test')} called the twin and ran again, "
            f"with {counted(len(broken), 'fault')} and {counted(len(legal), 'legal variation')}."
        )
    failing = [f"{test}: {reason}" for test, reason in noticed.unrepeatable.items()]
    yield from _listed("Left out, as these fail when they run again without any:", failing)
    yield from _listed("Left out, as these have subtests:", noticed.with_subtests)


def _about_faults(noticed: Noticed, names: "Sequence[str]") -> "Iterator[str]":
    blind = noticed.blind_spots(names)
    seen = [name for name in names if noticed.failed_under(name)]
    hidden = [name for name in names if not noticed.shown_to(name)]
    if blind:
        yield ""
        yield f"{counted(len(blind), 'fault')} that no test noticed:"
    for name in blind:
        shown = deviation(name)
        yield f"  {name}, shown to {counted(len(noticed.shown_to(name)), 'test')}"
        yield f"    {shown.about}"
        yield f"    breaks {shown.rules[0]}; usagetwin explain {shown.rules[0]}"
        yield f"    see it in one test with {marker(name)}"
    if seen:
        yield ""
        yield f"{counted(len(seen), 'fault')} noticed:"
    for name in seen:
        failed, of = len(noticed.failed_under(name)), len(noticed.shown_to(name))
        yield f"  {name}, by {failed} of {counted(of, 'test')}"
        first = noticed.failed_under(name)[0]
        if noticed.reason(first, name):
            yield f"    {first}: {noticed.reason(first, name)}"
    if hidden:
        yield ""
        yield f"{counted(len(hidden), 'fault')} that changed no answer which a test got:"
        yield f"  {', '.join(hidden)}"


def _about_variations(noticed: Noticed, names: "Sequence[str]") -> "Iterator[str]":
    brittle = [name for name in names if noticed.failed_under(name)]
    if brittle:
        yield ""
        yield (
            f"{counted(len(brittle), 'legal variation')} of {len(names)} broke tests, "
            "which assume more than the contract says:"
        )
    for name in brittle:
        tests = [_with_reason(test, noticed.reason(test, name)) for test in noticed.failed_under(name)]
        yield from _listed(f"  {name}: {deviation(name).about}", tests, "    ")
        yield f"    see it in one test with {marker(name)}"


def marker(name: str) -> str:
    """Give the marker under which a test is shown a deviation, to be pasted above it."""
    return f'@pytest.mark.usage_twin(faults="{name}")'


def _with_reason(test: str, reason: str | None) -> str:
    return f"{test}: {reason}" if reason else test


def _listed(title: str, items: "Sequence[str]", indent: str = "  ") -> "Iterator[str]":
    if items:
        yield title
        for item in items:
            yield f"{indent}{item}"


def counted(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
