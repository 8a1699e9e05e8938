"""Run one shard, wherever that is: values go there, and values come back.

Rule: no token is among them. A shard has its own target, which reads the token where it runs.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from usagetwin_checker.exchanges import Exchange
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options, Report, Sent
from usagetwin_checker.running.shards.alike import drawing_alike
from usagetwin_checker.running.shards.examples import Learned, Lent
from usagetwin_checker.running.shards.telling import Telling, telling
from usagetwin_checker.running.stretches import stretches
from usagetwin_checker.running.verdicts import dead_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin_checker.findings import Finding
    from usagetwin_checker.knowing.knowledge import Now
    from usagetwin_checker.running.shards.where import Where


@dataclass(frozen=True, slots=True)
class Task:
    """All that running a shard takes: whom to ask, the options of this part, and examples to try first."""

    where: "Where"
    options: Options
    examples: "Mapping[bytes, frozenset[bytes]]"


@dataclass(frozen=True, slots=True)
class Part:
    """What a shard came to: its report without all that was sent, and what of that tells something.

    `planned` is what the plan was made of. `alive` and `dead` are keys that were answered with 200, and that
    were asked for and never were. `highest` is the greatest number of an exchange.
    """

    options: Options
    report: Report
    planned: "tuple[Now, tuple[str, ...]] | None"
    told: tuple[Telling, ...]
    alive: frozenset[str]
    dead: frozenset[str]
    learned: Learned
    highest: int


def run_shard(task: Task, started: "Callable[[Campaign], None]" = lambda _campaign: None) -> Part:
    """Run a shard; `started` gets its campaign. Raises SettingError and FileError."""
    with drawing_alike():
        target = task.where.target()
        try:
            database = Lent(task.examples)
            campaign = Campaign(target, task.options, lambda _sent, _of: None, database=database)
            started(campaign)
            return _part(campaign.ask(), task.options, campaign, database.learned)
        finally:
            target.close()


def _part(report: Report, options: Options, campaign: Campaign, learned: Learned) -> Part:
    reader, reading = Reader(), report.judgement.reading
    looked_at = ((each, reader.alone(each.exchange, report.knowledge, reading)) for each in report.sent)
    told = tuple(telling(looked_at, report.knowledge.now, plans=options.shard.plans))
    asked = [each.exchange for each in report.sent]
    known = options.knowledge
    dead = frozenset(dead_keys(known, asked))
    tried = {key for exchange in asked for key in exchange.ask.values("projectKey")}
    return Part(
        options,
        replace(report, sent=(), plan=None, course=tuple(stretches(report.sent)), findings=_bare(report)),
        None if report.plan is None else report.plan.made_for,
        tuple(Telling(_light(each.sent), each.says) for each in told),
        frozenset(known.keys & tried) - dead,
        dead,
        learned,
        max((exchange.number for exchange in campaign.answers()), default=0),
    )


def _bare(report: Report) -> "tuple[Finding, ...]":
    return tuple(
        replace(finding, conversation=tuple(map(_plain, finding.conversation))) for finding in report.findings
    )


def _light(sent: Sent) -> Sent:
    return Sent(sent.phase, _plain(sent.exchange))


def _plain(exchange: Exchange) -> Exchange:
    """Give an exchange without what was found of its body, which is found again where it is needed."""
    return replace(exchange)
