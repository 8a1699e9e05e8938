"""What a play can be told, each as a function from the setup before to the one after it.

Rule: what is said is read here, once, and a SettingError says what can be; `Play.alter` makes it so.
"""

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Protocol

from usagetwin.account.world.csv_file import read_csv
from usagetwin.account.world.yaml_file import read_yaml
from usagetwin.deviations import deviation
from usagetwin.errors import SettingError, quoted
from usagetwin.policies import PROFILES
from usagetwin.profiles import is_file
from usagetwin.stage.accounts import built_in, world_of
from usagetwin.stage.instants import instant_s
from usagetwin.stage.mistakes import checked
from usagetwin.stage.tokens import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin.account.world import Role
    from usagetwin.stage.accounts import Account
    from usagetwin.stage.instants import Instant
    from usagetwin.stage.setup import Setup

__tracebackhide__ = True  # a test's mistake is shown where the test makes it


class Over(Protocol):
    """One change: what it makes of the setup before it."""

    def __call__(self, setup: "Setup", /) -> "Setup":
        """Give the setup after it. Raises SettingError where that can't be."""
        ...


def all_of(changes: "Iterable[Over]") -> Over:
    """Give one change for several, of which each is made of the one before it."""
    several = tuple(changes)
    return lambda setup: reduce(lambda before, over: over(before), several, setup)


def frozen(instant: "Instant") -> "Over":
    """Let the clock stand at an instant."""
    now_s = instant_s(instant)
    return lambda setup: replace(setup, frozen_s=now_s)


def advanced(seconds: float) -> "Over":
    """Let the clock stand later than it is by then, whether it stood or ran."""
    return lambda setup: replace(setup, frozen_s=setup.exact_s + seconds)


def released() -> "Over":
    """Let the clock be the machine's."""
    return lambda setup: replace(setup, frozen_s=None)


def of_world(account: "Account") -> "Over":
    """Let another account answer. Raises FileError, too, for a file that is no world."""
    world = world_of(account)
    return lambda setup: replace(setup, world=world)


def of_built_in_world(name: str) -> "Over":
    """Let a world that comes with usagetwin answer, by its name; a file of this machine is none."""
    return of_world(built_in(name))


def of_world_text(text: str, form: str, name: str) -> "Over":
    """Let a world answer that is written out as `yaml` or `csv`. Raises FileError for a text that is none."""
    world = {"yaml": read_yaml, "csv": read_csv}[form](text, name)
    return lambda setup: replace(setup, world=world)


def weighing(world_bytes: int) -> "Over":
    """Note how large the text was that the world was sent as."""
    return lambda setup: replace(setup, world_bytes=world_bytes)


def decided(policies: "Mapping[str, str | int]") -> "Over":
    """Decide policies by name, whatever profile and world say, beside those that are decided."""
    chosen = {name: str(value) for name, value in policies.items()}

    def over(setup: "Setup") -> "Setup":
        settings = replace(setup.settings, policies={**setup.settings.policies, **chosen})
        return replace(setup, settings=settings)

    return over


def deciding_only(policies: "Mapping[str, str | int]") -> "Over":
    """Decide these policies by name, and no other."""
    chosen = {name: str(value) for name, value in policies.items()}
    return lambda setup: replace(setup, settings=replace(setup.settings, policies=chosen))


def of_profile(name: str) -> "Over":
    """Let another set of policies hold, below those that are decided by name; no file of this machine."""
    if is_file(name):
        problem = f"a profile is told by its name, and {quoted(name)} is a file"
        raise SettingError(problem, f"one of {', '.join(PROFILES)}", "profile")
    return lambda setup: replace(setup, settings=replace(setup.settings, profile=name))


def deviating(name: str | None) -> "Over":
    """Let all answers show a fault of the contract's or a legal variation, or none."""
    if name is not None:
        deviation(name)
    return lambda setup: replace(setup, settings=replace(setup.settings, deviation=name))


def listing(token: str, role: "str | Role") -> "Over":
    """Say what a token may do: full, revoked, forbidden or throttled."""
    tokens = listed(token, role)
    return lambda setup: replace(setup, tokens={**setup.tokens, **tokens})


def listing_only(roles: "Mapping[str, str | Role]") -> "Over":
    """Say what these tokens may do; others may what the world lets them."""
    tokens = {token: known for text, role in roles.items() for token, known in listed(text, role).items()}
    return lambda setup: replace(setup, tokens=tokens)


def allowing(rules: "Iterable[str]") -> "Over":
    """Let requests break rules, by id, beside those that they may break."""
    allowed = frozenset(map(checked, rules))
    return lambda setup: replace(setup, allowed=setup.allowed | allowed)


def allowing_only(rules: "Iterable[str]") -> "Over":
    """Let requests break these rules, by id, and no other."""
    allowed = frozenset(map(checked, rules))
    return lambda setup: replace(setup, allowed=allowed)
