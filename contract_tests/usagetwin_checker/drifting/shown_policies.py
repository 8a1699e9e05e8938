"""Which policies a target shows that it has: a table from where rules stand to values.

Rule: a policy whose rules say nothing is not shown, and nothing is proposed for it.
"""

import re
from typing import TYPE_CHECKING, Final

from usagetwin.policies import OFF, POLICIES, PROFILES
from usagetwin_checker.findings import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.drifting.reports import Judged, Standing

OK: Final = 200
SAID: Final = re.compile(r"the policy (\w+) is (\S+)")  # of a twin, whose policies are known
BAD: Final = (Status.BROKEN, Status.DIFFERS)
SWITCHES: Final = {  # rules that are put to the test where a policy is on, and not applicable where it is off
    "error-id-is-added": ("error_id", "on", OFF),
    "beta-header-required": ("beta", "required", "ignored"),
    "cors-headers": ("cors", "on", OFF),
}
QUOTA: Final = "rate-limit-headers"


def shown_policies(judged: "Judged") -> dict[str, str]:
    """Give the policies that a report bears out, with their values."""
    return dict(_shown(judged))


def _shown(judged: "Judged") -> "Iterator[tuple[str, str]]":
    for rule_id, (name, on, off) in SWITCHES.items():
        yield from _switched(name, judged.standing(rule_id), on, off)
    yield from _switched("quota", judged.standing(QUOTA), judged.quota or PROFILES["observed"]["quota"], OFF)
    unknown = judged.standing("unknown-project-not-found")
    if unknown.status is Status.HELD:
        yield "unknown_project", "not-found"
    elif unknown.status in BAD and OK in unknown.answered:
        yield "unknown_project", "empty"
    separate = judged.standing("separate-projects-are-labelled")
    if judged.standing("total-by-default").status is Status.HELD:
        yield "projects", "total"
    elif separate.status is Status.HELD:
        yield "projects", "separate"
    unlisted = judged.standing("unlisted-token-accepted")
    if unlisted.status is not Status.NOT_JUDGED and unlisted.status is not Status.NOT_APPLICABLE:
        yield "unknown_tokens", "accept" if unlisted.status is Status.HELD else "reject"
    for each in judged.rules.values():
        said = SAID.fullmatch(each.reason)
        if said is not None and said[1] in POLICIES and POLICIES[said[1]].accepts(said[2]):
            yield said[1], said[2]


def _switched(name: str, standing: "Standing", on: str, off: str) -> "Iterator[tuple[str, str]]":
    if standing.status is Status.HELD:
        yield name, on
    elif standing.status is Status.NOT_APPLICABLE:
        yield name, off


def same(name: str, one: str, other: str) -> bool:
    """Tell whether two values of a policy look alike from outside: of a quota, whether there is one."""
    return (one == OFF) is (other == OFF) if name == "quota" else one == other
