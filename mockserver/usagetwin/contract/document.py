"""The vendored document: its name, its page, its hash, and how a JSON pointer walks through it."""

from hashlib import sha256
from typing import Any, Final

from usagetwin.contract.files import contract_bytes, parsed
from usagetwin.errors import ContractError

DOCUMENT_FILE: Final = "launchdarkly-usage.yaml"
DOCUMENT_PAGE: Final = "https://launchdarkly.com/docs/api/account-usage-beta/get-observability-sessions-usage"
SHA256: Final = "0230d306d3e93273d43963a155c0407fd9f82619ed0c6aafd12c38a48dde0321"


def document_text() -> str:
    """Give the vendored document as it is published.

    Raises `ContractError` when its bytes are not the ones that were vendored.
    """
    content = contract_bytes(DOCUMENT_FILE)
    check_hash(content)
    return content.decode()


def document() -> dict[str, Any]:
    """Give the vendored document, parsed anew, so that the caller may change it."""
    return dict(parsed(document_text(), DOCUMENT_FILE))


def check_hash(content: bytes) -> None:
    """Raise `ContractError` unless these are the vendored bytes."""
    found = sha256(content).hexdigest()
    if found != SHA256:
        raise ContractError(
            where=DOCUMENT_FILE,
            problem=f"its sha256 is {found}, that of the vendored document {SHA256}",
            remedy="restore or refresh it (openapi/SOURCE.md); changes belong into overlay.yaml",
        )


def at_pointer(root: object, pointer: str) -> Any:  # noqa: ANN401 -- a pointer leads to anything
    """Give what a JSON pointer (RFC 6901) leads to; raise `LookupError` when it leads nowhere."""
    if pointer and not pointer.startswith("/"):
        message = f"{pointer!r} is no JSON pointer"
        raise LookupError(message)
    place = root
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(place, dict):
            place = place[key]
        elif isinstance(place, list) and key.isdigit():
            place = place[int(key)]
        else:
            raise LookupError(pointer)
    return place


def pointer_token(key: object) -> str:
    """Write one step of a JSON pointer."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")
