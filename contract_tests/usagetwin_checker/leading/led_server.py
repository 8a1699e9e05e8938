"""A server that programs are led to: an app with and without TLS on free ports, and what leads there."""

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

from usagetwin.errors import SettingError
from usagetwin.hosts import HOSTS
from usagetwin_checker.leading.variables import Variables
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.redirect.connect_proxy import ConnectProxy
from usagetwin_checker.redirect.listening import HERE
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType

    from starlette.types import ASGIApp

BLOCKING: Final = "--block-other-hosts"


class LedServer:
    """An app in the place of hosts, within `with`; `environment` then leads a program there, whole."""

    def __init__(  # noqa: PLR0913 -- what a server is started with
        self,
        app: "ASGIApp",
        *,
        hosts: "Sequence[str]" = HOSTS,
        block_other_hosts: bool,
        authority: Authority | None = None,
        tls_port: int = 0,
        at_end: "Callable[[], Awaitable[None]] | None" = None,
    ) -> None:
        """Take the app, and serve nothing yet; others may have the same authority.

        `at_end` is run in the event loop of the app, once nothing more is asked.
        """
        self._hosts: Final = hosts
        self._block: Final = block_other_hosts
        self._authority: Final = Authority() if authority is None else authority
        self._tls_port: Final = tls_port
        self._server: Final = TwinServer(app, self._authority, hosts=hosts, tls_port=tls_port, at_end=at_end)
        self._ends: Final = ExitStack()
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Serve. Raises SettingError."""
        with ExitStack() as ends:
            self._start()
            ends.callback(self._server.stop)
            proxy = ConnectProxy(
                self._server.routes,
                self._authority,
                hosts=self._hosts,
                block_others=self._block,
                option=BLOCKING,
            )
            proxy.start()
            ends.callback(proxy.stop)
            variables = Variables(proxy, self._server, hosts=self._hosts, block_other_hosts=self._block)
            self.environment = {**os.environ, **ends.enter_context(variables).all}
            self._ends.push(ends.pop_all())
        return self

    def _start(self) -> None:
        try:
            self._server.start()
        except OSError as error:
            problem = f"can't listen on {HERE}, port {self._tls_port}: {error}"
            remedy = (
                "another --tls-port (0 takes a free one), or a network namespace, which has every port free"
            )
            raise SettingError(problem, remedy) from None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        """Free the ports, and remove the files."""
        self._ends.close()
