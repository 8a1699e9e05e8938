"""What a twin answers to some queries, as a recording has it, and the account that is recovered from that."""

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from usagetwin import Settings, create_app
from usagetwin.account.world.yaml_file import read_yaml
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.recovering.account import recovered
from usagetwin_checker.recovering.comparing import compared
from usagetwin_checker.recovering.file import text_of, world_of
from usagetwin_checker.recovering.known import answers_of
from usagetwin_checker.recovering.policies import policies_of
from usagetwin_checker.talking.targets import AppTarget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin.account.world import World
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.recovering.account import Account, Recovered
    from usagetwin_checker.recovering.comparing import Compared


class Found(NamedTuple):
    """A recovered account, its world's text, and how that compares with what was recorded."""

    account: "Account"
    text: str
    compared: "Compared"

    def project(self, key: str) -> "Recovered":
        """Give a project."""
        return next(each for each in self.account.projects if each.key == key)

    def counts(self, key: str) -> list[int]:
        """Give its counts from its creation on."""
        return [day.count for day in self.project(key).days.values()]

    def whys(self, key: str) -> list[str]:
        """Give why each of them is a guess; nothing for one that is known."""
        return [day.why for day in self.project(key).days.values()]

    def world(self) -> "World":
        """Give the world that its text reads as."""
        return read_yaml(self.text, "recovered.yaml")


def answered(world: "World", now_s: int, queries: "Iterable[str]") -> "list[Exchange]":
    """Ask a twin of a world."""
    app = create_app(Settings(reply_cache=False), world=world, clock=lambda: now_s)
    target = AppTarget(app, {})
    try:
        return [target.send(Ask(tuple(parse_qsl(query)))) for query in queries]
    finally:
        target.close()


def recover(
    exchanges: "Iterable[Exchange]",
    now_s: int,
    *,
    keys: "Iterable[str]" = (),
    complete: bool = False,
    seed: int = 0,
) -> Found:
    """Recover the account behind answers; without keys, those that were asked for are known."""
    asked = list(exchanges)
    named = frozenset(keys) or frozenset(
        key for each in asked if each.status == 200 for key in each.ask.values("projectKey")
    )
    knowledge = Knowledge(named, complete, Now(now_s, now_s))
    answers = answers_of(asked, knowledge)
    account = recovered(answers, knowledge, now_s, seed)
    text = text_of(account, "A test.", (), policies_of(asked, answers, knowledge))
    return Found(account, text, compared(world_of(text), answers, now_s))
