"""What a client asks to be answered with: whether it is a browser, and which compression it reads."""

from typing import Final

HTML: Final = "text/html"
PLAIN: Final = "text/plain"


def wants(accept: str | None, kind: str) -> bool:
    """Tell whether a client names a media type itself, and no JSON that it would rather have.

    `*/*` names none: that is what curl and HTTP libraries send, and they are the API's clients.
    """
    weights = _weights(accept or "")
    return weights.get(kind, 0.0) > 0 and weights.get(kind, 0.0) >= weights.get("application/json", 0.0)


def encoding_of(accept_encoding: str | None, known: "tuple[str, ...]") -> str:
    """Give the first known encoding that a client reads; empty for none."""
    weights = _weights(accept_encoding or "")
    return next((name for name in known if weights.get(name, 0.0) > 0), "")


def _weights(text: str) -> dict[str, float]:
    found = {}
    for item in text.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            found[name] = float(weight)
        except ValueError:
            found[name] = 0.0
    return found
