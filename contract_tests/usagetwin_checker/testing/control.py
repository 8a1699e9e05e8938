"""What a test says to its twin, and asks of it: the object behind the fixture `usage_twin`.

Rule: nothing is decided here. What a test says is read, and what it asks for is made, by the modules next
to this one.
"""

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from usagetwin.account.siblings import ledger_of
from usagetwin.days import iso
from usagetwin.errors import SettingError
from usagetwin.stage import changes
from usagetwin.stage.durations import duration_s
from usagetwin.stage.faults import make_fault
from usagetwin.stage.instants import moment
from usagetwin.stage.kinds import is_count
from usagetwin.stage.matching import wanted
from usagetwin_checker.testing.asserting import BrokenRequestsError, assert_requests
from usagetwin_checker.testing.expected import expected
from usagetwin_checker.testing.layers import Change, Layer, Layers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from usagetwin.account.ledger import Ledger
    from usagetwin.account.world import Role, World
    from usagetwin.stage.accounts import Account
    from usagetwin.stage.consumer import RequestFinding
    from usagetwin.stage.instants import Instant
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.play import Play
    from usagetwin.stage.setup import Setup
    from usagetwin_checker.testing.distant_play import DistantPlay
    from usagetwin_checker.testing.expected import Expected

__tracebackhide__ = True  # a test's mistake is shown where the test makes it


