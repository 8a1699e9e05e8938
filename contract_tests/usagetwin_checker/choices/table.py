"""Every choice, by its name: those first that others need to be read."""

from typing import TYPE_CHECKING, Final

from usagetwin_checker.choices import (
    buckets,
    counts,
    edges,
    errors,
    labels,
    projects,
    queries,
    shapes,
    transport,
)

if TYPE_CHECKING:
    from usagetwin_checker.choices.choice import Choice

CHOICES: "Final[dict[str, Choice]]" = {
    each.name: each
    for room in (labels, buckets, queries, projects, shapes, errors, transport, edges, counts)
    for each in room.CHOICES
}
OF_THE_ACCOUNT: Final = ("account-without-data", "account-of-zeros", "counts-beyond-2-53")  # no way of an API
EQUAL: Final = {"another-house-style": ("seconds-at-end", "sparse", "descending")}  # to these together
