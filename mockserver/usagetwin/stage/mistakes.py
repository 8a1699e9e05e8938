"""Which rules a consumer's requests are held to, and why not to the others: one decision for each rule.

Rule: tiers do not matter here. What the real API refuses is not known of every rule, but a request that
keeps them all is safe with any server that keeps the contract.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.contract import rules
from usagetwin.errors import SettingError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

MISTAKES: "Final[Mapping[str, str]]" = {  # rule -> what the consumer did
    "unknown-path-not-found": "asked for a path that the contract does not have",
    "method-not-allowed": "used another method than GET or HEAD",
    "credential-required": "sent no Authorization",
    "blank-credential-unauthorized": "sent a blank Authorization",
    "bearer-is-invalid-token": "put Bearer before the token",
    "beta-header-required": "left out LD-API-Version: beta, where the profile requires it",
    "from-is-unix-seconds": "sent a `from` that is no number",
    "to-is-unix-seconds": "sent a `to` that is no number",
    "timestamp-fits-ten-digits": "sent milliseconds, or too many digits",
    "timestamp-is-plain-digits": "sent a timestamp in another form than plain digits",
    "window-not-inverted": "sent a window that ends before it starts",
    "window-checked-after-defaults": "sent one end of a window, which a default inverts",
    "granularity-is-documented": "sent another granularity than the documented ones",
    "aggregation-type-is-documented": "sent another aggregationType than the documented ones",
    "enum-exact-spelling": "spelled a documented value in another way, or left it empty",
    "monthly-needs-month-to-date": "asked for months of a view that has days alone",
    "scalar-parameters-once": "gave a parameter of one value more than once",
    "project-key-not-empty": "sent an empty project key",
    "project-key-is-exact": "joined project keys with commas, or spelled a known key in another way",
    "undocumented-parameters-ignored": "sent a parameter that the contract does not name",
}

NO_MISTAKES: "Final[Mapping[str, str]]" = {  # the other rules about requests -> why they are not held to it
    "unknown-project-not-found": "a client may well ask, and see what it makes of a 404",
    "revoked-token-unauthorized": "the play itself decides what a token may do",
    "token-without-access-forbidden": "the play itself decides what a token may do",
    "unlisted-token-accepted": "the play itself decides what a token may do",
    "rate-limited": "the play itself decides what a token may do",
    "credential-in-authorization": "a credential elsewhere shows as `credential-required`",
    "no-answer-without-credential": "it binds the server",
    "project-key-repeats": "it allows something",
    "documented-query-is-answered": "it allows something",
    "empty-window-is-empty": "it allows something",
    "wide-window-is-answered": "it allows something",
    "future-window-is-answered": "it allows something",
    "head-answers-as-get": "it allows something",
    "body-of-a-get-ignored": "LaunchDarkly's own command line sends one (FACTS 20)",
    "refusal-order": "it binds the server",
}


def checked(rule_id: str) -> str:
    """Give the id of a rule that requests are held to. Raises SettingError, with the nearest, otherwise."""
    if rule_id in MISTAKES:
        return rule_id
    if rule_id in rules():
        problem = f"requests are not held to the rule {rule_id!r}"
    else:
        problem = f"there is no rule {rule_id!r}"
    raise SettingError(problem, nearest(rule_id, MISTAKES))
