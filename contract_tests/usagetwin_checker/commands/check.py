"""The command `usagetwin check`: options in, a report and an exit status out."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from usagetwin.commands.document_options import document_options
from usagetwin.commands.files import OUTPUT
from usagetwin.commands.numbers import FiniteRange
from usagetwin.commands.signals import Stop
from usagetwin.errors import SettingError
from usagetwin.settings import operations_of
from usagetwin_checker.commands.account import knowledge_of
from usagetwin_checker.commands.bar import bar
from usagetwin_checker.commands.live_options import (
    live_options,
    manners_of,
    print_dry_run,
    tell_budget,
)
from usagetwin_checker.commands.operations import in_turn
from usagetwin_checker.commands.publishing import EXIT, publish
from usagetwin_checker.commands.recordings import (
    from_file,
    is_file,
    record_options,
    recorded,
    refuse_misplaced,
)
from usagetwin_checker.commands.report_files import (
    PROFILE,
    refuse_unwritable_reports,
    report_files,
)
from usagetwin_checker.commands.shard_options import shard_options, spread_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import Console

    from usagetwin_checker.running.report import Options, Report
    from usagetwin_checker.talking.live.manners import Manners
    from usagetwin_checker.talking.targets import Target

MOST_S = 60.0
LIVE_MOST_S = 300.0
TWIN = "twin"


@click.command()
@click.argument("target")
@click.option(
    "--project", "projects", multiple=True, metavar="KEY", help="A project key of the account; repeat it."
)
@click.option("--complete", is_flag=True, help="The projects given are all that the account has.")
@click.option("--now", metavar="INSTANT", help="The target's current time; the twin's clock is frozen at it.")
@click.option("--live", is_flag=True, help="A live account is behind TARGET, though it is on loopback.")
@click.option(
    "--settles-after",
    type=click.IntRange(0, 24 * 366),
    metavar="HOURS",
    help="A day's counts are final so long after its end: at once on loopback, else 48.",
)
@click.option("--world", metavar="NAME|FILE", help="For the target `twin`: the account that answers.")
@click.option("--profile", metavar="NAME|FILE", help="For the target `twin`: its profile.")
@click.option("--cacert", metavar="FILE", help="The CAs that an https:// TARGET is held to, in PEM form.")
@document_options
@click.option("--strict", is_flag=True, help="Fail on every rule; `observed` and `chosen` ones included.")
@live_options
@click.option(
    "--budget",
    type=click.IntRange(1),
    metavar="N",
    help="Most requests: 1000 on loopback, else what its day has left.",
)
@click.option(
    "--max-time",
    type=FiniteRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Ask no more after this time, and judge what was asked until then: 60 on loopback, else 300.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of what is drawn by chance.")
@click.option(
    "--max-examples", type=click.IntRange(0), metavar="N", help="Most conversations that are drawn."
)
@click.option(
    "--learn", is_flag=True, help="Spend what is left on what the target chose, and tell; the verdict stays."
)
@click.option(
    "--learn-budget",
    type=click.IntRange(0),
    metavar="N",
    help="Learn with so many requests beside --budget; of a host that is not this machine, the day's last.",
)
@shard_options
@report_files
@record_options
@click.option("--verbose", is_flag=True, help="Tell of each choice in full, and of each rule not judged.")
@click.option(
    "--show-plan",
    is_flag=True,
    help="Print the requests that would be sent first; send none but the probes.",
)
def check(  # noqa: PLR0913 -- one argument for each option
    *,
    target: str,
    projects: tuple[str, ...],
    complete: bool,
    now: str | None,
    allowed: tuple[str, ...],
    live: bool,
    settles_after: int | None,
    world: str | None,
    profile: str | None,
    cacert: str | None,
    document: str | None,
    operations: tuple[str, ...],
    strict: bool,
    budget: int | None,
    per_day: int | None,
    pace: float | None,
    dry_run: bool,
    max_time: float | None,
    seed: int,
    max_examples: int | None,
    learn: bool,
    learn_budget: int | None,
    shards: int | None,
    workers: int | None,
    scheduler: str | None,
    record: "Path | None",
    recorded_at: str | None,
    show_plan: bool,
    verbose: bool,
    **files: "Path | None",
) -> None:
    """Check TARGET: `twin` (in this process), a base URL such as http://127.0.0.1:8080, or a recording.

    The access token comes from USAGETWIN_TOKEN, or a file that USAGETWIN_TOKEN_FILE names.
    Exit status: 0 pass, 1 fail, 2 usage, 3 inconclusive; 130, 143 or 129 where SIGINT, SIGTERM or SIGHUP
    ended it, with the report of what was found until then.
    """
    from rich.console import Console

    from usagetwin_checker.running.report import Options
    from usagetwin_checker.talking.live.day import NothingLeftError

    chosen = operations_of(document, operations)
    if len(chosen) > 1:
        sys.exit(in_turn(click.get_current_context(), chosen))
    options = Options(
        knowledge_of(projects, complete=complete, now=now, settles_after=settles_after),
        strict=strict,
        budget=budget,
        seed=seed,
        max_examples=max_examples,
        live=live,
        max_time_s=max_time,
        operation=chosen[0],
        learn=learn or learn_budget is not None or files.get(PROFILE) is not None,
        learn_budget=learn_budget or 0,
    )
    console = Console(emoji=False, stderr=OUTPUT in files.values())
    if is_file(target):
        report = from_file(target, options, recorded_at, files, document)
        publish(report, console, files, verbose=verbose)
        sys.exit(EXIT[report.verdict])
    refuse_misplaced(recorded_at, record if show_plan or dry_run else None)
    inputs = {"the world": world, "the profile": profile, "the CAs": cacert, "the document": document}
    stop, spread = Stop(), spread_of(shards, workers, scheduler)
    manners = manners_of(allowed, per_day, pace, sleep=stop.sleep)
    asked, options = target_of(
        target, options, now=now, world=world, profile=profile, cacert=cacert, manners=manners
    )
    try:
        run: Callable[[Target, Options, Stop], Report] = _run
        if spread is not None:
            known = (now, world, profile, cacert)
            others = {
                "learn": learn,
                "learn_budget": learn_budget is not None,
                PROFILE: files.get(PROFILE),
                "record": record,
                "show_plan": show_plan,
                "dry_run": dry_run,
            }
            run = spread.on(asked, known, live=live, **others)
        if dry_run:
            print_dry_run(asked, options, console, files, inputs)
            return
        if show_plan:
            _print_plan(asked, options, console)
            return
        refuse_unwritable_reports({**files, "record": record}, inputs)
        if record is not None:
            asked = recorded(asked, options, record)
        with stop:
            report = run(asked, options, stop)
            publish(report, console, files, verbose=verbose)
    except NothingLeftError as error:
        click.echo(f"inconclusive: {error}", err=True)
        sys.exit(EXIT["inconclusive"])
    finally:
        asked.close()
    sys.exit(stop.status or EXIT[report.verdict])


def target_of(  # noqa: PLR0913 -- one argument for each option about the target
    name: str,
    options: "Options",
    *,
    now: str | None,
    world: str | None,
    profile: str | None,
    cacert: str | None = None,
    manners: "Manners | None" = None,
) -> "tuple[Target, Options]":
    """Give the target of a name, and options with what is known of it: all, where it is the twin.

    Raises SettingError and FileError.
    """
    from usagetwin.contract.operation import before_path
    from usagetwin_checker.talking.live.manners import Manners
    from usagetwin_checker.talking.of_operation import at_operation

    if name == TWIN and (options.live or options.knowledge.settling_h is not None):
        problem = "--live and --settles-after are about a live account, and the target `twin` is none"
        raise SettingError(problem, "a base URL as the target, or neither of them")
    if name == TWIN and cacert is not None:
        problem = "--cacert says whose certificates are believed, and the target `twin` has none"
        raise SettingError(problem, "an https:// URL as the target, or no --cacert")
    if name != TWIN:
        if world or profile:
            problem = "--world and --profile say what the target `twin` is; another target has its own"
            raise SettingError(problem, f"usagetwin check {TWIN} --world ..., or leave them out")
        endpoint = options.operation.path
        base_url, part = before_path(name, endpoint)
        asked = (manners or Manners()).target(
            base_url, live=options.live, budget=options.budget, cacert=cacert
        )
        if asked.name != name.rstrip("/"):
            click.echo(f"usagetwin: the endpoint's path is taken off the target: {asked.name}", err=True)
        if part not in ("", endpoint):
            text = (
                f"to keep {part} as a base path, give the endpoint's whole URL: {asked.name}{part}{endpoint}"
            )
            click.echo(f"usagetwin: {text}", err=True)
        return at_operation(asked, options.operation), replace(options, claimed=True)
    from usagetwin.profiles import profile_of
    from usagetwin_checker.running.twin import twin

    app, known = twin(now=now, world=world, profile=profile, operation=options.operation)
    keys = options.knowledge.keys or known.keys
    knowledge = replace(known, keys=keys, complete=options.knowledge.complete or not options.knowledge.keys)
    varies = profile is not None and bool(profile_of(profile).variations)  # each breaks what we chose
    strict = options.strict or not varies
    return at_operation(app, options.operation), replace(options, knowledge=knowledge, strict=strict)


def _run(target: "Target", options: "Options", stop: "Stop") -> "Report":
    from usagetwin_checker.running.campaign import Campaign

    most_s = MOST_S if target.loopback and not options.live else LIVE_MOST_S
    options = replace(options, max_time_s=options.max_time_s or most_s)
    with bar() as progress:
        campaign = Campaign(target, options, progress, sleep=stop.sleep)
        tell_budget(target, campaign.budget)
        stop.calls(campaign.interrupt)
        return campaign.run()


def _print_plan(target: "Target", options: "Options", console: "Console") -> None:
    from usagetwin_checker.asking.access import access
    from usagetwin_checker.asking.plan import Plan, levels, listed, probe
    from usagetwin_checker.reporting.screen import copied, rows
    from usagetwin_checker.running.campaign import Campaign

    probed = Campaign(target, options, lambda _sent, _of: None).probe()
    if probed.around is None:
        problem = "the target shows no current time to plan around"
        raise SettingError(problem, "--now INSTANT, and a look at what it answers")
    plan = Plan(probed.around, sorted(probed.learned.keys))
    rows(console, ("factor", "level", "kind"), levels(plan), "The table of factors")
    steps = [*probe(), *plan.steps(), *access(probed.learned.roles or ())]
    cells = [(str(number), *row) for number, row in enumerate(listed(steps), start=1)]
    rows(console, ("", "made of", "method", "query"), cells, f"{len(steps)} requests")
    for about, met, allowed in plan.coverage:
        copied(console, f"{met} of {allowed} {about}, as far as they may meet")
