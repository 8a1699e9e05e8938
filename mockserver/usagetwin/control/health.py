"""Whether a twin answers: it is asked without a credential, and must say so as the contract does."""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from usagetwin.contract.operation import PATH

TIMEOUT_S: Final = 5.0
UNAUTHORIZED: Final = 401


def health(url: str) -> str | None:
    """Ask the twin at a base URL; give None when it is well, else what is wrong, in one line.

    The question spends no quota and needs no token.
    """
    try:
        parts = urlsplit(url)
        schemes = {"http": HTTPConnection, "https": HTTPSConnection}
        if parts.scheme not in schemes or not parts.hostname:
            return f"{url!r} is no base URL, such as http://127.0.0.1:8080"
        connection = schemes[parts.scheme](parts.hostname, parts.port, timeout=TIMEOUT_S)
        connection.request("GET", parts.path.rstrip("/") + PATH)
        response = connection.getresponse()
        body = response.read(65536)
        connection.close()
    except (OSError, HTTPException, ValueError) as error:
        return f"{url} does not answer: {error}"
    return (
        None if _is_ours(response.status, body) else f"{url} answers {response.status}, but is no usagetwin"
    )


def _is_ours(status: int, body: bytes) -> bool:
    try:
        return status == UNAUTHORIZED and json.loads(body)["code"] == "unauthorized"
    except (ValueError, KeyError, TypeError):
        return False
