"""Why a run could not judge a rule: what it takes, in words that are true of this run."""

from typing import TYPE_CHECKING, Final

from usagetwin.contract import About, rule
from usagetwin_checker.findings import Ended

if TYPE_CHECKING:
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.running.report import Report

ABOUT_KEYS: Final = (
    "filter-additive",
    "filter-monotone",
    "all-projects-at-least-the-named",
    "project-key-order-is-irrelevant",
    "repeated-project-key-is-irrelevant",
    "project-key-repeats",
    "unknown-project-not-found",
    "unknown-project-never-widens",
    "project-key-is-exact",
    "project-key-known-everywhere",
    "separate-projects-are-labelled",
    "separate-project-is-zero-before-creation",
    "separate-without-project-key-is-total",
)
OUT_OF_SIGHT: Final = {
    "revoked-token-unauthorized": "a revoked token is needed",
    "token-without-access-forbidden": "a token without access is needed",
    "forbidden-code": "a token without access is needed",
    "rate-limited": "a throttled token is needed",
    "rate-limited-code": "a throttled token is needed",
    "spent-quota-rate-limited": "the quota was not spent",
    "unlisted-token-accepted": "nobody says which tokens the account lists",
    "internal-error-has-request-id": "the target's log is needed",
    "internal-error-code": "the target's log is needed",
    "day-is-whole-at-midnight": "a day turned meanwhile, and no answer shows it before and after",
    "one-now-per-answer": "a day turned meanwhile, and no answer shows it before and after",
}
OF_OTHER_METHODS: Final = (
    "method-not-allowed",
    "allow-header-sent",
    "method-not-allowed-code",
    "head-answers-as-get",
)
ONLY_GET: Final = "only GET is sent to a host that is not this machine"
UNBORN: Final = "--project KEY of a project that begins in the future is needed"
SEVERAL: Final = 2
ASKED_TOO_LITTLE: Final = {
    Ended.BUDGET: "not asked within this budget (--budget)",
    Ended.TIME: "not asked within this time (--max-time)",
    Ended.TARGET: "not asked, as the target did not answer any more",
    Ended.BUSY: "not asked, as the target answered 429, or asked to be left alone",
    Ended.UNCOUNTED: "not asked, as the requests of the day could not be counted",
    Ended.SIGNAL: "not asked before the run was interrupted",
    Ended.RECORDING: "no exchange of the recording shows it",
}
NO_ANSWER: Final = "the answers of this account show no case of it"
DOUBTFUL: Final = "something in between may have given the answer that breaks it"


def why_unjudged(rule_id: str, report: "Report") -> str:
    """Say in a few words why a rule was not judged, or what would have it judged."""
    if not report.judgement.tested:
        return "no answer was the target's"
    if report.only_get and rule_id in OF_OTHER_METHODS:
        return ONLY_GET
    asked_too_little = ASKED_TOO_LITTLE.get(report.ended, NO_ANSWER)
    return OUT_OF_SIGHT.get(rule_id) or _option(rule_id, report.knowledge) or asked_too_little


def _option(rule_id: str, knowledge: "Knowledge") -> str | None:
    """Name the option that a rule needs, if it needs one."""
    if rule_id == "project-key-defaults-to-all" and not knowledge.complete:
        return "--complete is needed, with every project key given by --project"
    if rule_id in ABOUT_KEYS and len(knowledge.keys) < SEVERAL:
        return "--project KEY is needed, given at least twice"
    if rule_id == "future-project-is-known":
        return UNBORN
    counted = rule(rule_id).about in (About.CONVERSATION, About.SERIES)
    return "--now INSTANT is needed" if counted and knowledge.now is None else None
