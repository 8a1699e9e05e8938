"""The commands `usagetwin drift`: what moved since the last look, as text, as files, as an exit status."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from usagetwin.commands.files import OUTPUT, refuse_taken, refuse_unwritable, write_or_say, write_whole
from usagetwin.errors import FileError
from usagetwin_checker.commands.html_option import html_option, refuse_html, write_html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin_checker.drifting.patch import Patch
    from usagetwin_checker.reporting.drift import DriftReport

NONE: Final = 0
DRIFT: Final = 1
INCONCLUSIVE: Final = 3
Function = TypeVar("Function", bound="Callable[..., Any]")


@click.group()
def drift() -> None:
    """Say what moved: in LaunchDarkly's document, or in what a target does; and propose the patch.

    Exit status: 0 nothing moved, 1 drift, 2 usage, 3 nothing to compare. With --apply it is 0 where the patch
    follows all that moved.
    """


def drift_options(command: "Function") -> "Function":
    """Add the options that both commands have."""
    for option in (
        click.option("--apply", "applying", is_flag=True, help="Make the proposed changes."),
        click.option(
            "--patch",
            "patch_file",
            metavar="FILE",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write the proposed changes here, for `git apply`.",
        ),
        html_option,
        click.option(
            "--json",
            "json_file",
            metavar="FILE",
            type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
            help="Write the report here; with -, to the output, and what is for people to the errors.",
        ),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Files:
    """The files that a command was asked for."""

    json: Path | None
    html: Path | None
    patch: Path | None

    def refuse_unwritable(self, inputs: "Mapping[str, Path | str | None]") -> None:
        """Raise SettingError for a file that can't be written, is named twice or is one of the `inputs`.

        It comes before anything is done.
        """
        others = {"--json": self.json, "--patch": self.patch}
        refuse_taken({**others, "--html": self.html}, inputs)
        refuse_html(self.html)
        for option, file in others.items():
            if file is not None and file != OUTPUT:
                refuse_unwritable(file, option)


def make_changes(patch: "Patch", folder: Path) -> None:
    """Write the files of a patch, each whole or not at all. Raises FileError."""
    for name, (_, new) in patch.changed.items():
        try:
            write_whole(folder / name, new)
        except OSError as error:
            problem = f"it can't be written: {error.strerror or error}"
            raise FileError(name, None, problem, "--patch FILE, and `git apply` where it can be") from None


def publish(report: "DriftReport", files: Files) -> None:
    """Write the report to its files, print it, and end with its status."""
    from rich.console import Console

    from usagetwin_checker.reporting.drift_forms import drift_as_json, drift_on_terminal
    from usagetwin_checker.reporting.page.drift_page import drift_page

    if files.json == OUTPUT:
        click.echo(drift_as_json(report), nl=False)
    elif files.json is not None:
        write_or_say(files.json, drift_as_json(report), "the report")
    write_html(files.html, lambda: drift_page(report))
    if files.patch is not None:
        write_or_say(files.patch, report.patch.diff(), "the patch")
    drift_on_terminal(report, Console(emoji=False, stderr=files.json == OUTPUT))
    sys.exit(DRIFT if report.drifted and (report.remains or not report.applied) else NONE)
