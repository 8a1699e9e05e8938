"""The environment that leads programs in any language: the proxy's own, and what it leaves out."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Self

from usagetwin.tls.believed import BUNDLES
from usagetwin_checker.leading.node import VARIABLE as NODE
from usagetwin_checker.leading.node import node_options
from usagetwin_checker.leading.trust_store import PASSWORD, trust_store
from usagetwin_checker.redirect.active import NO_PROXY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from usagetwin_checker.redirect.connect_proxy import ConnectProxy
    from usagetwin_checker.testing.server import TwinServer

BASE_URL: Final = "USAGETWIN_URL"
PROXIES: Final = tuple(
    form for name in ("http_proxy", "https_proxy", "all_proxy") for form in (name, name.upper())
)
HERE: Final = ("localhost", "127.0.0.1", "::1")
JAVA: Final = "JAVA_TOOL_OPTIONS"
PHP: Final = "PHP_INI_SCAN_DIR"
PHP_INI: Final = 'openssl.cafile="{bundle}"\ncurl.cainfo="{bundle}"\n'


class Variables:
    """The variables, and within `with` the private files that they name."""

    def __init__(
        self, proxy: "ConnectProxy", server: "TwinServer", *, hosts: "Iterable[str]", block_other_hosts: bool
    ) -> None:
        """Take a proxy, the server of these hosts, both of which have started."""
        self._hosts: Final = hosts
        self._proxy: Final = proxy
        self._server: Final = server
        self._block: Final = block_other_hosts
        self._folder: Final = TemporaryDirectory(prefix="usagetwin-")
        self.all: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Write the files."""
        led, folder = self._proxy.environment(), Path(self._folder.name)
        bundle = Path(led[BUNDLES[0]])
        host, port = self._proxy.address
        past = () if self._block else (led[name] for name in NO_PROXY)
        self.all = {
            **led,
            **dict.fromkeys(PROXIES, f"http://{host}:{port}"),
            **dict.fromkeys(NO_PROXY, ",".join(dict.fromkeys(filter(None, (*past, *HERE))))),
            JAVA: _java(folder, bundle, host, port),
            PHP: _php(folder, bundle),
            NODE: node_options(folder, self._server.tls_address, os.environ.get(NODE), self._hosts),
            BASE_URL: self._server.url,
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        """Remove them."""
        self._folder.cleanup()


def _java(folder: Path, bundle: Path, host: str, port: int) -> str:
    """Give Java the proxy, which it does not use for this machine, and a store; its own options stay."""
    store = folder / "trusted.p12"
    store.write_bytes(trust_store(bundle.read_bytes()))
    properties = {
        "https.proxyHost": host,
        "https.proxyPort": port,
        "http.proxyHost": host,
        "http.proxyPort": port,
        "javax.net.ssl.trustStore": store,
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": PASSWORD,
    }
    ours = (
        f'"-D{name}={value}"' if " " in str(value) else f"-D{name}={value}"
        for name, value in properties.items()
    )
    return " ".join(filter(None, (os.environ.get(JAVA), *ours)))


def _php(folder: Path, bundle: Path) -> str:
    """Let PHP believe the bundle, beside the settings that it has: an empty entry is its own folder."""
    (folder / "php").mkdir()
    (folder / "php" / "usagetwin.ini").write_text(PHP_INI.format(bundle=bundle), encoding="utf-8")
    return os.pathsep.join((os.environ.get(PHP, ""), str(folder / "php")))
