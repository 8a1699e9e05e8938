"""The series that a world's ledger holds for a query: what an answer without faults says."""

from typing import TYPE_CHECKING

from usagetwin.account import answers
from usagetwin.request import read

if TYPE_CHECKING:
    from usagetwin.account.ledger import Ledger
    from usagetwin.account.query import Query
    from usagetwin.policies import Policies


def series_of(
    query_string: bytes, ledger: "Ledger", policies: "Policies", now_s: int
) -> "tuple[Query, answers.Series]":
    """Read a query as the twin does, and give it with its series. Raises Refusal as the twin does."""
    query = read(query_string, now_s)
    return query, answers.series(query, ledger, policies, now_s)
