"""Which failures are worth another try, and how long to wait before it."""

import httpx

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0


def is_passing(outcome: httpx.Response | httpx.TransportError) -> bool:
    """Tell whether the next try may fare better: after 429, after 5xx, and where the network failed."""
    if isinstance(outcome, httpx.TransportError):
        return True
    return outcome.status_code == httpx.codes.TOO_MANY_REQUESTS or outcome.is_server_error


def wait_s(outcome: httpx.Response | httpx.TransportError, failures: int) -> float:
    """Give the seconds that the API asks us to wait, or twice as many after each failure."""
    asked = outcome.headers.get("Retry-After", "") if isinstance(outcome, httpx.Response) else ""
    wait = float(asked) if asked.isdecimal() else FIRST_WAIT_S * 2.0 ** (failures - 1)
    return min(wait, LONGEST_WAIT_S)
