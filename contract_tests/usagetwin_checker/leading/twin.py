"""The twin of one run: served where programs are led to, and what all of them asked it."""

import os
from typing import TYPE_CHECKING, Final, Self

from usagetwin.control.front import Control
from usagetwin.settings import CONTROL_VARIABLE
from usagetwin.stage.plays import Limits, Plays
from usagetwin.stage.served import ServedStage
from usagetwin_checker.leading.led_server import LedServer
from usagetwin_checker.leading.tally import Tally

if TYPE_CHECKING:
    from types import TracebackType

    from usagetwin.account.world import World
    from usagetwin.settings import Settings
    from usagetwin_checker.redirect.authority import Authority


class LedTwin:
    """A twin that programs are led to, within `with`; afterwards its `tally` is whole."""

    def __init__(
        self,
        settings: "Settings",
        world: "World",
        *,
        block_other_hosts: bool,
        authority: "Authority | None" = None,
        tls_port: int = 0,
    ) -> None:
        """Make it, and serve nothing yet; others may have the same authority. Raises SettingError."""
        self.tally: Final = Tally()
        self._served: Final = ServedStage(
            settings, world, Plays(Limits(), at_end=lambda made: self.tally.add(made.play))
        )
        self._served.recording = True
        token = os.environ.get(CONTROL_VARIABLE) or None
        self._led: Final = LedServer(
            Control(self._served, self._served, token=token),
            block_other_hosts=block_other_hosts,
            authority=authority,
            tls_port=tls_port,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What leads a program here, whole."""
        return self._led.environment

    def __enter__(self) -> Self:
        """Serve. Raises SettingError."""
        self._led.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        """End all plays, free the ports, and remove the files."""
        try:
            for made in self._served.plays.all():
                self._served.plays.end(made)
            self._served.default.close()
            self.tally.add(self._served.default)
        finally:
            self._led.__exit__(kind, error, trace)
