"""The recorded question that is nearest to one that was not recorded, and in what they differ, in words.

Rule: values are shown of documented parameters alone; any other may be a secret.
"""

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from usagetwin.contract.operation import PARAMETERS, PATH
from usagetwin.errors import quoted
from usagetwin.replay.question import Credential

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from usagetwin.replay.question import Question

INSTANTS: Final = ("from", "to")
MOST_DIGITS: Final = 20
FAR: Final = 1 << 62
MOST_NAMED: Final = 6
LONGEST: Final = 64  # characters of a value
SENT_AS: Final = {
    Credential.NONE: "no Authorization header",
    Credential.BLANK: "a blank Authorization header",
    Credential.BEARER: "Authorization: Bearer ...",
    Credential.BASIC: "Authorization: Basic ...",
    Credential.UNKNOWN: "an unknown token as Authorization",
    Credential.TOKEN: "a token as Authorization",
}
BETA: Final = {True: "LD-API-Version: beta", False: "no LD-API-Version: beta"}


def nearest(asked: "Question", recorded: "Iterable[Question]") -> "Question":
    """Give the recorded question that differs least; of several alike, the first."""
    return min(recorded, key=lambda each: _distance(asked, each))


def target_of(question: "Question") -> str:
    """Give path and query of a question, with the values of documented parameters alone."""
    pairs = [(name, value if name in PARAMETERS else "...") for name, value in question.pairs]
    query = urlencode(pairs, quote_via=quote, safe="")
    return f"{PATH}{question.suffix}?{query}" if query else PATH + question.suffix


def differences(asked: "Question", recorded: "Question") -> "Iterator[str]":
    """Say in what two questions differ, one thing at a time."""
    if asked.method != recorded.method:
        yield f"it was asked by {recorded.method}, not {quoted(asked.method)}"
    if asked.suffix != recorded.suffix:
        yield f"its path ends in {quoted(PATH + recorded.suffix)}"
    for name in _names(asked, recorded):
        was, is_ = recorded.values(name), asked.values(name)
        if name not in PARAMETERS:
            yield f"it has {'another' if was and is_ else 'a' if was else 'no'} {quoted(name)}"
        elif not was:
            yield f"it has no {name}, not {_shown(name, is_)}"
        else:
            yield f"it has {_shown(name, was)}, not {_shown(name, is_) if is_ else 'none'}"
    if asked.credential is not recorded.credential and asked.credential and recorded.credential:
        yield f"it was sent with {SENT_AS[recorded.credential]}, not {SENT_AS[asked.credential]}"
    if asked.beta != recorded.beta:
        yield f"it was sent with {BETA[recorded.beta is True]}, not {BETA[asked.beta is True]}"


def _names(asked: "Question", recorded: "Question") -> "list[str]":
    """Name the parameters whose values differ."""
    names = dict.fromkeys(name for each in (recorded, asked) for name, _ in each.pairs)
    return [name for name in names if _values(asked, name) != _values(recorded, name)]


def _values(question: "Question", name: str) -> "tuple[str, ...] | frozenset[str]":
    values = question.values(name)
    return frozenset(values) if name == "projectKey" else values


def _shown(name: str, values: "tuple[str, ...]") -> str:
    named = "&".join(f"{name}={quote(_cut(value), safe='.')}" for value in values[:MOST_NAMED])
    return f"{named}&..." if len(values) > MOST_NAMED else named


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}..."


def _distance(asked: "Question", recorded: "Question") -> tuple[int, int, int]:
    """Give how far two questions are apart: path and method first, then how many things, then by how much."""
    elsewhere = (asked.method != recorded.method) + (asked.suffix != recorded.suffix)
    names = _names(asked, recorded)
    headers = (asked.credential is not recorded.credential) + (asked.beta != recorded.beta)
    seconds = sum(_apart(asked, recorded, name) for name in INSTANTS if name in names)
    return elsewhere, len(names) + headers, seconds


def _apart(asked: "Question", recorded: "Question", name: str) -> int:
    one, other = (_instant(each.values(name)) for each in (asked, recorded))
    return FAR if one is None or other is None else abs(one - other)


def _instant(values: "tuple[str, ...]") -> int | None:
    text = values[0] if values else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
