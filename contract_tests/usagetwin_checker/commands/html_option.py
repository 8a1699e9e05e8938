"""The option `--html FILE` of commands that come to a report, and what is refused before they begin."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from usagetwin.commands.files import refuse_unwritable, write_or_say

if TYPE_CHECKING:
    from collections.abc import Callable

OPTION: Final = "--html"
ABOUT: Final = "Write it as a page here: one file, to be opened from disk; needs the extra `page`."
html_option: Final = click.option(
    OPTION,
    "html_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=ABOUT,
)


def refuse_html(file: Path | None) -> None:
    """Raise SettingError where a page is asked for that can't be made, or written."""
    if file is None:
        return
    from usagetwin_checker.reporting.page.document import require_page

    require_page(OPTION)
    refuse_unwritable(file, OPTION)


def write_html(file: Path | None, page: "Callable[[], str]") -> None:
    """Write the page that is asked for, whole or not at all."""
    if file is not None:
        write_or_say(file, page(), "the page")
