"""How a broken rule is told: in three lines, for people."""

from typing import TYPE_CHECKING, Final, NamedTuple

from usagetwin.contract import rule

if TYPE_CHECKING:
    from usagetwin.errors import Refusal

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

ADVICE: Final = ". Send "  # what every refusal that can name a better value says before it


class Told(NamedTuple):
    """A broken rule in words: its id, the value with what is wrong, and what to do about it."""

    rule: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Write three lines: what is wrong; the rule, with tier and source; the remedy."""
        citation = rule(self.rule).citation
        return f"{self.problem}\n  rule  {self.rule} ({citation})\n  try   {self.remedy}"


def told(refusal: "Refusal") -> Told:
    """Tell a refusal: its message holds what is wrong, and mostly what to send instead.

    Where it has no such advice, the catalogue's advice for clients stands in. Raises the refusal itself when
    it names no rule, for then it does not come from the contract.
    """
    if refusal.rule is None:
        raise refusal
    message = refusal.message.removesuffix(f" (rule {refusal.rule})")
    problem, found, advice = message.rpartition(ADVICE)
    if not found:
        problem, advice = message, rule(refusal.rule).client
    return Told(refusal.rule, problem.removesuffix("."), advice.removesuffix("."))
