"""A proxy that judges, served from this process in front of any upstream, and always ended."""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.testing.running import serving
from usagetwin import Settings, create_app
from usagetwin_checker.commands.recordings import to_record
from usagetwin_checker.proxying.app import Proxy
from usagetwin_checker.proxying.gone_by import GoneBy, to_remember_of
from usagetwin_checker.proxying.upstream import Upstream
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.redirect.connect_proxy import ConnectProxy
from usagetwin_checker.running.report import Options
from usagetwin_checker.talking.recordings.scrubbing import Scrubber
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.proxying.each_answer import Said


@dataclass(slots=True)
class Passed:
    """A proxy: where it is, what has gone by, and what was said of each."""

    url: str
    gone_by: GoneBy
    said: "list[tuple[Exchange, Said]]" = field(default_factory=list)


@contextmanager
def proxied(
    upstream: str | Upstream,
    *,
    file: "Path | None" = None,
    options: Options | None = None,
    within_s: float = 30.0,
) -> "Iterator[Passed]":
    """Serve a proxy until the block is left; its recording is whole then."""
    given, scrubber = options or Options(), Scrubber()
    to = Upstream(upstream, within_s=within_s) if isinstance(upstream, str) else upstream
    said: list[tuple[Exchange, Said]] = []
    recording = None if file is None else to_record(file, to.base_url, to_remember_of(given), scrubber)
    gone_by = GoneBy(
        to.base_url,
        given,
        scrubber,
        loopback=to.is_here,
        recording=recording,
        tell=lambda exchange, what: said.append((exchange, what)),
    )
    proxy = Proxy(to, gone_by)
    server = TwinServer(proxy, Authority(), at_end=proxy.close)
    server.start()
    with ExitStack() as ends:
        ends.callback(gone_by.end)
        ends.callback(server.stop)
        yield Passed(server.url, gone_by, said)


@contextmanager
def upstream_twin(world: str, *, now: str, deviation: str | None = None) -> "Iterator[str]":
    """Serve a twin, and give its base URL."""
    with serving(create_app(Settings(world=world, now=now, deviation=deviation))) as url:
        yield url


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A host that only a proxy leads to: that proxy's URL, and the file of the host's CA."""

    proxy: str
    ca_file: str


@contextmanager
def elsewhere(app: "ASGIApp", host: str, folder: "Path") -> "Iterator[Elsewhere]":
    """Serve an app over TLS as another host."""
    authority = Authority()
    server = TwinServer(app, authority, hosts=[host])
    server.start()
    proxy = ConnectProxy(server.routes, authority, hosts=[host])
    proxy.start()
    file = folder / "elsewhere.pem"
    file.write_bytes(authority.pem)
    try:
        yield Elsewhere("http://{}:{}".format(*proxy.address), str(file))
    finally:
        proxy.stop()
        server.stop()
