"""What a command tells of what its proxy passes on: answers, rules when they are first broken, the end."""

from typing import TYPE_CHECKING, Final

import click

from usagetwin.errors import readable
from usagetwin_checker.commands.recordings import OPTION, to_record
from usagetwin_checker.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.proxying.each_answer import Said
    from usagetwin_checker.proxying.gone_by import GoneBy, Tell
    from usagetwin_checker.proxying.upstream import Upstream
    from usagetwin_checker.running.report import Options


def gone_by_of(
    upstream: "Upstream",
    options: "Options",
    record: "Path | None",
    *,
    tell: "Tell | None" = None,
    option: str = OPTION,
) -> "GoneBy":
    """Give what takes all that goes by; it is recorded where a file is named, by this option.

    Raises SettingError.
    """
    from usagetwin_checker.proxying.gone_by import GoneBy, to_remember_of
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber, secrets_here

    base_url, scrubber = upstream.base_url, Scrubber(secrets_here())
    recording = None
    if record is not None:
        recording = to_record(record, base_url, to_remember_of(options), scrubber, option)
    return GoneBy(
        base_url, options, scrubber, loopback=upstream.is_here, recording=recording, tell=tell or _nothing
    )


class Telling:
    """Tells of answers by `write`, which must not wait, as they do; without `each`, of broken rules alone."""

    def __init__(self, write: "Callable[[str], None]", *, each: bool, strict: bool) -> None:
        """Tell nothing yet."""
        self._write: Final = write
        self._each: Final = each
        self._strict: Final = strict
        self._told: Final[set[str]] = set()

    def __call__(self, exchange: "Exchange", said: "Said") -> None:
        """Tell of one answer, at once."""
        first = list(self._first(said))
        if self._each or first:
            self._write("".join(f"{line}\n" for line in (_line(exchange, said), *first)))

    def _first(self, said: "Said") -> "Iterator[str]":
        for finding in said.findings:
            broken = finding.severity(strict=self._strict) is Severity.FAILURE
            if broken and finding.rule_id not in self._told:
                self._told.add(finding.rule_id)
                yield f"  {finding.rule_id}: {readable(finding.message)}"


def _nothing(_exchange: "Exchange", _said: "Said") -> None:
    """Tell nothing: a command that runs meanwhile has the terminal."""


def tell_the_end(gone_by: "GoneBy") -> None:
    """Say at the end what went by and was not judged, and what of us failed meanwhile."""
    if gone_by.others:
        counted = ", ".join(f"{times} {why}" for why, times in gone_by.others.items())
        click.echo(f"usagetwin: passed on and not judged: {counted}", err=True)
    if gone_by.defect is not None:
        click.echo(f"usagetwin: a defect of usagetwin: {readable(gone_by.defect)}; report it", err=True)


def counted(gone_by: "GoneBy") -> str:
    """Say how many requests went by, and how many of them are recorded where that is not all."""
    judged, recorded = gone_by.judged, gone_by.recorded
    requests = "1 request" if judged == 1 else f"{judged} requests"
    if recorded == judged:
        return requests
    return f"the first {recorded} of {requests}" if recorded else f"none of {requests}"


def _line(exchange: "Exchange", said: "Said") -> str:
    ask, status = exchange.ask, str(exchange.status or "---")
    why = f"  ({exchange.failure})" if exchange.failure is not None else ""
    asked = f"{ask.method} ?{ask.query_string}" if ask.query_string else ask.method
    return readable(f"usagetwin: {exchange.number:>4}  {status}  {said.verdict:<12}  {asked}{why}")
