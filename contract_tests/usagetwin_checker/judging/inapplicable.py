"""Which rules say nothing about a target, and why: a choice that is not switched on, a case that it lacks.

Rule: a reason is a fact that the answers show, or that is known of the account; what was merely not asked is
no reason.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.contract import rule
from usagetwin_checker.exchanges import OK
from usagetwin_checker.judging.refusals import has_id, is_error, tells_of_a_quota
from usagetwin_checker.judging.separate import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.judging.one_exchange import Alone
    from usagetwin_checker.judging.oracle.facts import Answer
    from usagetwin_checker.knowing.knowledge import Knowledge

SEVERAL: Final = 2
DEFECT: Final = 500
NEEDED: Final = {  # the value of its policy under which a rule says something
    "unknown-project-not-found": "not-found",
    "total-by-default": "total",
    "metadata-of-a-total-is-empty": "total",
    "error-has-nothing-else": "off",
    "unlisted-token-accepted": "accept",
}
ABOUT_SEVERAL: Final = (
    "filter-additive",
    "filter-monotone",
    "project-key-order-is-irrelevant",
    "project-key-repeats",
)
SEPARATE: Final = (
    "separate-projects-are-labelled",
    "separate-project-is-zero-before-creation",
    "separate-without-project-key-is-total",
)
ROLES: Final = {
    "revoked-token-unauthorized": "revoked",
    "token-without-access-forbidden": "forbidden",
    "forbidden-code": "forbidden",
    "rate-limited": "throttled",
    "rate-limited-code": "throttled",
}


def switched_off(rule_id: str, knowledge: "Knowledge") -> str | None:
    """Say which policy of the account, where that is known, switches a rule off."""
    policy = rule(rule_id).policy
    chosen = dict(knowledge.policies).get(policy or "")
    if chosen is None or rule_id not in NEEDED or chosen == NEEDED[rule_id]:
        return None
    return f"the policy {policy} is {chosen}"


def inapplicable(
    looked_at: "Sequence[Alone]", answers: "Sequence[Answer]", knowledge: "Knowledge"
) -> "Mapping[str, str]":
    """Give the rules that say nothing about the target, each with the reason."""
    exchanges = [each.exchange for each in looked_at if each.exchange.failure is None]
    off = {name: why for name in NEEDED if (why := switched_off(name, knowledge)) is not None}
    return off | dict(
        (
            *_choices(exchanges),
            *_separate(answers),
            *_of_the_account(answers, knowledge),
            *_of_the_run(exchanges, knowledge),
        )
    )


def _choices(exchanges: "Sequence[Exchange]") -> "Iterator[tuple[str, str]]":
    """Give the rules about choices that the answers show to be off."""
    good = [exchange for exchange in exchanges if exchange.status == OK]
    if any(not exchange.ask.beta for exchange in good):
        for name in ("beta-header-required", "beta-refusal-has-message-alone"):
            yield name, "a request without the beta header is answered (policy beta is ignored)"
    if any(
        exchange.ask.origin and "access-control-allow-origin" not in exchange.headers for exchange in good
    ):
        yield "cors-headers", "an answer to a page carries no CORS headers (policy cors is off)"
    if good and not any(map(tells_of_a_quota, exchanges)):
        for name in ("rate-limit-headers", "spent-quota-rate-limited"):
            yield name, "no answer tells of a quota (policy quota is off)"
    refused = [exchange for exchange in exchanges if is_error(exchange)]
    if refused and not any(map(has_id, refused)):
        yield "error-id-is-added", "no error has an id (policy error_id is off)"


def _separate(answers: "Sequence[Answer]") -> "Iterator[tuple[str, str]]":
    several = [answer for answer in answers if len(answer.keys) >= SEVERAL and answer.buckets]
    if several and not any(fields_of(answer) > 1 for answer in several):
        for name in SEPARATE:
            yield name, "several projects get one total (policy projects is total)"


def _of_the_account(answers: "Sequence[Answer]", knowledge: "Knowledge") -> "Iterator[tuple[str, str]]":
    """Give the rules about what the account has not."""
    if knowledge.complete and len(knowledge.keys) < SEVERAL:
        for name in (*ABOUT_SEVERAL, *SEPARATE):
            yield name, "the account has one project"
    shown = {key for answer in answers if answer.buckets for key in answer.keys}
    if knowledge.complete and shown >= knowledge.keys:
        yield "future-project-is-known", "every project has begun"
    if knowledge.roles is not None:
        for name, role in ROLES.items():
            if role not in knowledge.roles:
                yield name, f"the world lists no {role} token"
    if any(answer.buckets for answer in answers):
        yield "zero-buckets-are-present", "no bucket without sessions was asked for or implied"
    yield "counts-end-with-their-table", "it is about a world's file: no answer says where its table ends"


def _of_the_run(exchanges: "Sequence[Exchange]", knowledge: "Knowledge") -> "Iterator[tuple[str, str]]":
    """Give the rules about what did not happen meanwhile."""
    now = knowledge.now
    if now is not None and now.one_day:
        for name in ("day-is-whole-at-midnight", "one-now-per-answer"):
            yield name, "no day turned meanwhile"
    if exchanges and not any(exchange.status == DEFECT for exchange in exchanges):
        for name in ("internal-error-has-request-id", "internal-error-code"):
            yield name, "only a defect of the target can show it, and no answer was a 500"
    if now is not None and not knowledge.still:
        for name in ("answers-repeat", "open-bucket-fits-the-ledger"):
            yield name, "counts moved meanwhile"
