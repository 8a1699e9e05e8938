"""The views of the page, in the order of its navigation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.page import account, query
from usagetwin.page.front import FIRST, PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.routing import Route

    from usagetwin.page.site import Site


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name, its title in the navigation, and the routes of it and of what it fetches."""

    name: str
    title: str
    routes: "Callable[[Site], list[Route]]"

    @property
    def path(self) -> str:
        """Give where it is."""
        return FIRST if self is VIEWS[0] else f"{PREFIX}/{self.name}"


VIEWS: Final = (
    View("account", "Account", account.routes),
    View("query", "Query", query.routes),
)
