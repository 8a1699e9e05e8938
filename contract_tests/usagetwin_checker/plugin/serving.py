"""The server behind all tests of one run, and how one test uses it: set, judged, and left as it was.

Importing this loads the twin, so it is imported by the first test that needs one.
"""

import ssl
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from http.client import HTTPSConnection
from typing import TYPE_CHECKING, Final

import pytest

from usagetwin.contract.operation import PATH
from usagetwin.errors import UsageTwinError
from usagetwin.settings import Settings
from usagetwin.stage.patience import Patience
from usagetwin.stage.play import Play
from usagetwin.stage.replies import error
from usagetwin.stage.setup import Setup
from usagetwin.stage.stage import Stage
from usagetwin_checker.plugin import judged
from usagetwin_checker.plugin.blind_spots import RUN, Run
from usagetwin_checker.plugin.chosen import choose
from usagetwin_checker.plugin.judged import JUDGED, LEFT_OVER, Judged, fail_or_warn
from usagetwin_checker.plugin.sources import failed, run_sources
from usagetwin_checker.redirect.active import Redirect
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.redirect.connect_proxy import ConnectProxy
from usagetwin_checker.testing.control import UsageTwin
from usagetwin_checker.testing.distant_play import DistantPlay, DistantStage
from usagetwin_checker.testing.running_twin import RunningTwin
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.plugin.chosen import Chosen

BLOCKING: Final = "block_other_hosts"
LONGER_WAIT: Final = (
    "a time-out in the client; or longest_wait=SECONDS in the marker usage_twin, where a client waits longer"
)
NO_TEST: Final = error(
    503, "no_test", "No test is using the twin. Ask it while a test runs that has the fixture `usage_twin`."
)
WARM_UP_S: Final = 10.0
WARM_UP: "Final[tuple[tuple[str, dict[str, str]], ...]]" = (  # an answer, and a refusal of each kind
    ("aggregationType=incremental", {"Authorization": "api-warm-up"}),
    ("granularity=hourly", {"Authorization": "api-warm-up"}),
    ("", {}),
)


class Serving:
    """One server, and the ways to it. Tests use it one after the other."""

    def __init__(self, config: pytest.Config) -> None:
        """Start to serve."""
        url = choose(run_sources(config)).url
        self._config: Final = config
        self._running: Final = None if url is None else RunningTwin.at(url)
        self._stage: Final = Stage(closed=NO_TEST) if url is None else DistantStage(closed=NO_TEST)
        self._authority: Final = Authority()
        self._server: Final = TwinServer(self._stage, self._authority)
        self._proxies: Final[dict[bool, ConnectProxy]] = {}
        self._doors: Final[set[tuple[str, int]]] = set()
        self._server.start()
        self._redirect: Final = Redirect(self._server.routes, self._authority, doors=self._doors)
        if self._running is not None:
            self._redirect.spare(self._running.place.host)

    def warm_up(self) -> None:
        """Ask what loads libraries with its first use, so that no test waits for it."""
        if self._running is not None:
            return
        chosen = choose(run_sources(self._config))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._authority.trust(context)
        self._stage.play = self._play(chosen, "", None)
        with closing(HTTPSConnection(*self._server.tls_address, context=context, timeout=WARM_UP_S)) as link:
            for query, headers in WARM_UP:
                link.request("GET", f"{PATH}?{query}", headers=headers)
                link.getresponse().read()
        self._server.drop_connections()
        self._stage.play = None

    def join_the_run(self) -> None:
        """Let the run hear of its tests' requests."""
        if not self._config.pluginmanager.is_registered(judged):
            self._config.pluginmanager.register(judged, "usagetwin-judged")
            self._config.stash[LEFT_OVER] = self._redirect.left_over

    def stop(self) -> None:
        """End the server, and what leads to it."""
        with ExitStack() as ends:
            ends.callback(self._server.stop)
            ends.callback(self._redirect.deactivate)
            for proxy in self._proxies.values():
                ends.callback(proxy.stop)

    @contextmanager
    def playing(self, item: pytest.Item, chosen: "Chosen") -> "Iterator[UsageTwin]":
        """Let a test use the twin; at its end, tell it of the requests that it has not been told of yet."""
        run = item.stash.get(RUN, Run())
        play = self._play(chosen, item.nodeid, run.deviation)
        environment = partial(self._environment, block_others=chosen.block_other_hosts)
        twin = UsageTwin(play, url=self._server.url, environment=environment, allow=chosen.allow)
        item.stash[JUDGED] = Judged(
            twin, play, chosen.requests, chosen.unused, partial(self._stopped, play), self._redirect.renew
        )
        self._stage.play = play
        try:
            yield twin
        finally:
            play.close()
            self._server.drop_connections()
            self._stage.play = None
            run.requests = play.journal.requests
        try:
            fail_or_warn(item)
        finally:
            del item.stash[JUDGED]

    @contextmanager
    def intercepting(self, name: str, *, block_other_hosts: bool) -> "Iterator[None]":
        """Let the hostnames lead here, for a test of this name."""
        self._redirect.block(BLOCKING if block_other_hosts else None)
        self._redirect.lead_programs(partial(self._environment, block_others=block_other_hosts))
        try:
            self._redirect.activate(name)
            yield
        finally:
            self._redirect.deactivate()

    def _play(self, chosen: "Chosen", name: str, deviation: str | None) -> Play | DistantPlay:
        """Make what a test's settings say, here or on the running twin. Fails the test for what can't be."""
        settings = Settings(profile=chosen.profile, policies=chosen.policies, deviation=deviation)
        patience = Patience(chosen.longest_wait, remedy=LONGER_WAIT)
        try:
            setup = Setup(world=chosen.world, settings=settings, frozen_s=chosen.now)
            if self._running is None:
                return _with_faults(Play(setup, patience=patience), chosen)
            return _with_faults(DistantPlay(self._running, setup, name=name, patience=patience), chosen)
        except UsageTwinError as error:
            raise failed(error) from None

    def _stopped(self, play: Play | DistantPlay) -> list[str]:
        """Give what was stopped: on its way past the twin, or in a wait without end."""
        return [*map(str, self._redirect.stopped()), *play.patience.endless]

    def _environment(self, *, block_others: bool) -> dict[str, str]:
        """Give the variables that lead another program here."""
        if block_others not in self._proxies:
            proxy = ConnectProxy(
                self._server.routes, self._authority, block_others=block_others, option=BLOCKING
            )
            proxy.start()
            self._doors.add(proxy.address)
            self._proxies[block_others] = proxy
        return self._proxies[block_others].environment()


def _with_faults(play: Play | DistantPlay, chosen: "Chosen") -> Play | DistantPlay:
    """Give a play that shows the faults of a test's settings. Raises SettingError, and ends the play."""
    try:
        for fault in chosen.faults:
            play.faults.add(fault)
    except UsageTwinError:
        play.close()
        raise
    return play
