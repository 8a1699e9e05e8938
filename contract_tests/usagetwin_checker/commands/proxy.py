"""The command `usagetwin proxy`: requests are passed on, and their answers judged, until a signal ends it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from usagetwin.commands.files import OUTPUT
from usagetwin.commands.https import with_https
from usagetwin.commands.signals import Stop
from usagetwin.errors import quoted
from usagetwin_checker.commands.passing_by import Telling, counted, gone_by_of, tell_the_end
from usagetwin_checker.commands.publishing import EXIT, publish
from usagetwin_checker.commands.recordings import OPTION
from usagetwin_checker.commands.report_files import (
    FORMS,
    refuse_unwritable_reports,
    report_files,
)
from usagetwin_checker.commands.upstream_options import upstream_and_options, upstream_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.commands.https import Https
    from usagetwin_checker.proxying.gone_by import GoneBy
    from usagetwin_checker.proxying.upstream import Upstream

DEFAULT_PORT: Final = 8081  # beside `usagetwin serve`


@click.command()
@click.option(
    "--upstream",
    required=True,
    metavar="URL",
    help="Where requests are passed on to, such as https://app.launchdarkly.com.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    OPTION,
    metavar="FILE.har",
    type=click.Path(path_type=Path),
    help="Write what is asked and answered here as HAR, without secrets, as it goes.",
)
@upstream_options
@report_files
@click.option("--quiet", is_flag=True, help="Tell of broken rules and of the end alone.")
@click.option("--verbose", is_flag=True, help="Tell of each choice in full, and of each rule not judged.")
@with_https
def proxy(  # noqa: PLR0913 -- one argument for each option
    *,
    upstream: str,
    host: str,
    port: int,
    record: Path | None,
    quiet: bool,
    verbose: bool,
    https: "Https",
    **others: Any,  # noqa: ANN401 -- the options of `upstream_options` and `report_files`
) -> None:
    """Pass requests on to an upstream, and judge its answers, each as it goes by and all at the end.

    SIGTERM, SIGHUP or Ctrl-C ends it. Exit status: 0 pass, 1 fail, 2 usage, 3 inconclusive.
    """
    from rich.console import Console

    from usagetwin.serving.log import FAREWELL_S, standard_log
    from usagetwin_checker.proxying.app import Proxy
    from usagetwin_checker.proxying.serving import serve

    files = {name: others.pop(name) for name in FORMS}
    to, options = upstream_and_options(upstream, **others)
    inputs = {"the CAs": others["cacert"], "the certificate": https.cert, "the key": https.key}
    refuse_unwritable_reports({**files, "record": record}, inputs)
    shown = https.shown(host)
    log = standard_log()
    telling = Telling(log.put, each=not quiet, strict=options.strict)
    gone_by = gone_by_of(to, options, record, tell=telling)
    in_output = OUTPUT in files.values()
    try:
        tls = None if shown is None else shown[0]
        ready = _ready(to, gone_by, quiet=quiet, in_errors=in_output)
        serve(Proxy(to, gone_by), to, (host, port), tls, ready)
    finally:
        gone_by.end()
        log.finish(FAREWELL_S)
    with Stop() as stop:
        report = gone_by.report()
        tell_the_end(gone_by)
        if record is not None and gone_by.recorded < gone_by.judged:
            click.echo(
                f"usagetwin: {counted(gone_by)} and the answers are in {quoted(str(record))}", err=True
            )
        publish(report, Console(emoji=False, stderr=in_output), files, verbose=verbose)
    sys.exit(stop.status or EXIT[report.verdict])


def _ready(upstream: "Upstream", gone_by: "GoneBy", *, quiet: bool, in_errors: bool) -> "Callable[..., None]":
    def ready(url: str, tls_url: str = "") -> None:
        gone_by.begin()
        if not quiet:
            click.echo(f"usagetwin: requests are passed on to {upstream.base_url}", err=True)
            click.echo("usagetwin: Ctrl-C ends it, with the verdict on what has gone by", err=True)
        click.echo(f"usagetwin ready on {' and '.join(filter(None, [url, tls_url]))}", err=in_errors)

    return ready
