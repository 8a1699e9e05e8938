"""Operations of a document that a user brings: which of them keep the contract, under a path of their own.

Rule: an operation that says all that the vendored one says, of something else that it counts, is that one by
another name; any other is refused, with what differs. Nothing but the file is read: no reference is fetched.
"""

from usagetwin.contract.siblings.choosing import chosen
from usagetwin.contract.siblings.matching import Sibling, siblings_of
from usagetwin.contract.siblings.reading import read

__all__ = ["Sibling", "chosen", "read", "siblings_of"]
