"""What hand-made exchanges leave possible of a choice."""

from typing import TYPE_CHECKING

from tests.checker.conversations import KNOWN, numbered
from usagetwin_checker.choices.lessons import seen_of

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge


def left(choice: str, *exchanges: "Exchange", knowledge: "Knowledge" = KNOWN) -> set[str]:
    """Give the ways of a choice that are possible; the twin's own is the empty text."""
    return {*seen_of(numbered(*exchanges), knowledge, only_get=False).possible(choice)}
