"""What was asked: a query string becomes a query, or a refusal that says what to send.

`read` is the only way in, and `refusal_of` says of one value by itself whether `read` would take it.
"""

from usagetwin.request.reading import read, refusal_of

__all__ = ["read", "refusal_of"]
