"""Which answers are not the API's: something between it and the checker may have given them.

Rule: an answer is in doubt when it has another shape than the document's, and either is gone when it is asked
for again, or the same request in plain words is answered as documented. Source: `SEMANTICS` 6.
"""

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.findings import Finding

    Send = Callable[[tuple[Ask, ...]], list[Exchange] | None]

OK: Final = 200
JSON: Final = "application/json"
PLAIN: Final = re.compile(r"[A-Za-z0-9_.-]{0,64}")
PLAIN_WORD: Final = "x"
MOST_GROUPS: Final = 3
AGAIN: Final = "asked again, or in plain words, the target answers as documented"
TELLING: Final = ("server", "via", "location")  # headers that say who answered


def is_strange(exchange: "Exchange") -> bool:
    """Tell whether an answer has another shape than the document's; a 200 in JSON is always the target's."""
    ask = exchange.ask
    if exchange.failure is not None or ask.method != "GET" or ask.suffix or not ask.beta:
        return False
    if exchange.media_type != JSON:
        return True
    return exchange.status != OK and not exchange.keeps_schema


def is_a_series(exchange: "Exchange") -> bool:
    """Tell whether an answer is a 200 in JSON: then it is the target's, however wrong it may be."""
    return exchange.status == OK and not is_strange(exchange)


def who(exchange: "Exchange") -> str:
    """Say who seems to have answered: status, media type, and the headers that tell."""
    sent = [f"{name.title()}: {exchange.headers[name]}" for name in TELLING if exchange.headers.get(name)]
    return ", ".join([f"{exchange.status} {exchange.media_type or 'without a content type'}", *sent])


def in_doubt(exchanges: "Sequence[Exchange]", send: "Send | None") -> "Mapping[str, tuple[Exchange, ...]]":
    """Give the answers in doubt, by who seems to have given them. Asks a few of the requests again.

    `send` gives None when there are too few requests left; then nothing is in doubt. Without it, as
    nothing may be asked again, all are.
    """
    groups: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        if is_strange(exchange):
            groups[who(exchange)].append(exchange)
    return {
        name: tuple(found)
        for name, found in list(groups.items())[:MOST_GROUPS]
        if send is None or _goes_away(found[0].ask, send)
    }


def doubts(
    strange: "Mapping[str, tuple[Exchange, ...]]",
    shown_by: "Callable[[Exchange], Iterable[Finding]]",
    *,
    asked_again: bool = True,
) -> "Iterator[Finding]":
    """Give a finding for each of those who may have answered, by the first rule that its answer breaks."""
    why = AGAIN if asked_again else "it was not asked again"
    for name, exchanges in strange.items():
        for finding in list(shown_by(exchanges[0]))[:1]:
            text = f"{finding.message}; something in between may have answered ({name}): {why}"
            yield replace(finding, message=text, doubtful=True)


def _goes_away(ask: "Ask", send: "Send") -> bool:
    """Tell whether a request, repeated or in plain words, is answered in the document's shape."""
    return any(
        again is not None and again.failure is None and not is_strange(again)
        for wording in dict.fromkeys((ask, _plainly(ask)))
        for again in send((wording,)) or ()
    )


def _plainly(ask: "Ask") -> "Ask":
    """Give a request that is as valid or invalid, without what a firewall takes for an attack."""
    words = tuple(
        (name, value if PLAIN.fullmatch(value) else PLAIN_WORD)
        for name, value in ask.parameters
        if PLAIN.fullmatch(name)
    )
    return replace(ask, parameters=words)
