"""How the token of a play looks, so that it is known as one after its play has ended, too.

It has the form of an access token, whose UUID is of the version that is free for everybody's own use
(RFC 9562, 5.8): nobody gives out real tokens of that form.
"""

import re
from secrets import token_hex
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

LENGTH: Final = len("api-00000000-0000-8000-8000-000000000000")
VERSION: Final = -len("8000-8000-000000000000")  # where the digit that tells is, from the end
BEHIND_VERSION: Final = VERSION + 1
FORM: Final = re.compile("api-[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}")


def new_token() -> str:
    """Make a token that no play has had."""
    parts = (token_hex(4), token_hex(2), f"8{token_hex(2)[1:]}", f"8{token_hex(2)[1:]}", token_hex(6))
    return f"api-{'-'.join(parts)}"


def token_in(credential: str) -> str | None:
    """Give the token of a play that a credential ends with, after `Bearer` too; None where there is none.

    A client that puts a word before the token errs, and its own play is the one to tell it.
    """
    found = credential[-LENGTH:]
    return found if FORM.fullmatch(found) else None


def has_play_token(headers: "Iterable[tuple[bytes, bytes]]") -> bool:
    """Tell whether a request may bring the token of a play; nearly all others are told apart at once."""
    for name, value in headers:
        if name == b"authorization":  # of several the first counts
            return value[VERSION:BEHIND_VERSION] == b"8" and token_in(value.decode("latin-1")) is not None
    return False
