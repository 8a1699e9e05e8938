"""What shape a part of a YAML file must have: a mapping with known keys, a list, or a text."""

from typing import TYPE_CHECKING

from usagetwin.account.world.nodes import Listing, Node, Scalar, Table, is_plain_word
from usagetwin.errors import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence


def table(node: Node, what: str) -> Table:
    """Take a node as a mapping."""
    if not isinstance(node, Table):
        node.place.refuse(f"{what} is {_kind(node)}, not a mapping", f"{what} as lines of `key: value`")
    return node


def fields(
    node: Node,
    what: str,
    *,
    required: "Sequence[str]",
    optional: "Sequence[str]" = (),
    secret: bool = False,
) -> dict[str, Node]:
    """Take a node as a mapping that has all required keys, and no key beyond the optional ones.

    An unknown key is not shown where it may be `secret`, nor where it is no plain word: it may be anything
    of a file that is no world.
    """
    entries = table(node, what).entries
    valid = (*required, *optional)
    for key, (place, _) in entries.items():
        if key not in valid:
            shown = quoted(key) if is_plain_word(key) and not secret else "of this name"
            place.refuse(f"{what} has no key {shown}", nearest(key, valid))
    for key in required:
        if key not in entries:
            node.place.refuse(f"{what} lacks {key!r}", f"{what} with {', '.join(required)}")
    return {key: value for key, (_, value) in entries.items()}


def items(node: Node, what: str) -> tuple[Node, ...]:
    """Take a node as a list."""
    if not isinstance(node, Listing):
        node.place.refuse(f"{what} is {_kind(node)}, not a list", f"{what} as lines of `- item`")
    return node.items


def scalar(node: Node, what: str) -> Scalar:
    """Take a node as a single text."""
    if not isinstance(node, Scalar):
        node.place.refuse(f"{what} is {_kind(node)}, not a single value", f"one value for {what}")
    return node


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        return "a single value" if node.text else "empty"
    return "a list" if isinstance(node, Listing) else "a mapping"
