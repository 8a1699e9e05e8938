"""A refusal as the page tells it: its words, the rule behind it, and the sentences that the rule rests on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from usagetwin.contract import rule
from usagetwin.errors import Refusal, SettingError
from usagetwin.stage.rules import told

if TYPE_CHECKING:
    from usagetwin.contract import Rule


@dataclass(frozen=True, slots=True)
class Refused:
    """What is wrong, what to do about it, and the rule, where there is one."""

    status: int
    problem: str
    remedy: str
    rule: "Rule | None" = None


def refused_by(error: "Refusal | SettingError") -> Refused:
    """Tell what was raised."""
    if isinstance(error, SettingError):
        return Refused(400, error.problem, error.remedy)
    return explained(error.status, error.message, error.rule)


def explained(status: int, message: str, rule_id: str | None) -> Refused:
    """Tell an answer of the API's that is no 200, and the rule that it names."""
    if rule_id is None:
        return Refused(status, message, "")
    _, problem, remedy = told(Refusal(status, None, message, rule_id))
    return Refused(status, problem, remedy, rule(rule_id))
