"""Spend what is left of a run on what its target's answers can teach.

Rule: it comes when the verdict is known, and changes nothing of it.
"""

from typing import TYPE_CHECKING, Final

from usagetwin_checker.choices.lessons import Lessons, lessons_of, most_telling, seen_of
from usagetwin_checker.running.report import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.running.sending import Sender

ROUND: Final = 6  # requests until all is read again
MOST: Final = 100  # requests in all: a target that leaves something open for ever is not asked for ever


def learned(
    sender: "Sender", answers: "Callable[[], list[Exchange]]", knowledge: "Knowledge", *, only_get: bool
) -> Lessons:
    """Ask what tells most, read all answers again, and so on, until nothing would tell more.

    `answers` gives all that may be the target's own.
    """
    before = len(sender.exchanges)
    sender.phase = Phase.LEARN
    while True:
        seen = seen_of(answers(), knowledge, only_get=only_get)
        asked = len(sender.exchanges) - before
        asks = list(filter(sender.may_send, most_telling(seen, min(ROUND, MOST - asked))))
        if not asks or not sender.send_all(sender.in_time(asks)):
            return lessons_of(seen, asked)
