"""The command `usagetwin world`: a recording in, a world out of which the twin gives what was recorded."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from usagetwin.errors import SettingError, quoted, readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from usagetwin_checker.recovering.account import Account
    from usagetwin_checker.recovering.comparing import Compared
    from usagetwin_checker.running.report import Report
    from usagetwin_checker.talking.recordings.loading import Loaded

CONTRADICTED: Final = 1
INCONCLUSIVE: Final = 3
OUTPUT: Final = Path("-")
MOST_NAMED: Final = 5


@click.command()
@click.argument("file", metavar="RECORDING")
@click.option(
    "-o",
    "--output",
    metavar="FILE.yaml",
    default=OUTPUT,
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="Where the world is written; by default, and with -, to the output.",
)
@click.option(
    "--project", "projects", multiple=True, metavar="KEY", help="A project key of the account; repeat it."
)
@click.option("--complete", is_flag=True, help="The projects given are all that the account has.")
@click.option("--now", metavar="INSTANT", help="The target's current time, where the recording shows none.")
@click.option("--live", is_flag=True, help="A live account was recorded, though at a loopback address.")
@click.option(
    "--settles-after",
    type=click.IntRange(0, 24 * 366),
    metavar="HOURS",
    help="A day's counts were final so long after its end: at once on loopback, else 48.",
)
@click.option("--recorded-at", metavar="URL", help="The base URL that is meant, where it has several.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of what is drawn for guesses.")
def world(  # noqa: PLR0913 -- one argument for each option
    *,
    file: str,
    output: Path,
    projects: tuple[str, ...],
    complete: bool,
    now: str | None,
    live: bool,
    settles_after: int | None,
    recorded_at: str | None,
    seed: int,
) -> None:
    """Recover the account behind a recording as a world file, of which the twin gives what was recorded.

    Exit status: 0 done, 1 where its answers contradict one another, 2 usage, 3 where it shows no account.
    """
    from usagetwin.commands.files import refuse_taken, refuse_unwritable
    from usagetwin_checker.commands.account import knowledge_of
    from usagetwin_checker.running.recorded import report_of
    from usagetwin_checker.running.report import Options
    from usagetwin_checker.talking.base_urls import base_url_of
    from usagetwin_checker.talking.recordings.loading import load
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber, secrets_here

    knowledge = knowledge_of(projects, complete=complete, now=now, settles_after=settles_after)
    if output != OUTPUT:
        refuse_taken({"-o": output}, {"the recording": file})
        if output.suffix.lower() not in (".yaml", ".yml"):
            problem = f"-o {quoted(str(output))} has no ending by which it is read as a world"
            raise SettingError(problem, "-o FILE.yaml")
        refuse_unwritable(output, "-o")
    at = None if recorded_at is None else base_url_of(recorded_at, "--recorded-at")
    loaded = load(file, Scrubber(secrets_here()), at, remedy="a recording that exists and can be read")
    report = report_of(loaded, Options(knowledge, live=live))
    _refuse(loaded, report)
    _recover(loaded, report, output, seed)


def _refuse(loaded: "Loaded", report: "Report") -> None:
    """End here where answers contradict one another, as a check says it, or show no account at all."""
    from rich.console import Console

    from usagetwin_checker.findings import Verdict
    from usagetwin_checker.reporting.terminal import on_terminal

    shows = report.knowledge.now is not None and report.judgement.tested.get("answer-is-a-series-list")
    if report.verdict is not Verdict.FAIL and shows:
        return
    on_terminal(report, Console(emoji=False, stderr=True))
    if report.verdict is Verdict.FAIL:
        click.echo("usagetwin: no account gives these answers, and no world was written", err=True)
        sys.exit(CONTRADICTED)
    if report.knowledge.now is None and loaded.exchanges:
        click.echo("usagetwin: the recording shows no current time; give it with --now", err=True)
    click.echo("usagetwin: the recording shows no account, and no world was written", err=True)
    sys.exit(INCONCLUSIVE)


def _recover(loaded: "Loaded", report: "Report", output: Path, seed: int) -> None:
    from usagetwin.commands.files import write_whole
    from usagetwin_checker.recovering.account import now_of, recovered
    from usagetwin_checker.recovering.comparing import compared
    from usagetwin_checker.recovering.file import text_of, world_of
    from usagetwin_checker.recovering.known import answers_of
    from usagetwin_checker.recovering.policies import policies_of
    from usagetwin_checker.recovering.sums import ImpossibleError

    answers = answers_of(loaded.exchanges, report.knowledge)
    knowledge = report.knowledge.in_local_time()
    assert knowledge.now is not None  # noqa: S101 -- such a recording was refused
    now = now_of(knowledge.now, max((each.at_s for each in loaded.exchanges), default=0.0))
    try:
        account = recovered(answers, knowledge, now, seed)
    except ImpossibleError as error:
        click.echo(f"usagetwin: no counts of {error} that are never negative give its answers", err=True)
        sys.exit(CONTRADICTED)
    policies = policies_of(loaded.exchanges, answers, knowledge)
    about = f"Recovered from {loaded.name}, recorded at {loaded.base_url}."
    made = world_of(text_of(account, about, (), policies))
    found = compared(made, answers, now)
    notes = list(_notes(loaded, report, account, found))
    text = text_of(account, about, [*_head(loaded, account, seed), *notes], policies)
    if output == OUTPUT:
        click.echo(text, nl=False)
    else:
        try:
            write_whole(output, text)
        except OSError as error:
            problem = f"-o {quoted(str(output))} can't be written: {error.strerror or error}"
            raise SettingError(problem, "-o FILE.yaml, in a folder that can be written") from None
    _say(output, loaded, account, found, notes)


def _head(loaded: "Loaded", account: "Account", seed: int) -> "Iterator[str]":
    """Give the comments that a world begins with."""
    from usagetwin.days import iso

    yield f"What the answers of {loaded.name} imply, as of {iso(account.now)}. Serve it with --world."
    yield "A count without a comment is known: no other gives the recorded answers. The others are guesses:"
    yield "a sum that is known without its days is spread evenly over them, and what several projects have"
    yield f"together over those whose own count is not known; what does not divide is drawn with seed {seed}."


def _notes(loaded: "Loaded", report: "Report", account: "Account", found: "Compared") -> "Iterator[str]":
    """Say what the world does not have of the recording, or has beyond it."""
    from usagetwin_checker.recovering.policies import unset

    if account.rest is not None:
        yield f"the project {account.rest} stands for all that no request named: its key is invented"
    for finding in report.findings:
        yield f"the target differs from the twin: {finding.rule_id}, {finding.message}"
    yield from unset(loaded.exchanges)
    for why, left_out in account.known.left_out.items():
        yield f"not in the world, {_counted(left_out, 'value')}, {why}: {_named(left_out)}"
    if found.other_values:
        counted = _counted(found.other_values, "value")
        yield f"the twin gives {counted} otherwise: {_named(found.other_values)}"
    if found.lacking:
        yield f"the twin lacks {_counted(found.lacking, 'bucket')}: {_named(found.lacking)}"
    if found.added:
        yield f"the twin has {_counted(found.added, 'bucket')} beyond those recorded: {_named(found.added)}"
    yield from report.reasons
    yield from report.notes


def _counted(items: "Sequence[str]", what: str) -> str:
    return f"{len(items)} {what}{'s' * (len(items) != 1)}"


def _named(items: "Sequence[str]") -> str:
    more = f" and {len(items) - MOST_NAMED} more" if len(items) > MOST_NAMED else ""
    return f"{'; '.join(items[:MOST_NAMED])}{more}"


def _say(
    output: Path, loaded: "Loaded", account: "Account", found: "Compared", notes: "Sequence[str]"
) -> None:
    """Sum up, beside the world: what is known of each project, and what the twin gives of the recording."""
    from usagetwin.commands.listing import lines
    from usagetwin.days import iso, to_date

    where = "" if output == OUTPUT else f" is {output}"
    rows = []
    for project in account.projects:
        tally = project.tally
        parts = [f"{tally[kind]} {kind}" for kind in ("known", "spread", "nothing recorded") if tally[kind]]
        created = f"created {to_date(max(project.created, 0))}"
        rows.append(("project", project.key, created, f"{len(project.days)} days", ", ".join(parts)))
    told = [f"usagetwin: the account of {loaded.name}{where}, as of {iso(account.now)}"]
    told += lines(rows, None)
    differ = len(found.other_values)
    told.append(f"values  {found.alike} recorded, which the twin gives; {differ} that it gives otherwise")
    told += [f"note    {note}" for note in notes]
    for line in told:
        click.echo(readable(line), err=True)
