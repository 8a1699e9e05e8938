"""The options that name a file for a report of a check: which there are, and what is written to each."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from usagetwin.commands.files import OUTPUT, refuse_taken, refuse_unwritable, write_or_say
from usagetwin_checker.commands.html_option import ABOUT as HTML_ABOUT
from usagetwin_checker.commands.html_option import refuse_html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin_checker.running.report import Report

HTML: Final = "html"
JSON: Final = "json"
PROFILE: Final = "write_profile"


class Form(NamedTuple):
    """One form of a report: what the option's help says, and what writes it."""

    about: str
    write: "Callable[[Report], str]"


def _json(report: "Report") -> str:
    from usagetwin_checker.reporting.json_report import as_json

    return as_json(report)


def _junit(report: "Report") -> str:
    from usagetwin_checker.reporting.junit import as_junit

    return as_junit(report)


def _sarif(report: "Report") -> str:
    from usagetwin_checker.reporting.sarif import as_sarif

    return as_sarif(report)


def _code_quality(report: "Report") -> str:
    from usagetwin_checker.reporting.code_quality import as_code_quality

    return as_code_quality(report)


def _html(report: "Report") -> str:
    from usagetwin_checker.reporting.page.check_page import check_page

    return check_page(report)


def _profile(report: "Report") -> str:
    from usagetwin_checker.reporting.learned import as_profile

    return as_profile(report)


FORMS: Final = {
    JSON: Form("Write the report here; with -, to the output, and what is for people to the errors.", _json),
    HTML: Form(HTML_ABOUT, _html),
    "junit": Form("Write it as JUnit XML, with a case for each rule.", _junit),
    "sarif": Form("Write its findings as SARIF 2.1.0, on lines of the contract.", _sarif),
    "code_quality": Form("Write its findings as GitLab's code quality report.", _code_quality),
    PROFILE: Form(
        "Learn as --learn does, and write the profile under which the twin does as the target.", _profile
    ),
}


def report_files(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """Add the options; the command gets a path, or None, by the name of each form."""
    for name, form in reversed(FORMS.items()):
        kind = click.Path(dir_okay=False, path_type=Path, allow_dash=name == JSON)
        command = click.option(_option(name), name, metavar="FILE", type=kind, help=form.about)(command)
    return command


def refuse_unwritable_reports(
    files: "Mapping[str, Path | None]", inputs: "Mapping[str, Path | str | None]"
) -> None:
    """Raise SettingError for a file that can't be written, is named twice or is one of the `inputs`.

    It comes before there is a report.
    """
    names = dict.fromkeys((*FORMS, *files))  # click gives them in the order of the command line
    refuse_taken({_option(name): files.get(name) for name in names}, with_token(inputs))
    for name in names:
        file = files.get(name)
        if file is None or file == OUTPUT:
            continue
        if name == HTML:
            refuse_html(file)
        refuse_unwritable(file, _option(name))


def with_token(inputs: "Mapping[str, Path | str | None]") -> "Mapping[str, Path | str | None]":
    """Add the file that the access token is in to what a command reads."""
    from usagetwin_checker.talking.tokens import FILE_VARIABLE

    return {**inputs, "the access token": os.environ.get(FILE_VARIABLE) or None}


def write_reports(report: "Report", files: "Mapping[str, Path | None]") -> None:
    """Write each form that a file was named for."""
    for name, file in files.items():
        if file == OUTPUT:
            click.echo(FORMS[name].write(report), nl=False)
        elif file is not None:
            write_or_say(file, FORMS[name].write(report), "the report")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
