"""What `usagetwin check` does with recordings: writes one with `--record`, judges one in a target's place."""

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from click.core import ParameterSource

from usagetwin.commands.files import OUTPUT
from usagetwin.errors import SettingError, quoted, quoted_url
from usagetwin_checker.commands.report_files import refuse_unwritable_reports

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin_checker.running.report import Options, Report
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber
    from usagetwin_checker.talking.recordings.writing import Recording
    from usagetwin_checker.talking.targets import Target

OF_A_RUN: Final = {  # options that say how a target is asked, by their parameters
    "world": "--world",
    "profile": "--profile",
    "cacert": "--cacert",
    "budget": "--budget",
    "max_time": "--max-time",
    "seed": "--seed",
    "max_examples": "--max-examples",
    "learn_budget": "--learn-budget",
    "record": "--record",
    "show_plan": "--show-plan",
    "dry_run": "--dry-run",
    "allowed": "--allow-host",
    "per_day": "--per-day",
    "pace": "--pace",
    "shards": "--shards",
    "workers": "--workers",
    "scheduler": "--scheduler",
}
OPTION: Final = "--record"
Function = TypeVar("Function", bound="Callable[..., Any]")
TWIN: Final = "twin"


def record_options(command: "Function") -> "Function":
    """Add the options about recordings."""
    record = click.option(
        OPTION,
        metavar="FILE.har",
        type=click.Path(path_type=Path),
        help="Write what is asked and answered here as HAR, without secrets, as it goes.",
    )
    at = click.option(
        "--recorded-at", metavar="URL", help="For a recording: the base URL to judge, where it has several."
    )
    return record(at(command))


def is_file(target: str) -> bool:
    """Tell whether a target is meant as the file of a recording."""
    from usagetwin_checker.talking.recordings.loading import is_recording

    return target != TWIN and is_recording(target)


def from_file(
    target: str,
    options: "Options",
    recorded_at: str | None,
    files: "Mapping[str, Path | None]",
    document: str | None,
) -> "Report":
    """Judge a recording; `files` are those of its report. Raises SettingError and FileError."""
    from usagetwin_checker.running.recorded import report_of
    from usagetwin_checker.talking.base_urls import base_url_of
    from usagetwin_checker.talking.recordings.loading import load
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber, secrets_here

    context = click.get_current_context()
    for name, option in OF_A_RUN.items():
        if context.get_parameter_source(name) not in (ParameterSource.DEFAULT, None):
            problem = f"{option} says how a target is asked, and {quoted(target)} is a recording"
            raise SettingError(problem, f"a recording without {option}, or a base URL as the target")
    refuse_unwritable_reports(files, {"the recording": target, "the document": document})
    at = None if recorded_at is None else base_url_of(recorded_at, "--recorded-at")
    return report_of(load(target, Scrubber(secrets_here()), at, options.operation.path), options)


def refuse_misplaced(recorded_at: str | None, unused: "Path | None") -> None:
    """Raise SettingError for a base URL of a target that has one, and a file that nothing would be in."""
    if recorded_at is not None:
        problem = (
            f"--recorded-at {quoted_url(recorded_at)} chooses a base URL of a recording, and this is none"
        )
        raise SettingError(problem, "the file of a recording as the target, or no --recorded-at")
    if unused is not None:
        problem = f"{OPTION} {quoted(str(unused))} records a check, and none is run"
        raise SettingError(problem, f"{OPTION} without --show-plan and --dry-run")


def recorded(asked: "Target", options: "Options", file: "Path") -> "Target":
    """Give a target that is recorded from its first exchange on. Raises SettingError, as `to_record` does."""
    from usagetwin_checker.reporting.reports import base_of
    from usagetwin_checker.running.remembered import to_remember
    from usagetwin_checker.talking.recordings.recorder import Recorder
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber, secrets_here

    known = to_remember(options, built_in_token=asked.token is not None)
    return Recorder(asked, to_record(file, base_of(asked.name), known, Scrubber(secrets_here())))


def to_record(
    file: "Path", base_url: str, known: "Mapping[str, Any]", scrubber: "Scrubber", option: str = OPTION
) -> "Recording":
    """Give a recording, which takes the place of an old one once it begins.

    Raises SettingError for a file that is no ordinary one, is written by another run, or can't be written.
    """
    from usagetwin_checker.talking.recordings.writing import Recording

    if file == OUTPUT:
        problem = f"{option} - names a stream, and a recording is a file that grows with each answer"
        raise SettingError(problem, f"{option} FILE.har")
    if file.exists() and not stat.S_ISREG(file.stat().st_mode):
        problem = f"{option} {quoted(str(file))} is no ordinary file, and a recording grows with each answer"
        raise SettingError(problem, f"{option} FILE.har")
    try:
        return Recording(file, base_url, known, scrubber, _say(file))
    except BlockingIOError:
        problem = f"{option} {quoted(str(file))} is being written by another usagetwin"
        raise SettingError(problem, f"{option} with another file, or the end of the other one") from None
    except OSError as error:
        problem = f"{option} {quoted(str(file))} can't be written: {error.strerror or error}"
        raise SettingError(
            problem, f"{option} FILE.har, in a folder that exists and can be written"
        ) from None


def _say(file: "Path") -> "Callable[[str], None]":
    def say(why: str) -> None:
        text = f"usagetwin: the recording can't be written on to {quoted(str(file))}: {why}"
        click.echo(text, err=True)

    return say
