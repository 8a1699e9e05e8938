"""How a secret is taken out of what a target sends back: as it is, and as servers write it elsewhere.

Rule: what is kept of an answer has passed here before it is cut, since a part of a secret is one too.
"""

import base64
import html
import re
from typing import Final

SHORTEST_SECRET: Final = 16  # characters; LaunchDarkly's access tokens have 40
HIDDEN: Final = "[token]"
ALIGNMENTS: Final = 3  # of a text within a longer one that is written in base64


class Hiding:
    """Takes one secret out of texts and bytes: as it is, in any case, escaped, and in base64.

    A token that is shorter than any real one, such as `x`, is in many an innocent word, and stays.
    """

    def __init__(self, secret: str) -> None:
        """Take the secret."""
        self._pattern = re.compile(_written(secret)) if len(secret) >= SHORTEST_SECRET else None
        self._in_bytes = re.compile(_written(secret).encode()) if self._pattern is not None else None

    def text(self, text: str) -> str:
        """Give a text without the secret."""
        return text if self._pattern is None else self._pattern.sub(HIDDEN, text)

    def body(self, body: bytes) -> bytes:
        """Give bytes without the secret."""
        return body if self._in_bytes is None else self._in_bytes.sub(HIDDEN.encode(), body)


def _written(secret: str) -> str:
    """Give the pattern of every way to write a secret."""
    characters = "".join(map(_character, secret))
    return "|".join([f"(?i:{characters})", *map(re.escape, _in_base64(secret.encode()))])


def _character(character: str) -> str:
    """Give the pattern of one character: itself, or its escape in JSON, in a URL, in HTML, in a program."""
    code, plain = ord(character), re.escape(character)
    ways = [
        plain,
        f"\\\\+u00{code:02x}",
        f"\\\\+x{code:02x}",
        f"%{code:02x}",
        f"&#x0*{code:x};",
        f"&#0*{code};",
    ]
    if not character.isalnum():
        ways += [f"\\\\+{plain}", re.escape(html.escape(character))]
    return f"(?:{'|'.join(ways)})"


def _in_base64(secret: bytes) -> "list[str]":
    """Give what of a secret is the same in base64, whatever stands before it and after it."""
    found = []
    for before in range(ALIGNMENTS):
        written = base64.b64encode(bytes(before) + secret).decode()
        first = -(-before * 8 // 6)  # the first character that holds nothing but the secret
        last = (before + len(secret)) * 8 // 6
        found += [written[first:last], written[first:last].replace("+", "-").replace("/", "_")]
    return list(dict.fromkeys(found))
