"""The command `usagetwin blind-spots`: what any command notices of faults and legal variations."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from usagetwin.commands.files import OUTPUT, refuse_taken, refuse_unwritable, write_or_say
from usagetwin.commands.numbers import FiniteRange
from usagetwin.commands.twin_options import ACCOUNT, honest_twin_options, settings_of
from usagetwin.commands.variables import naming_variables
from usagetwin.errors import SettingError
from usagetwin_checker.commands.html_option import html_option, refuse_html, write_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin_checker.leading.blind_spots import Found
    from usagetwin_checker.leading.supervised import Task

BEFORE: Final = "--"
BLIND: Final = 1
NOTHING_KNOWN: Final = 3
KEPT: Final = "usagetwin_command"  # in the context


class _WithCommand(click.Command):
    """A command whose last arguments, after `--`, are another one's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what follows the first `--`."""
        end = args.index(BEFORE) if BEFORE in args else len(args)
        ctx.meta[KEPT] = tuple(args[end + 1 :])
        ctx.allow_extra_args = BEFORE not in args  # so that it is said what is missing, and not what is there
        return super().parse_args(ctx, args[:end])

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Show it in the line of usage."""
        return [*super().collect_usage_pieces(ctx), "-- COMMAND..."]


@honest_twin_options
@click.command("blind-spots", cls=_WithCommand)
@click.argument("names", metavar="[LIST]", default="default")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=None,
    metavar="N",
    help="How many runs there are at once; as many as there are cores.",
)
@click.option(
    "--timeout",
    type=FiniteRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long each run may take; else ten times as long as the honest one, and 60 seconds at least.",
)
@click.option(
    "--fail-on-blind-spots", is_flag=True, help="Exit with 1 where a fault was shown and not noticed."
)
@click.option(
    "--json",
    "json_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="Write what was found here; with -, to the output, and what is for people to the errors.",
)
@html_option
@click.option(
    "--outputs",
    metavar="FOLDER",
    type=click.Path(file_okay=False, exists=True, writable=True, path_type=Path),
    help="Keep what each run writes, as FOLDER/NAME.txt.",
)
@click.option(
    "--block-other-hosts", is_flag=True, help="Refuse all hosts but LaunchDarkly's three and this machine."
)
def blind_spots(  # noqa: PLR0913 -- one argument for each option
    *,
    names: str,
    jobs: int | None,
    timeout: float | None,
    fail_on_blind_spots: bool,
    json_file: Path | None,
    html_file: Path | None,
    outputs: Path | None,
    block_other_hosts: bool,
    **twin: Any,  # noqa: ANN401 -- the options that `honest_twin_options` adds, as `settings_of` takes them
) -> None:
    """Run COMMAND again under each fault of LIST, and tell which of them it does not notice.

    LIST has names of `usagetwin faults`, and the groups default, faults, variations and all, between commas.

    Exit status: 0, or 1 with --fail-on-blind-spots; 3 where nothing is known, as the command fails with the
    honest twin already or sends no request; 126 and 127 for a command that can't be run or is not there.
    """
    from usagetwin_checker.leading.blind_spots import How, NothingKnownError, StoppedError, look
    from usagetwin_checker.leading.program import NotRunError, refuse_elsewhere
    from usagetwin_checker.leading.runs import Runs
    from usagetwin_checker.noticing.deviation_list import deviations_of

    command: tuple[str, ...] = click.get_current_context().meta[KEPT]
    if not command:
        problem = "no command is given"
        raise SettingError(
            problem, "usagetwin blind-spots -- COMMAND, such as: usagetwin blind-spots -- npm test"
        )
    refuse_elsewhere()
    deviations = deviations_of(names)
    inputs = {"the world": twin["world"], "the profile": twin["profile"], "the document": twin["document"]}
    refuse_taken({"--json": json_file, "--html": html_file}, inputs)
    if json_file not in (None, OUTPUT):
        refuse_unwritable(json_file, "--json")
    refuse_html(html_file)
    how = How(jobs=jobs or os.cpu_count() or 1, timeout_s=timeout, folder=outputs)
    try:
        with Runs() as runs:
            task = _task(command, block_other_hosts=block_other_hosts, **twin)
            found = look(task, deviations, how, runs, _say)
    except NotRunError as error:
        _say(str(error))
        sys.exit(error.status)
    except NothingKnownError as error:
        for line in error.said:
            click.echo(f"  | {line}", err=True)
        _say(str(error))
        sys.exit(NOTHING_KNOWN)
    except StoppedError as error:
        _say("stopped, so nothing is told")
        sys.exit(error.status)
    _publish(found, deviations, json_file, html_file)
    sys.exit(_status(found, deviations, fail=fail_on_blind_spots))


def _task(command: tuple[str, ...], *, block_other_hosts: bool, **twin: Any) -> "Task":  # noqa: ANN401 -- as above
    from usagetwin.account.world import load_world
    from usagetwin_checker.leading.supervised import Task
    from usagetwin_checker.redirect.authority import Authority

    with naming_variables(click.get_current_context()):
        settings = settings_of(**twin)
        world = load_world(settings.world)
    for note in world.notes():
        _say(note)
    return Task(
        command=command,
        settings=settings.at(world.now),
        world=world,
        authority=Authority(),
        block_other_hosts=block_other_hosts,
    )


def _publish(found: "Found", names: "Sequence[str]", json_file: Path | None, html_file: Path | None) -> None:
    """Write the files first: who reads what is printed may be gone."""
    from usagetwin_checker.noticing.noticed import told
    from usagetwin_checker.noticing.noticed_page import noticed_page
    from usagetwin_checker.noticing.words import of_command

    if json_file == OUTPUT:
        click.echo(found.as_json(), nl=False)
    elif json_file is not None:
        write_or_say(json_file, found.as_json(), "what was found")
    words = of_command(found.command, _given())
    write_html(html_file, lambda: noticed_page(found.noticed, names, words, found.problems))
    for line in told(found.noticed, names, words):
        click.echo(line, err=json_file == OUTPUT)
    for name, problem in found.problems.items():
        _say(f"nothing is known of {name}: {problem}")


def _given() -> "list[str]":
    """Give the options about the twin as they were given: the same run takes them again."""
    context = click.get_current_context()
    given = []
    for each in context.command.params:
        name = str(each.name)
        if name in ACCOUNT and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            for value in context.params[name] if each.multiple else [context.params[name]]:
                given += [each.opts[0], "=".join(value) if name == "policies" else str(value)]
    return given


def _status(found: "Found", names: "Sequence[str]", *, fail: bool) -> int:
    if fail and found.noticed.blind_spots(names):
        return BLIND
    return NOTHING_KNOWN if found.problems else 0


def _say(line: str) -> None:
    click.echo(f"usagetwin: {line}", err=True)
