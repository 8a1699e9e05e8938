"""The policies that a recording's answers show, so that a twin of it answers as the target did.

Rule: only what an answer shows. A policy that needs more than answers show is said, and not set.
"""

from typing import TYPE_CHECKING

from usagetwin.contract.operation import REPEATABLE
from usagetwin_checker.exchanges import Credential
from usagetwin_checker.judging.refusals import is_beta_refusal
from usagetwin_checker.judging.separate import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.judging.oracle.facts import Answer
    from usagetwin_checker.knowing.knowledge import Knowledge


def policies_of(
    exchanges: "Sequence[Exchange]", answers: "Sequence[Answer]", knowledge: "Knowledge"
) -> dict[str, str]:
    """Give the policies that a world of these answers sets."""
    shown = {
        "open_day": ("whole", any(not fact.closed for answer in answers for fact in answer.facts)),
        "projects": ("separate", any(len(each.keys) > 1 and fields_of(each) > 1 for each in answers)),
        "unknown_project": ("empty", any(_counts_an_unknown(each, knowledge) for each in exchanges)),
        "error_id": ("on", any(map(_has_an_id, exchanges))),
        "beta": ("required", any(map(is_beta_refusal, exchanges))),
        "cors": ("on", any("access-control-allow-origin" in each.headers for each in exchanges)),
    }
    return {name: value for name, (value, is_shown) in shown.items() if is_shown}


def unset(exchanges: "Sequence[Exchange]") -> "Iterator[str]":
    """Say which policies the answers show and the world does not set."""
    if any(name.startswith("x-ratelimit-") for each in exchanges for name in each.headers):
        yield "answers have X-Ratelimit headers, and how long a window is they don't say: no quota is set"
    if any(each.ask.credential is Credential.UNKNOWN and each.status == 401 for each in exchanges):
        yield "an unknown token was refused, and a world that does so lists the known ones: any is accepted"


def _counts_an_unknown(exchange: "Exchange", knowledge: "Knowledge") -> bool:
    asked = set(exchange.ask.values(REPEATABLE))
    return exchange.well_formed and bool(knowledge.keys) and not asked <= knowledge.keys


def _has_an_id(exchange: "Exchange") -> bool:
    if exchange.status < 400 or exchange.failure is not None:
        return False
    try:
        return isinstance(exchange.document, dict) and "id" in exchange.document
    except ValueError:
        return False
