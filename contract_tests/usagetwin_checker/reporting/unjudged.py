"""What would settle a rule that a run could not judge."""

from typing import TYPE_CHECKING, Final

from usagetwin.contract import About, rule

if TYPE_CHECKING:
    from usagetwin_checker.knowing.knowledge import Knowledge

ABOUT_KEYS: Final = (
    "filter-additive",
    "filter-monotone",
    "all-projects-at-least-the-named",
    "project-key-order-is-irrelevant",
    "repeated-project-key-is-irrelevant",
    "project-key-repeats",
    "unknown-project-not-found",
    "project-key-is-exact",
    "project-key-known-everywhere",
)
OUT_OF_SIGHT: Final = {
    "revoked-token-unauthorized": "a revoked token",
    "token-without-access-forbidden": "a token without access",
    "rate-limited": "a throttled token",
    "rate-limited-code": "a throttled token",
    "forbidden-code": "a token without access",
    "spent-quota-rate-limited": "a spent quota",
    "rate-limit-headers": "a target with a quota",
    "internal-error-has-request-id": "a defect of the target",
    "internal-error-code": "a defect of the target",
    "unlisted-token-accepted": "the list of the account's tokens",
    "beta-header-required": "a request without the beta header, which the checker always sends",
    "beta-refusal-has-message-alone": "a request without the beta header, which the checker always sends",
}
SEVERAL: Final = 2


def settled_by(rule_id: str, knowledge: "Knowledge") -> str:
    """Say in a few words what a run would need to judge a rule."""
    if rule_id in OUT_OF_SIGHT:
        return OUT_OF_SIGHT[rule_id]
    if rule_id == "project-key-defaults-to-all" and not knowledge.complete:
        return "--complete, with every project key given by --project"
    if rule_id in ABOUT_KEYS and len(knowledge.keys) < SEVERAL:
        return "--project KEY, given at least twice"
    if knowledge.now is None and rule(rule_id).about is About.CONVERSATION:
        return "--now INSTANT"
    return "a larger --budget, or a target whose answers show it"
