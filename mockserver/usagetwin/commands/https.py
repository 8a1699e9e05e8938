"""The options of `usagetwin serve` that are about HTTPS, and what they come to: a port, and what it shows."""

from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from usagetwin.commands.ca import CA_DIR, local_authority
from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from usagetwin.serving.listeners import Tls

DEFAULT_PORT: Final = 8443
FILE: Final = click.Path(path_type=Path)
OPTIONS: Final = (
    click.option("--tls", is_flag=True, help="Answer HTTPS too, on a port of its own; see `usagetwin ca`."),
    click.option(
        "--tls-port",
        type=click.IntRange(0, 65535),
        help=f"Port of HTTPS; 0 takes a free one.  [default: {DEFAULT_PORT}]",
    ),
    click.option(
        "--name",
        "names",
        multiple=True,
        metavar="HOST",
        help="A host that the certificate is for as well; may be repeated.",
    ),
    click.option("--cert", type=FILE, metavar="FILE", help="A certificate of your own, with its chain."),
    click.option("--key", type=FILE, metavar="FILE", help="The key of --cert."),
    CA_DIR,
    click.option(
        "--publish-ca",
        type=FILE,
        metavar="DIR",
        help="Put the certificate of the local authority there, for everybody to read.",
    ),
)


@dataclass(frozen=True, slots=True)
class Https:
    """What the options say; `ca_dir` may come from a variable, and counts where the authority is used."""

    tls: bool
    port: int | None
    names: "Sequence[str]"
    cert: Path | None
    key: Path | None
    ca_dir: str | None
    publish_ca: Path | None

    def shown(self, host: str) -> "tuple[Tls, Path | None] | None":
        """Give port and certificates, and the file to trust where the authority is ours; None without --tls.

        Raises SettingError.
        """
        self._refuse_what_is_left_out()
        if not self.tls:
            return None
        from datetime import UTC, datetime

        from usagetwin.serving.listeners import Tls
        from usagetwin.tls.own import own
        from usagetwin.tls.published import publish

        port = DEFAULT_PORT if self.port is None else self.port
        cert, key = self.cert, self.key
        if cert is not None and key is not None:
            return Tls.of(port, lambda: (own(cert, key),)), None
        names = tuple(self._names(host))
        authority = local_authority(self.ca_dir)
        file = authority.file if self.publish_ca is None else publish(authority, self.publish_ca)
        return Tls.of(port, lambda: authority.vouch(names, datetime.now(UTC))), file

    def _refuse_what_is_left_out(self) -> None:
        given = {
            "--tls-port": self.port,
            "--name": self.names,
            "--cert": self.cert,
            "--key": self.key,
            "--publish-ca": self.publish_ca,
        }
        named = [option for option, value in given.items() if value not in (None, ())]
        if named and not self.tls:
            problem = f"{named[0]} is about HTTPS, which is served with --tls alone"
            raise SettingError(problem, f"--tls beside {named[0]}")
        for one, other in (("--cert", "--key"), ("--key", "--cert")):
            if one in named and other not in named:
                problem = f"{one} without {other}: a server shows a certificate, and proves it with its key"
                raise SettingError(problem, "--cert FILE --key FILE; or neither, for the local authority's")
        if "--cert" in named and self.names:
            problem = "--name changes nothing about a certificate of your own"
            raise SettingError(problem, "--cert and --key alone; or --name alone")
        if "--cert" in named and self.publish_ca is not None:
            problem = "--publish-ca is about the local authority, and a certificate of your own has another"
            raise SettingError(problem, "--cert and --key alone; or --publish-ca alone")

    def _names(self, host: str) -> "Iterator[str]":
        """Give the hosts: the real ones, those of the user's, and the address that is listened on."""
        from usagetwin.hosts import HOSTS
        from usagetwin.tls.names import certificate_name

        yield from HOSTS
        yield from map(certificate_name, self.names)
        address = host.partition("%")[0]  # without the interface of an address of IPv6
        with suppress(SettingError):  # a host that is none can't be listened on, which is said then
            if not _is_every_address(address):
                yield certificate_name(address)


def _is_every_address(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return not host


def with_https(command: "Callable[..., None]") -> "Callable[..., None]":
    """Add the options to a command, which gets them as one argument: `https`."""

    @wraps(command)
    def gathering(  # noqa: PLR0913 -- one argument for each option
        *,
        tls: bool,
        tls_port: int | None,
        names: "Sequence[str]",
        cert: Path | None,
        key: Path | None,
        ca_dir: str | None,
        publish_ca: Path | None,
        **others: Any,  # noqa: ANN401 -- the command's own
    ) -> None:
        command(https=Https(tls, tls_port, names, cert, key, ca_dir, publish_ca), **others)

    with_options: Callable[..., None] = gathering
    for option in reversed(OPTIONS):
        with_options = option(with_options)
    return with_options
