"""The rule catalogue: reads `rules.yaml`, and refuses an entry that is not exactly a rule."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from usagetwin.contract.citations import Citation, Tier, rendered, whereabouts
from usagetwin.contract.files import RULES_FILE, contract_bytes, parsed
from usagetwin.errors import ContractError, SettingError, nearby

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.contract.citations import Quotation

_Member = TypeVar("_Member", bound=StrEnum)
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REQUIRED: Final = frozenset({"tier", "cites", "about", "statement", "server", "client"})
_OPTIONAL: Final = frozenset({"policy"})


class About(StrEnum):
    """What shows whether a rule holds."""

    REQUEST = "request"
    ANSWER = "answer"
    SERIES = "series"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Rule:
    """One checkable sentence of the contract.

    `server` is what the server's owner does where it is broken, `client` what a client does. `cites` are in
    the notation of `openapi/rules.yaml`; `policy` names the policy that switches the rule.
    """

    id: str
    tier: Tier
    about: About
    statement: str
    server: str
    client: str
    cites: tuple[str, ...]
    policy: str | None = None

    @property
    def citation(self) -> str:
        """Write tier and source for a message, as in `prose, launchdarkly-usage.yaml:19`."""
        return rendered(self.tier, self.cites, self.policy)

    @property
    def quotations(self) -> "tuple[Quotation, ...]":
        """Give the words that the rule rests on, and where each stands."""
        return tuple(words for cite in self.cites for words in Citation(cite).quotations())

    @property
    def whereabouts(self) -> tuple[str, ...]:
        """Give where the cited text is to be read: on a page of LaunchDarkly's, or in an installed file."""
        return whereabouts(self.tier)


@cache
def rules() -> "Mapping[str, Rule]":
    """Give every rule by its id, in the order of the catalogue; read-only."""
    return rules_of(contract_bytes(RULES_FILE).decode())


def rule(rule_id: str) -> Rule:
    """Give one rule; raise `SettingError` with the nearby id when there is none of that name."""
    found = rules().get(rule_id)
    if found is None:
        raise SettingError(problem=f"there is no rule {rule_id!r}", remedy=nearby(rule_id, rules()))
    return found


def rules_of(text: str) -> "Mapping[str, Rule]":
    """Read a catalogue from YAML; raise `ContractError` for the first entry that is not exactly a rule."""
    catalogue = parsed(text, RULES_FILE)
    if not isinstance(catalogue, dict):
        raise ContractError(RULES_FILE, "is no mapping of ids to rules", "write one entry per rule")
    return MappingProxyType({rule_id: _rule(rule_id, entry) for rule_id, entry in catalogue.items()})


def _rule(rule_id: str, entry: object) -> Rule:
    if _SLUG.fullmatch(rule_id) is None:
        raise _wrong(rule_id, "its id is no slug", "use lower-case words joined by hyphens")
    if not isinstance(entry, dict) or not _REQUIRED <= entry.keys() <= _REQUIRED | _OPTIONAL:
        fields = ", ".join(sorted(_REQUIRED))
        raise _wrong(
            rule_id, "its fields are not those of a rule", f"give {fields}, and policy where one exists"
        )
    texts = {name: entry[name] for name in ("statement", "server", "client", "policy") if name in entry}
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise _wrong(rule_id, f"its {name} is {text!r}", "write one line of plain words")
    tier = _member(Tier, rule_id, "tier", entry["tier"])
    about = _member(About, rule_id, "about", entry["about"])
    return Rule(id=rule_id, tier=tier, about=about, cites=_cites(rule_id, tier, entry["cites"]), **texts)


def _member(kind: type[_Member], rule_id: str, name: str, value: Any) -> _Member:  # noqa: ANN401 -- as found in the file
    try:
        return kind(value)
    except ValueError:
        raise _wrong(rule_id, f"its {name} is {value!r}", f"use one of {', '.join(kind)}") from None


def _cites(rule_id: str, tier: Tier, cites: object) -> tuple[str, ...]:
    if not isinstance(cites, list) or not cites or not all(isinstance(cite, str) for cite in cites):
        raise _wrong(rule_id, "it cites nothing", "list one citation or more")
    for cite in cites:
        citation = Citation(cite)
        if citation.tier is not tier:
            raise _wrong(
                rule_id, f"its tier is {tier}, and {cite!r} is a citation of another", "split the rule"
            )
        misquoted = citation.misquotation()
        if misquoted is not None:
            raise _wrong(rule_id, misquoted, "cite what the text says, or change the text on purpose")
    return tuple(cites)


def _wrong(rule_id: str, problem: str, remedy: str) -> ContractError:
    return ContractError(where=f"{RULES_FILE}: rule {rule_id!r}", problem=problem, remedy=remedy)