class UsageTwin:
    """One test's twin of the usage API. Any thread of the test may use it.

    Instants are Unix seconds, ISO 8601, a date or a datetime, and UTC where they name no zone. Every change
    acts at once and gives a `Change`. What can't be is refused with a SettingError that says what can. Errors
    of the test's own functions on the server's thread are raised by the next use of anything here.
    """

    def __init__(
        self,
        play: "Play | DistantPlay",
        *,
        url: str,
        environment: "Callable[[], Mapping[str, str]]" = dict,
        allow: "Iterable[str]" = (),
    ) -> None:
        """Take the test's play, the twin's plain URL, and the variables that lead other programs to it.

        `allow` are the ids of rules that the test's requests may break. Raises SettingError.
        """
        self._play: Final = play
        self._url: Final = url
        self._environment: Final = environment
        self._layers: Final = Layers(play)
        self._ledger: tuple[World, Ledger] | None = None
        self._errors_lock: Final = Lock()
        self._errors_raised = 0
        self.allow(*allow)

    def __repr__(self) -> str:
        """Say which account answers, at which instant, and how often it was asked."""
        asked, setup = len(self._play.journal.requests), self._play.setup
        return f"<UsageTwin: {setup.world.name} at {iso(setup.now_s)}, requests: {asked}>"

    def freeze(self, instant: "Instant") -> Change:
        """Let the clock stand at an instant."""
        return self._change(changes.frozen(instant))

    def advance(self, delta: "timedelta | None" = None, **units: float) -> Change:
        """Let the clock stand later than it is at this moment, whether it stood or ran.

        `units` are weeks, days, hours, minutes and seconds, whole or not: the API sees whole seconds, and the
        parts of one add up. Undone, the clock is as it was before.
        """
        seconds = duration_s(delta, units)
        instant = self._play.setup.exact_s + seconds
        return self._change(lambda setup: replace(setup, frozen_s=instant))

    def world(self, account: "Account") -> Change:
        """Let another account answer: a world's name, a .yaml or .csv file, or counts.

        Counts are, for each project, its sessions of each UTC day: `{"web": {"2026-03-01": 5}}`. Raises
        FileError for a file that is no world.
        """
        return self._change(changes.of_world(account))

    def policy(self, **values: str | int) -> Change:
        """Decide policies by name, whatever profile and world say."""
        return self._change(changes.decided(values))

    def profile(self, name: str) -> Change:
        """Let another set of policies hold, below those that are decided by name."""
        return self._change(changes.of_profile(name))

    def token(self, token: str, role: "str | Role") -> Change:
        """Say what a token may do: full, revoked, forbidden or throttled."""
        return self._change(changes.listing(token, role))

    def fault(
        self,
        name: str | int,
        *,
        times: int | None = None,
        when: "Callable[[Recorded], object] | Mapping[str, Any] | None" = None,
        chance: float | None = None,
        seed: int = 0,
        **details: object,
    ) -> Change:
        """Show a fault: to every request, or as `times`, `when` and `chance` say; `details` are its own.

        A number is the status of the answer: `fault(429)`. `when` is a function of the recorded request, or
        the parameters that it must have, as `assert_called` takes them.
        """
        self.raise_errors()
        fault = make_fault(name, times=times, when=when, chance=chance, seed=seed, **details)
        self._play.faults.add(fault)
        return Change(lambda: self._play.faults.remove(fault))

    def allow(self, *rules: str) -> Change:
        """Let requests break rules, by id: for a test that sends something wrong on purpose."""
        self.raise_errors()
        return self._layers.lay(Layer(changes.allowing(rules)))

    @property
    def now(self) -> "datetime":
        """Give the twin's instant, in UTC."""
        self.raise_errors()
        return moment(self._play.setup.now_s)

    @property
    def url(self) -> str:
        """Give the base URL at which the twin answers over plain HTTP, without a slash at its end."""
        return self._url

    def environment(self) -> dict[str, str]:
        """Give the variables that lead the requests of another program to the twin."""
        return dict(self._environment())

    def expected(
        self,
        *,
        from_: "Instant | None" = None,
        to: "Instant | None" = None,
        project_key: "str | Sequence[str]" = (),
        granularity: str | None = None,
        aggregation_type: str | None = None,
        **wire: "Instant | Sequence[str] | None",
    ) -> "Expected":
        """Give the series that the ledger implies for a query at this moment, defaults filled in.

        Parameters may have their names on the wire too, such as `projectKey` and `aggregationType`.
        Raises InvalidQueryError, a ValueError, for a query that the contract refuses.
        """
        self.raise_errors()
        named = {
            "from_": from_,
            "to": to,
            "project_key": None if project_key == () else project_key,
            "granularity": granularity,
            "aggregation_type": aggregation_type,
        }
        given = wanted({**{name: value for name, value in named.items() if value is not None}, **wire})
        setup = self._play.setup
        return expected(
            self._ledger_of(setup.world),
            setup.policies,
            setup.now_s,
            [(name, value) for name, values in given.items() for value in values],
        )

    @property
    def requests(self) -> "tuple[Recorded, ...]":
        """Give the requests so far, in the order of their arrival."""
        self._play.looked = True
        requests = self._play.journal.requests
        self.raise_errors()
        return requests

    @property
    def calls(self) -> int:
        """Count the requests so far."""
        return len(self.requests)

    def assert_called(
        self, *, times: int | None = None, **parameters: "Instant | Sequence[str] | None"
    ) -> None:
        """Raise AssertionError unless `times` requests came with these parameters; by default at least one.

        Parameters have their names on the wire, or those of `expected`; None means that one is absent.
        `projectKey` is one key, or a sequence of all keys in any order. Others may be anything.
        """
        if times is not None and not is_count(times):
            problem = f"{times!r} is no number of requests"
            raise SettingError(problem, "a whole number from 0")
        assert_requests(self.requests, wanted(parameters), times)

    def assert_not_called(self) -> None:
        """Raise AssertionError if any request came."""
        assert_requests(self.requests, {}, 0)

    @property
    def findings(self) -> "tuple[RequestFinding, ...]":
        """Give what the requests so far do against the rules of the contract, where it was not allowed."""
        findings = self._play.findings
        self.raise_errors()
        return findings

    def check_requests(self) -> None:
        """Raise BrokenRequestsError, an AssertionError, if a request broke a rule of the contract."""
        findings = self.findings
        if findings:
            raise BrokenRequestsError(findings)

    def raise_errors(self) -> None:
        """Raise what failed on the server's thread, one error at a time, each once."""
        with self._errors_lock:
            errors = self._play.errors[self._errors_raised :]
            self._errors_raised += bool(errors)
        if errors:
            raise errors[0]

    def _change(self, over: "Callable[[Setup], Setup]") -> Change:
        self.raise_errors()
        return self._layers.lay(Layer(over))

    def _ledger_of(self, world: "World") -> "Ledger":
        known = self._ledger
        if known is None or known[0] is not world:
            known = self._ledger = (world, ledger_of(world))
        return known[1]
