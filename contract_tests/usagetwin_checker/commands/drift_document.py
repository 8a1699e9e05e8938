"""The command `usagetwin drift document`: a newer document against the vendored one."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from usagetwin.errors import FileError, SettingError, quoted
from usagetwin_checker.commands.drift import INCONCLUSIVE, Files, drift_options, make_changes, publish

if TYPE_CHECKING:
    from usagetwin_checker.drifting.document import DocumentDrift
    from usagetwin_checker.drifting.patch import Patch

REMEDY: Final = "a file or URL with an OpenAPI document"
CHECKOUT_HAS: Final = "mockserver/usagetwin/contract/document.py"
NO_CHECKOUT: Final = (
    "what usagetwin is installed from is not yours to patch; --checkout FOLDER names a clone of its sources"
)


@click.command("document")
@click.argument("newer", metavar="FILE|URL")
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="HOST",
    help="A host that may be asked for the document beside LaunchDarkly's; repeat it.",
)
@click.option(
    "--checkout",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="The clone of usagetwin to patch: by default the one that this runs from.",
)
@drift_options
def drift_document(  # noqa: PLR0913 -- one argument for each option
    *,
    newer: str,
    allowed: tuple[str, ...],
    checkout: Path | None,
    applying: bool,
    patch_file: Path | None,
    html_file: Path | None,
    json_file: Path | None,
) -> None:
    """Compare a newer document of LaunchDarkly's with the vendored one, change by change.

    It is OpenAPI 3.0 or 3.1 in YAML or JSON, or the page that has it in a block; from a URL it is fetched
    without any credential.
    """
    from usagetwin_checker.drifting.document import document_drift
    from usagetwin_checker.drifting.edition import edition_of, vendored
    from usagetwin_checker.drifting.oasdiff import opinions
    from usagetwin_checker.reporting.drift import document_report

    files = Files(json_file, html_file, patch_file)
    files.refuse_unwritable({"the document": newer})
    edition = edition_of(_content(newer, allowed), _name(newer))
    found = document_drift(edition)
    folder = checkout or _own_checkout()
    patch = _patch(found, folder)
    applied = applying and folder is not None and bool(patch.changed)
    if applying and patch.none:
        problem = f"--apply has nothing to apply: {patch.none}"
        raise SettingError(problem, "no --apply")
    if applied and folder is not None:
        make_changes(patch, folder)
    publish(document_report(found, patch, opinions(vendored(), edition), applied=applied), files)


def _name(newer: str) -> str:
    return newer if "://" in newer else Path(newer).name


def _content(newer: str, allowed: tuple[str, ...]) -> bytes:
    """Give the bytes of a file or URL. Raises SettingError and FileError; ends where nothing was fetched."""
    from usagetwin_checker.talking.documents import LARGEST, NotFetchedError, fetched

    if not newer:
        problem = "the name of the document is empty, as a variable is that nobody set"
        raise SettingError(problem, REMEDY)
    if "://" in newer:
        try:
            return fetched(newer, allowed)
        except NotFetchedError as error:
            click.echo(f"inconclusive: {error}", err=True)
            sys.exit(INCONCLUSIVE)
    try:
        file = Path(newer)
        if not file.is_file():
            kind = "a folder" if file.is_dir() else "no file" if not file.exists() else "no ordinary file"
            raise FileError(quoted(newer), None, f"this is {kind}", REMEDY)
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise FileError(quoted(newer), None, f"it can't be read: {said}", "a file that can be read") from None
    if len(content) > LARGEST:
        problem = f"it is larger than the {LARGEST >> 20} MiB that a document may have"
        raise FileError(newer, None, problem, "the document of this endpoint alone")
    return content


def _own_checkout() -> Path | None:
    """Give the clone that this runs from, if it runs from one."""
    from usagetwin.data import openapi_folder

    folder = openapi_folder().parent
    return folder if (folder / CHECKOUT_HAS).is_file() else None


def _patch(found: "DocumentDrift", folder: Path | None) -> "Patch":
    from usagetwin_checker.drifting.contract_patch import contract_patch
    from usagetwin_checker.drifting.patch import Patch

    if folder is None:
        return Patch(none=NO_CHECKOUT) if found.changes else Patch()
    return contract_patch(found, folder, f"{datetime.now(UTC):%Y-%m}")
