"""Requests about who asks, and with which headers: each shows whether the target has a choice switched on.

They come last: most are about rules of tier observed and chosen.
"""

from typing import TYPE_CHECKING, Final

from usagetwin_checker.asking.steps import Step
from usagetwin_checker.exchanges import Ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ORIGIN: Final = "https://app.example"


def access(roles: "Iterable[str]") -> "Iterator[Step]":
    """Give a request without the beta header, one from a page, and one by a token of each role."""
    yield Step("no beta header", Ask(beta=False))
    yield Step("a page that asks", Ask(origin=ORIGIN))
    for role in sorted(roles):
        yield Step(f"a {role} token", Ask(role=role))
