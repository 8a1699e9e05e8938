"""What the tests of a run made of each deviation, and how it is told at the end.

Rule: no pytest in here. A deviation counts for a test alone if it changed an answer that the test got.
"""

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from usagetwin.deviations import deviation, faults
from usagetwin_checker.noticing.words import TESTS, Words, counted

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


def told(noticed: Noticed, names: "Sequence[str]", words: Words = TESTS) -> "Iterator[str]":
    """Tell it, line by line."""
    broken = [name for name in names if name in faults()]
    legal = [name for name in names if name not in faults()]
    yield from _about_the_runs(noticed, broken, legal, words)
    if noticed.tests:
        yield from _about_faults(noticed, broken, words)
        yield from _about_variations(noticed, legal, words)


def _about_the_runs(
    noticed: Noticed, broken: "Sequence[str]", legal: "Sequence[str]", words: Words
) -> "Iterator[str]":
    if not noticed.tests:
        yield words.nothing_known
    else:
        yield (
            f"{words.began(len(noticed.tests))}, "
            f"with {counted(len(broken), 'fault')} and {counted(len(legal), 'legal variation')}."
        )
    failing = [f"{test}: {reason}" for test, reason in noticed.unrepeatable.items()]
    yield from _listed(words.unrepeatable, failing)
    yield from _listed("Left out, as these have subtests:", noticed.with_subtests)


def _about_faults(noticed: Noticed, names: "Sequence[str]", words: Words) -> "Iterator[str]":
    blind = noticed.blind_spots(names)
    seen = [name for name in names if noticed.failed_under(name)]
    hidden = [name for name in names if not noticed.shown_to(name)]
    if blind:
        yield ""
        yield f"{counted(len(blind), 'fault')} {words.unnoticed}:"
    for name in blind:
        shown = deviation(name)
        yield f"  {name}{words.shown(len(noticed.shown_to(name)))}"
        yield f"    {shown.about}"
        yield f"    breaks {shown.rules[0]}; usagetwin explain {shown.rules[0]}"
        yield f"    {words.again(name)}"
    if seen:
        yield ""
        yield f"{counted(len(seen), 'fault')} noticed:"
    for name in seen:
        failed, of = noticed.failed_under(name), noticed.shown_to(name)
        yield f"  {name}{words.failed(len(failed), len(of))}"
        if noticed.reason(failed[0], name):
            yield f"    {words.failure(failed[0], noticed.reason(failed[0], name))}"
    if hidden:
        yield ""
        yield f"{counted(len(hidden), 'fault')} {words.hidden}:"
        yield f"  {', '.join(hidden)}"


def _about_variations(noticed: Noticed, names: "Sequence[str]", words: Words) -> "Iterator[str]":
    brittle = [name for name in names if noticed.failed_under(name)]
    if brittle:
        yield ""
        yield f"{counted(len(brittle), 'legal variation')} of {len(names)} {words.brittle}:"
    for name in brittle:
        failures = [words.failure(test, noticed.reason(test, name)) for test in noticed.failed_under(name)]
        yield from _listed(f"  {name}: {deviation(name).about}", failures, "    ")
        yield f"    {words.again(name)}"


def _listed(title: str, items: "Sequence[str]", indent: str = "  ") -> "Iterator[str]":
    if items:
        yield title
        for item in items:
            yield f"{indent}{item}"
