"""The twin of one run: served with and without TLS on free ports, with a proxy that leads to it."""

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

from usagetwin.control.front import Control
from usagetwin.settings import CONTROL_VARIABLE
from usagetwin.stage.plays import Limits, Plays
from usagetwin.stage.served import ServedStage
from usagetwin_checker.leading.tally import Tally
from usagetwin_checker.leading.variables import Variables
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.redirect.connect_proxy import ConnectProxy
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from types import TracebackType

    from usagetwin.account.world import World
    from usagetwin.settings import Settings

BLOCKING: Final = "--block-other-hosts"


class LedTwin:
    """A twin that programs are led to, within `with`; afterwards its `tally` is whole."""

    def __init__(
        self,
        settings: "Settings",
        world: "World",
        *,
        block_other_hosts: bool,
        authority: Authority | None = None,
    ) -> None:
        """Make it, and serve nothing yet; others may have the same authority. Raises SettingError."""
        self.tally: Final = Tally()
        self._served: Final = ServedStage(
            settings, world, Plays(Limits(), at_end=lambda made: self.tally.add(made.play))
        )
        self._served.recording = True
        token = os.environ.get(CONTROL_VARIABLE) or None
        authority = Authority() if authority is None else authority
        self._server: Final = TwinServer(Control(self._served, self._served, token=token), authority)
        self._authority: Final = authority
        self._block: Final = block_other_hosts
        self._ends: Final = ExitStack()
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Serve; `environment` is what leads a program here, whole."""
        with ExitStack() as ends:
            self._server.start()
            ends.callback(self._server.stop)
            proxy = ConnectProxy(
                self._server.routes, self._authority, block_others=self._block, option=BLOCKING
            )
            proxy.start()
            ends.callback(proxy.stop)
            variables = ends.enter_context(Variables(proxy, self._server, block_other_hosts=self._block))
            self.environment = {**os.environ, **variables.all}
            self._ends.push(ends.pop_all())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        """End all plays, free the ports, and remove the files."""
        with self._ends:
            for made in self._served.plays.all():
                self._served.plays.end(made)
            self._served.default.close()
            self.tally.add(self._served.default)
