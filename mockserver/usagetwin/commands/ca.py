"""The command `usagetwin ca`: the local authority's certificate, and what makes programs believe it."""

from typing import TYPE_CHECKING, Final

import click

from usagetwin.commands.variables import VariableOption, naming_variables

if TYPE_CHECKING:
    from pathlib import Path

    from usagetwin.tls.kept import Kept

NOTE: Final = """\
SSL_CERT_FILE, REQUESTS_CA_BUNDLE, PHP's settings and Java's store replace what a program believes otherwise:
set them where it is to speak to the twin. `usagetwin ca --bundle` prints this certificate and all that this
machine believes, for a program that speaks to others too."""


CA_DIR: Final = click.option(
    "--ca-dir",
    cls=VariableOption,
    envvar="USAGETWIN_CA_DIR",
    metavar="DIR",
    help="Where the local authority is kept; by default in your data directory.",
)


@click.command()
@click.option("--pem", is_flag=True, help="Print the certificate.")
@click.option("--bundle", is_flag=True, help="Print the certificate, and all that this machine believes.")
@CA_DIR
def ca(*, pem: bool, bundle: bool, ca_dir: str | None) -> None:
    """Print where the certificate of the local authority is, and how to have it trusted.

    `usagetwin serve --tls` has its certificates from this authority. It is made where there is none; its
    key never leaves this machine.
    """
    with naming_variables(click.get_current_context()):
        found = local_authority(ca_dir)
    if pem or bundle:
        from usagetwin.tls.believed import bundle as with_believed

        content = with_believed(found.certificate) if bundle else found.certificate
        click.echo(content, nl=False)
        return
    from usagetwin.commands.listing import echo
    from usagetwin.tls.believing import lines

    echo(str(found.file))
    for program, typed in lines(str(found.file)):
        echo(f"\n{program}")
        for line in typed:
            echo(f"  {line}")
    echo(f"\n{NOTE}")


def local_authority(ca_dir: str | None) -> "Kept":
    """Give the local authority, and say where it has taken the place of another. Raises SettingError."""
    from datetime import UTC, datetime
    from pathlib import Path

    from usagetwin.tls.kept import default_folder, kept

    found = kept(default_folder() if ca_dir is None else _folder(Path(ca_dir)), datetime.now(UTC))
    if found.made_again:
        problem = f"{found.file} is a new certificate, as the old one was about to expire"
        click.echo(f"usagetwin: {problem}; import it again where you have imported it", err=True)
    return found


def _folder(given: "Path") -> "Path":
    """Give the whole path, so that what is printed holds in each folder."""
    return given.expanduser().absolute()
