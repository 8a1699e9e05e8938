"""What an operation says in words, and how that differs from what the contract says.

Rule: a sentence counts where it stands: the same words at another parameter say something else. Headings (the
summary, titles, tags) say nothing that a rule rests on.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.operation import PARAMETERS, SESSIONS
from usagetwin.contract.sentence_ledger import sentence_ledger
from usagetwin.contract.sentences import split
from usagetwin.contract.siblings.resolving import object_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from usagetwin.contract.siblings.resolving import Resolver

    Said = Mapping[str, tuple[str, ...]]  # by place: its sentences, in their order, each once

OPERATION: Final = "the operation"
COUNTED: Final = f"Get time-series arrays of the number of {SESSIONS.counted}."
OTHERS: Final = re.compile(re.escape(COUNTED).replace(re.escape(SESSIONS.counted), r"([^.]{1,80})"))
DEEPEST: Final = 12  # words in a schema that refers to itself are few; its meaning is refused elsewhere


def said(
    item: "Mapping[str, Any]",
    operation: "Mapping[str, Any]",
    parameters: "Mapping[str, Any]",
    resolver: "Resolver",
) -> "Said":
    """Give the sentences of an operation, and of its path, by the place where each stands.

    Raises UnresolvedError.
    """
    found: dict[str, list[str]] = {OPERATION: [*split(_text(item)), *split(_text(operation))]}
    for name in PARAMETERS:
        if name in parameters:
            _of_schema(parameters[name].get("schema"), place(name), "", found, resolver)
            found[place(name)] = [*split(_text(parameters[name])), *found.get(place(name), [])]
    for status, response in _answers(operation):
        with resolver.entered(response) as own:
            found[answer(status)] = list(split(_text(own)))
            _of_schema(body_schema(own), answer(status), "", found, resolver)
    return {where: tuple(dict.fromkeys(sentences)) for where, sentences in found.items()}


def counted(theirs: "Said") -> str | None:
    """Give what an operation counts, in its own words; None where it does not say so as the contract does."""
    for sentence in theirs.get(OPERATION, ()):
        told = OTHERS.fullmatch(sentence)
        if told is not None:
            return told[1]
    return None


def differences(theirs: "Said", ours: "Said", also: "Said") -> "Iterator[str]":
    """Say which sentences a rule rests on that are not there, and which are there that no rule knows.

    `also` are sentences that may be there. Of a place that is not there at all nothing is said.
    """
    own = counted(theirs)
    for where, sentences in theirs.items():
        known = ours.get(where, ())
        told = {_as_ours(each, own): each for each in sentences}
        missing = [each for each in known if each not in told and each in _bearing()]
        more = [each for as_ours, each in told.items() if as_ours not in (*known, *also.get(where, ()))]
        for wanted, instead in zip(missing, more, strict=False):
            yield f"{where} says {instead!r}, and the contract {wanted!r}"
        for wanted in missing[len(more) :]:
            yield f"{where} does not say {wanted!r}"
        for instead in more[len(missing) :]:
            yield f"{where} says {instead!r}, of which the contract knows nothing"


def place(parameter: str) -> str:
    """Name a parameter as a place."""
    return f"its parameter {parameter}"


def answer(status: str) -> str:
    """Name an answer as a place."""
    return f"its answer {status}"


def body_schema(response: "Mapping[str, Any]") -> object:
    """Give the schema of an answer's JSON; an empty one where there is none."""
    return object_of(object_of(response.get("content")).get("application/json")).get("schema", {})


def _answers(operation: "Mapping[str, Any]") -> "Iterator[tuple[str, object]]":
    responses = object_of(operation.get("responses"))
    yield from ((str(status), response) for status, response in responses.items())


def _of_schema(
    schema: object, where: str, path: str, found: dict[str, list[str]], resolver: "Resolver"
) -> None:
    """Gather the words of a schema and of those in it."""
    if schema is None or path.count("/") > DEEPEST:
        return
    with resolver.entered(schema) as own:
        found.setdefault(f"{where}{' at ' + path if path else ''}", []).extend(split(_text(own)))
        for name, each in object_of(own.get("properties")).items():
            _of_schema(each, where, f"{path}/{name}", found, resolver)
        for keyword in ("items", "additionalProperties"):
            if isinstance(own.get(keyword), dict):
                _of_schema(own[keyword], where, f"{path}/{keyword}", found, resolver)
        for each in own["allOf"] if isinstance(own.get("allOf"), list) else ():
            _of_schema(each, where, path, found, resolver)


def _text(value: "Mapping[str, Any]") -> str:
    text = value.get("description")
    return text if isinstance(text, str) else ""


def _as_ours(sentence: str, own: str | None) -> str:
    """Give a sentence with what the contract counts in the place of what its operation does."""
    return sentence if own is None else sentence.replace(own, SESSIONS.counted)


@cache
def _bearing() -> frozenset[str]:
    return frozenset(entry.sentence for entry in sentence_ledger() if entry.rules)
