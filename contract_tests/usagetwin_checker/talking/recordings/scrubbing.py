"""What a secret looks like, and what stands in its place: in headers, URLs and bodies of a recording.

Rule: what is taken for a secret never reaches a file or a report. A name says it (`Authorization`, a cookie,
`api_key=`), or a value does: the access token of the environment in any form that a server echoes, a token of
LaunchDarkly's, a JWT.
"""

import base64
import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from usagetwin_checker.talking.hiding import HIDDEN as HIDDEN_TOKEN
from usagetwin_checker.talking.hiding import SHORTEST_SECRET
from usagetwin_checker.talking.tokens import ANY_TOKEN, access_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOOKS_SECRET: Final = (
    r"\b(?:api|sdk|mob|rel)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*",  # a JWT
    r"\b(?:bearer|basic)(?:\s|%20|\+)+[\w.~+/%-]{12,}=*",
)
WORDS: Final = frozenset(
    {
        "accesskey",
        "accesstoken",
        "apikey",
        "auth",
        "authentication",
        "authorization",
        "cookie",
        "credential",
        "credentials",
        "jwt",
        "passphrase",
        "passwd",
        "password",
        "pwd",
        "secret",
        "session",
        "sessionid",
        "sid",
        "sig",
        "signature",
        "token",
    }
)
KINDS_OF_KEY: Final = frozenset({"access", "api", "private", "secret", "sdk", "shared"})
QUOTAS: Final = "x-ratelimit-"  # these headers have the word `token` in their names, and none in their values
WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


MOST_KNOWN: Final = 64  # requests' own secrets that are looked for
PARTS: Final = re.compile(r"[\s;,=]+")  # of a cookie, or of a credential with its scheme
PAIR: Final = r"""((?:[?&;]|\\u0026)([\w.%~-]{1,64})=)([^&#"'\s<>\\]+)"""  # of a URL's query
IN_A_URL: Final = re.compile(PAIR)
IN_A_BODY: Final = re.compile(PAIR.encode())


class Scrubber:
    """Replaces secrets; it knows some in advance."""

    def __init__(self, secrets: "Iterable[str]" = ()) -> None:
        """Take the secrets that are known; one that is short is in many an innocent word, and is left out."""
        forms = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _forms(secret)}
        known = [re.escape(form) for form in sorted(forms, key=len, reverse=True)]
        self._secrets: Final = tuple(secrets)
        self._text: Final = re.compile("|".join((*known, *LOOKS_SECRET)), re.IGNORECASE)
        self._bytes: Final = re.compile(self._text.pattern.encode(), re.IGNORECASE)
        self._also: Final[dict[frozenset[str], Scrubber]] = {}

    def also(self, request: "Mapping[str, str]", query: str) -> "Scrubber":
        """Give one that knows the secrets of a request too: an answer may echo them anywhere."""
        secrets = secrets_of(request, query)
        if not secrets:
            return self
        if secrets not in self._also:
            if len(self._also) >= MOST_KNOWN:
                self._also.clear()
            self._also[secrets] = Scrubber((*self._secrets, *secrets))
        return self._also[secrets]

    def text(self, text: str) -> str:
        """Give a text without what looks like a secret."""
        return IN_A_URL.sub(_hidden, self._text.sub(HIDDEN_TOKEN, text))

    def body(self, body: bytes) -> bytes:
        """Give a body without what looks like a secret."""
        return IN_A_BODY.sub(_hidden_bytes, self._bytes.sub(HIDDEN_TOKEN.encode(), body))

    def headers(self, headers: "Mapping[str, str]") -> dict[str, str]:
        """Give headers whose names stay; of a credential stays whether there is one."""
        return {name: self._value(name, value) for name, value in headers.items()}

    def query(self, query: str) -> str:
        """Give a query string as it was written, without the values of credentials."""
        return "&".join(self._pair(pair) for pair in query.split("&"))

    def url(self, url: str) -> str:
        """Give a URL without user, password, credentials of its query, and fragment. Raises ValueError."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return self.text(urlunsplit((parts.scheme, host, parts.path, self.query(parts.query), "")))

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        return self.text(name) + equals + (self._value(name, value) if value else value)

    def _value(self, name: str, value: str) -> str:
        if value and is_credential(name):
            return HIDDEN_TOKEN
        return self.text(value)


def secrets_of(request: "Mapping[str, str]", query: str) -> frozenset[str]:
    """Give what a request's headers and query keep secret: credentials, and their parts."""
    pairs = [*request.items(), *parse_qsl(query)]
    values = [value for name, value in pairs if value != HIDDEN_TOKEN and is_credential(name)]
    words = [word for value in values for word in (value, *PARTS.split(value))]
    return frozenset(word for word in words if len(word) >= SHORTEST_SECRET)


def is_credential(name: str) -> bool:
    """Tell whether a header or parameter of this name carries a credential."""
    if name.lower().startswith(QUOTAS):
        return False
    words = [word.lower() for word in WORD.findall(name)]
    keys = any(kind in KINDS_OF_KEY and word == "key" for kind, word in pairwise(words))
    return keys or not WORDS.isdisjoint(words)


def secrets_here() -> tuple[str, ...]:
    """Give the access token that would be sent, where that is a secret. Raises SettingError."""
    token = access_token()
    return () if token == ANY_TOKEN else (token,)


def _hidden(pair: "re.Match[str]") -> str:
    return pair[1] + HIDDEN_TOKEN if is_credential(pair[2]) else pair[0]


def _hidden_bytes(pair: "re.Match[bytes]") -> bytes:
    return pair[1] + HIDDEN_TOKEN.encode() if is_credential(pair[2].decode()) else pair[0]


def _forms(secret: str) -> "set[str]":
    """Give a secret as a server may echo it: plain, in a URL, in JSON, in HTML, and in base64."""
    users = (secret, f"{secret}:", f":{secret}")
    encoded = {base64.b64encode(user.encode()).decode().rstrip("=") for user in users}
    return {secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1], *encoded}
