"""Exchanges of a shard, numbered after those of the shards before it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from usagetwin_checker.running.report import Sent

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding


def sent_from(sent: Sent, before: int) -> Sent:
    """Give what was sent, its number after so many `before` it."""
    return Sent(sent.phase, _numbered(sent.exchange, before))


def finding_from(finding: "Finding", before: int) -> "Finding":
    """Give a finding, the numbers of its exchanges and values after so many `before` them."""
    return replace(
        finding,
        conversation=tuple(_numbered(exchange, before) for exchange in finding.conversation),
        shown=tuple(value._replace(number=value.number + before) for value in finding.shown),
    )


def _numbered(exchange: "Exchange", before: int) -> "Exchange":
    return replace(exchange, number=exchange.number + before)
