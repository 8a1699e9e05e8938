"""Combinations of policies and legal variations that one twin can show, drawn by a seed."""

from random import Random
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.together import HAVE_ALREADY, ROWS
from usagetwin.profiles import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

OF_THE_ACCOUNT: Final = ("account-without-data", "account-of-zeros", "counts-beyond-2-53")
POLICIES: Final = {
    "unknown_project": "empty",
    "projects": "separate",
    "open_day": "whole",
    "error_id": "on",
    "unknown_tokens": "reject",
    "beta": "required",
    "cors": "on",
    "quota": "100000",
}
DECIDE: Final = {  # what a policy decides is no variation's to decide again
    "unknown_project": (
        "unknown-project-is-empty",
        "unknown-project-is-zero",
        "unknown-project-is-invalid",
        "unknown-project-is-forbidden",
        "keys-in-any-case",
        "keys-joined-by-commas",
    ),
    "projects": ("separate-by-name", "separate-with-project-name", "separate-in-key-order"),
    "open_day": (
        "today-counts-nothing",
        "open-bucket-is-zero",
        "open-bucket-grows-with-each-request",
        "open-bucket-falls",
    ),
    "error_id": ("errors-with-id",),
    "beta": ("beta-gate",),
    "unknown_tokens": (),
    "cors": (),
    "quota": ("rate-limit-headers",),
}


def drawn(seed: int, *, often: float = 0.2, rows: "Sequence[Sequence[str]]" = ROWS) -> Profile:
    """Draw a profile: each row of variations has one, and each policy another value, as `often`."""
    random = Random(seed)  # noqa: S311 -- no secret
    names: list[str] = []
    for row in rows:
        usable = [name for name in row if name not in OF_THE_ACCOUNT]
        name = random.choice(usable)
        beside = [each for other in names for each in HAVE_ALREADY.get(other, ())]
        if random.random() < often and name not in beside and not set(HAVE_ALREADY.get(name, ())) & {*names}:
            names.append(name)
    policies = {
        name: value
        for name, value in POLICIES.items()
        if random.random() < often and not set(DECIDE[name]) & {*names}
    }
    return Profile(f"drawn-{seed}", policies, tuple(names))
