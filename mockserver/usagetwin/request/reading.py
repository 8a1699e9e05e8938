"""The way from a query string to a query: split, each value held to the contract, resolved at an instant."""

from typing import TYPE_CHECKING

from usagetwin.request.parameters import resolve
from usagetwin.request.validator import validator

if TYPE_CHECKING:
    from usagetwin.account.query import Query
    from usagetwin.errors import Refusal


def read(query_string: bytes, now_s: int) -> "Query":
    """Give what a raw query string asks for at `now_s`, defaults filled in.

    Raises Refusal for what is wrong first: a parameter given twice, then a value, in the contract's order,
    then what lies between two parameters.
    """
    return resolve(validator().parameters(query_string), now_s)


def refusal_of(name: str, value: str) -> "Refusal | None":
    """Give the refusal that one value earns by itself, whatever else is asked; None for a valid one."""
    return validator().refusal_of(name, value)
