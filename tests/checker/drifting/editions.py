"""Newer documents, made from the vendored one by changing a piece of its text."""

from typing import Final

from usagetwin.contract.document import document_text
from usagetwin_checker.drifting.document import DocumentDrift, document_drift
from usagetwin_checker.drifting.edition import edition_of

TEXT: Final = document_text()
AGGREGATION: Final = TEXT[
    TEXT.index("        - name: aggregationType") : TEXT.index("        - name: Authorization")
]
GRANULARITY: Final = """`monthly`; **incremental** and **rolling_30d** support `daily` only.
          required: false
          schema:
            type: string
            format: string
"""
LIMIT: Final = "        - name: limit\n          in: query\n          schema: {type: integer}\n"
AUTHORIZATION: Final = "        - name: Authorization"
FROM_OPTIONAL: Final = "seconds). Defaults to the beginning of the current month.\n          required: false"


def edited(old: str, new: str) -> str:
    """Give the document with its first such piece changed."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def listing(values: str) -> str:
    """Give the document with these values of granularity in its schema."""
    return edited(GRANULARITY, GRANULARITY.replace("format: string", f"enum: [{values}]"))


def drift_of(text: str) -> DocumentDrift:
    """Compare a text with the vendored document."""
    return document_drift(edition_of(text.encode(), "newer.yaml"))


def kinds_of(text: str) -> list[tuple[str, str]]:
    """Give the kind of each change, and what it is about."""
    return [(str(change.kind), change.about) for change in drift_of(text).changes]


TWELVE: Final = {  # the twelve changes of a document, six of them breaking, each with its kind
    "a parameter goes": (edited(AGGREGATION, ""), "breaking"),
    "a parameter becomes required": (
        edited(FROM_OPTIONAL, FROM_OPTIONAL.replace("false", "true")),
        "breaking",
    ),
    "a value is listed no more": (listing("daily"), "breaking"),
    "values may have fractions": (edited("        type: integer", "        type: number"), "breaking"),
    "a field is promised no more": (
        edited("        - metadata\n        - series\n", "        - metadata\n"),
        "breaking",
    ),
    "the operation moves": (edited("/api/v2/usage/", "/api/v3/usage/"), "breaking"),
    "the schema says what the prose says": (listing("daily, monthly"), "compatible"),
    "an answer is promised more": (
        edited("        type: integer", "        type: integer\n        maximum: 1000000"),
        "compatible",
    ),
    "a sentence is reworded": (edited("Defaults to the current time.", "Defaults to now."), "prose-only"),
    "a sentence goes": (edited("            Defaults to the current time.\n", ""), "prose-only"),
    "an optional parameter comes": (edited(AUTHORIZATION, LIMIT + AUTHORIZATION), "new"),
    "a field comes": (
        edited("        metadata:\n", "        next: {type: string}\n        metadata:\n"),
        "new",
    ),
}
