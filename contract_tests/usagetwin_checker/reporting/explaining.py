"""What a name stands for (a rule, a fault, a variation, a policy, a world ...), and what to do about it.

Rule: names are looked up in all catalogues alike, whole or in part. Each entry is explained in lines of
plain text; nothing is decided here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import SHORTEST_PART, SettingError, matching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.contract import Rule

OF_THE_WIRE: Final = "fault of wire or HTTP"
INDENT: Final = 10  # of what stands beside a label, such as `  tier    `
MOST_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a catalogue, and what it is in one sentence."""

    kind: str
    name: str
    about: str

    @property
    def lines(self) -> list[str]:
        """Explain it: the first line names it, the others are indented."""
        return [f"{self.name} ({self.kind})", f"  {self.about}", *DETAILS[self.kind](self.name)]

    @property
    def record(self) -> dict[str, Any]:
        """Give it as it stands in a list in JSON."""
        return {"kind": self.kind, "name": self.name, "about": self.about, **FIELDS[self.kind](self.name)}


def sentence(text: str) -> str:
    """Write a text as a sentence: on one line, and with one full stop at its end."""
    words = " ".join(text.split()).rstrip(". ")
    return words if words.endswith(("!", "?")) else f"{words}."


def entries(*kinds: str) -> "Iterator[Entry]":
    """Give every entry of some kinds, or of all, catalogue by catalogue."""
    for kind, named in _catalogues():
        if not kinds or kind in kinds:
            for name, about in named:
                yield Entry(kind, name, sentence(about))


def found(text: str) -> list[Entry]:
    """Give the entries of a name; where it is no name, those that have it as a part.

    Raises SettingError with the few names that are near.
    """
    known = list(entries())
    wanted = text.strip().lower()
    exact = [entry for entry in known if entry.name == wanted]
    having = [entry for entry in known if len(wanted) >= SHORTEST_PART and wanted in entry.name]
    if exact or having:
        return exact or having
    near = matching(wanted, dict.fromkeys(entry.name for entry in known))
    problem = f"there is no rule, fault, variation, policy or world with {text!r} in its name"
    raise SettingError(problem, f"usagetwin explain {near[0]}{_or(near[1:])}" if near else ALL)


ALL: Final = "usagetwin explain, without a name, for the list of all"


def _or(others: tuple[str, ...]) -> str:
    return f", or one of {', '.join(others)}" if others else ""


def _catalogues() -> "Iterator[tuple[str, Iterator[tuple[str, str]]]]":
    from usagetwin.account.world import load_world, world_names
    from usagetwin.contract import rules
    from usagetwin.deviations import faults, variations
    from usagetwin.policies import POLICIES
    from usagetwin.stage.kinds import KINDS

    yield "rule", ((rule.id, rule.statement) for rule in rules().values())
    yield "fault", ((fault.name, fault.about) for fault in faults().values())
    yield OF_THE_WIRE, ((name, kind.about) for name, kind in KINDS.items())
    yield "legal variation", ((each.name, each.about) for each in variations().values())
    yield "policy", ((name, policy.about) for name, policy in POLICIES.items())
    yield "world", ((name, load_world(name).about) for name in world_names())


def _labelled(label: str, text: str) -> str:
    return f"  {label:<8}{text}"


def _rule_lines(name: str) -> "Iterator[str]":
    from usagetwin.contract import rule
    from usagetwin.deviations import faults, variations

    found = rule(name)
    yield _labelled("tier", str(found.tier))
    yield _labelled("source", found.citation)
    for words in found.quotations:
        yield f"{' ' * INDENT}{words.place}: {words.text!r}"
    first, *others = found.whereabouts
    yield _labelled("see", first)
    yield from (f"{' ' * INDENT}{place}" for place in others)
    yield from _both_sides(found)
    examples = [fault for fault in faults().values() if name in fault.rules]
    examples.sort(key=lambda fault: fault.rules.index(name))
    for fault in examples[:1]:
        yield _labelled("broken", sentence(fault.about))
        yield f"{' ' * INDENT}usagetwin serve --fault {fault.name}"
    yield from _more("faults", [fault.name for fault in examples[1:]])
    yield from _more("legal", [each.name for each in variations().values() if name in each.rules])


def _more(label: str, names: list[str]) -> "Iterator[str]":
    if names:
        rest = len(names) - MOST_EXAMPLES
        yield _labelled(label, ", ".join(names[:MOST_EXAMPLES]) + (f" and {rest} more" if rest > 0 else ""))


