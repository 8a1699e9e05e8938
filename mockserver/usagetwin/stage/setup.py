"""What a twin's answers depend on beside the request, as one value that can be replaced."""

from dataclasses import dataclass, field, replace
from math import floor
from typing import TYPE_CHECKING

from usagetwin.days import LAST_INSTANT_S, iso
from usagetwin.errors import SettingError
from usagetwin.settings import Settings
from usagetwin.stage.machine import clock_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.account.world import Role, World
    from usagetwin.policies import Policies

__tracebackhide__ = True  # a test's mistake is shown where the test makes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything that a twin's answers depend on, beside the request. Raises SettingError for what can't be.

    And what is made of the requests: `allowed` are the rules that they may break. `token` is the one that the
    play is behind, if it is behind one: it may do all, unless `tokens` says otherwise.

    `settings.world` and `settings.now` count for nothing here: `world` is the account itself, and `frozen_s`
    the instant that the clock stands at, or None for the machine's clock. `tokens` come before those that
    the world lists.
    """

    world: "World"
    settings: Settings = field(default_factory=Settings)
    tokens: "Mapping[str, Role]" = field(default_factory=dict)
    frozen_s: float | None = None
    allowed: frozenset[str] = frozenset()
    token: str | None = field(default=None, repr=False)
    world_bytes: int = 0  # of the text that the world was sent as

    def __post_init__(self) -> None:
        """Check the policies and the clock, so that the server finds nothing wrong later."""
        self.settings.policies_over(self.world.policies)
        if not 0 <= self.now_s <= LAST_INSTANT_S:
            problem = f"the clock can't stand at {self.now_s} seconds"
            raise SettingError(problem, f"an instant from 1970-01-01 to {iso(LAST_INSTANT_S)}")

    @property
    def exact_s(self) -> float:
        """Give the instant of this moment, with the part of a second that the clock was advanced by."""
        return clock_s() if self.frozen_s is None else self.frozen_s

    @property
    def now_s(self) -> int:
        """Give the instant of this moment, in Unix seconds."""
        return floor(self.exact_s)

    @property
    def policies(self) -> "Policies":
        """Give one value for every policy."""
        return self.settings.policies_over(self.world.policies)

    @property
    def account(self) -> "World":
        """Give the world with the tokens that were named before those of its own."""
        tokens = {**self._own_token, **self.tokens}
        return replace(self.world, tokens={**self.world.tokens, **tokens}) if tokens else self.world

    @property
    def _own_token(self) -> "Mapping[str, Role]":
        """Give the play's token where only listed ones are let in: without it plays share a twin."""
        if self.token is None or self.policies.unknown_tokens != "reject":
            return {}
        from usagetwin.account.world import Role

        return {self.token: Role.FULL}
