"""How a process has its plays together with others: by a book that twins of the same options share."""

from dataclasses import replace
from typing import TYPE_CHECKING

from usagetwin import __version__
from usagetwin.account.world.written import text_of
from usagetwin.settings import Settings
from usagetwin.stage.plays import MadePlay, Plays
from usagetwin.stage.served import ServedStage
from usagetwin.stage.shared.book import DEFAULT, Book
from usagetwin.stage.shared.following import Following
from usagetwin.stage.shared.mirror import Mirror
from usagetwin.stage.shared.performing import Performing
from usagetwin.stage.shared.script import digest
from usagetwin.stage.shared.stage import SharedStage
from usagetwin.store import MEMORY, attempts_of, client_of

if TYPE_CHECKING:
    from redis import Redis

    from usagetwin.account.world import World
    from usagetwin.stage.plays import Limits
    from usagetwin.store import Attempts


def company(settings: Settings, world: "World", limits: "Limits") -> tuple[SharedStage, Mirror]:
    """Give the stage of one process, and the plays of all, as the settings' store has them.

    Raises SettingError.
    """
    client = client_of(settings.store)
    return company_of(settings, world, limits, client=client, attempts=attempts_of(settings.store))


def company_of(
    settings: Settings, world: "World", limits: "Limits", *, client: "Redis", attempts: "Attempts"
) -> tuple[SharedStage, Mirror]:
    """Give the same for a client of a store. Raises SettingError."""
    book = Book(client, attempts, twin=_twin(settings, world), limits=limits)

    def forget(made: MadePlay) -> None:
        following.forget(made)

    plays = Plays(limits, at_end=forget)
    served = ServedStage(settings, world, plays, sharing=Performing(book, DEFAULT))
    following = Following(book, served)
    return SharedStage(served, book, following), Mirror(book, served.first, limits, plays.shared)


def _twin(settings: Settings, world: "World") -> str:
    """Give what sets twins apart: they share plays that answer alike where nothing is told, and no others."""
    alike = replace(settings, world="", store=MEMORY, reply_cache=True, access_log=False)
    return digest(
        f"{__version__} {sorted(alike.policies.items())} {replace(alike, policies={})} {text_of(world)}"
    )