def _both_sides(rule: "Rule") -> "Iterator[str]":
    yield _labelled("server", rule.server)
    yield _labelled("client", rule.client)


def _fault_lines(name: str) -> "Iterator[str]":
    from usagetwin.contract import rule
    from usagetwin.deviations import faults

    rules = faults()[name].rules
    yield _labelled("breaks", ", ".join(rules))
    yield from _both_sides(rule(rules[0]))
    yield _labelled("try", f"usagetwin serve --fault {name}")


def _wire_lines(name: str) -> "Iterator[str]":
    from usagetwin.stage.kinds import KINDS

    details = [f"{each}={detail.default}, {detail.takes}" for each, detail in KINDS[name].details.items()]
    if details:
        yield _labelled("takes", "; ".join(details))
    yield _labelled(
        "server", "No rule of the contract is about it; networks, gateways and busy servers do so."
    )
    yield _labelled("client", "Tell it from a right answer; ask again after a while, or say what happened.")
    yield _labelled("try", f"usagetwin control fault {name}, while usagetwin serve runs")
    yield f"{' ' * INDENT}usage_twin.fault({name!r}), in a test with pytest"


def _variation_lines(name: str) -> "Iterator[str]":
    from usagetwin.contract import rule
    from usagetwin.deviations import variations

    rules = variations()[name].rules
    yield _labelled("differs", f"from {', '.join(rules)}" if rules else "from no rule")
    yield _labelled("server", "Nothing is wrong: a correct API may do so.")
    yield _labelled(
        "client", rule(rules[0]).client if rules else "Expect it; nothing in the contract forbids it."
    )
    yield _labelled("try", f"usagetwin serve --variation {name}")


def _policy_lines(name: str) -> "Iterator[str]":
    from usagetwin.contract import rules
    from usagetwin.policies import POLICIES

    policy = POLICIES[name]
    switched = [rule.id for rule in rules().values() if rule.policy == name]
    yield _labelled("values", f"{policy}; {policy.values[0]} where nothing is said")
    yield _labelled("rules", ", ".join(switched))
    yield _labelled("server", f"Choose a value: usagetwin serve --policy {name}=VALUE.")
    yield _labelled("client", "Work with each value; the documentation promises none.")


def _world_lines(name: str) -> "Iterator[str]":
    from usagetwin.account.world import load_world
    from usagetwin.days import to_date

    world = load_world(name)
    projects = [f"{project.key} (since {to_date(project.created)})" for project in world.projects]
    more = len(projects) - MOST_LISTED
    shown = ", ".join(projects[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
    yield _labelled("keys", shown)
    if world.tokens:
        yield _labelled("tokens", ", ".join(role.value for role in world.tokens.values()))
    yield _labelled("try", f"usagetwin serve --world {name}")


MOST_LISTED: Final = 8
DETAILS: Final = {
    "rule": _rule_lines,
    "fault": _fault_lines,
    OF_THE_WIRE: _wire_lines,
    "legal variation": _variation_lines,
    "policy": _policy_lines,
    "world": _world_lines,
}


def _rule_fields(name: str) -> dict[str, Any]:
    from usagetwin.contract import rule

    found = rule(name)
    return {
        "tier": str(found.tier),
        "citation": found.citation,
        "policy": found.policy,
        "server": found.server,
        "client": found.client,
    }


def _deviation_fields(name: str) -> dict[str, Any]:
    from usagetwin.deviations import deviation

    return {"rules": list(deviation(name).rules)}


def _wire_fields(name: str) -> dict[str, Any]:
    from usagetwin.stage.kinds import KINDS

    return {"details": {each: detail.default for each, detail in KINDS[name].details.items()}}


def _policy_fields(name: str) -> dict[str, Any]:
    from usagetwin.policies import POLICIES

    return {"values": list(POLICIES[name].values), "counted": POLICIES[name].counted}


def _world_fields(name: str) -> dict[str, Any]:
    from usagetwin.account.world import load_world

    return {"projects": [project.key for project in load_world(name).projects]}


FIELDS: Final = {
    "rule": _rule_fields,
    "fault": _deviation_fields,
    OF_THE_WIRE: _wire_fields,
    "legal variation": _deviation_fields,
    "policy": _policy_fields,
    "world": _world_fields,
}
