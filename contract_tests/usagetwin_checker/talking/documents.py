"""Fetch a document of somebody else's: by GET, over TLS, from hosts that are known, without any credential.

Rule: nothing of the environment's goes with it but a proxy, and no more is read than a document may have.
"""

import asyncio
import time
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from usagetwin.errors import RemediedError, SettingError, quoted
from usagetwin.hosts import HOSTS, host_name
from usagetwin_checker.talking.base_urls import host_of, is_this_machine
from usagetwin_checker.talking.failures import failure
from usagetwin_checker.talking.proxies import proxy_for
from usagetwin_checker.talking.trust import trusting

if TYPE_CHECKING:
    from collections.abc import Collection

    import httpx

    from usagetwin_checker.talking.proxies import Proxy

DOCUMENT_HOSTS: Final = ("launchdarkly.com", "apidocs.launchdarkly.com", "docs.launchdarkly.com", *HOSTS)
TIMEOUT_S: Final = 30.0  # for all of it
LARGEST: Final = 16 * 1024 * 1024
MOST_REDIRECTS: Final = 3
OK: Final = 200
ACCEPT: Final = "application/yaml, application/json, text/markdown, text/plain;q=0.5, */*;q=0.1"


@dataclass(eq=False)
class NotFetchedError(RemediedError):
    """A document that did not come."""

    problem: str
    remedy: str


def fetched(url: str, allowed: "Collection[str]" = ()) -> bytes:
    """Give what is at a URL; `allowed` are hosts beside LaunchDarkly's and this machine.

    Redirects are followed to such hosts, three at most. Raises SettingError for a URL that is not asked, and
    NotFetchedError where it has no document.
    """
    deadline_s = time.monotonic() + TIMEOUT_S
    for _ in range(MOST_REDIRECTS + 1):
        _refuse(url, allowed)
        found = _asked(url, deadline_s)
        if isinstance(found, bytes):
            return found
        url = urljoin(url, found)
    problem = f"it leads on more than {MOST_REDIRECTS} times, at last to {quoted(url)}"
    raise NotFetchedError(problem, "the URL at which the document is, or its file")


def _refuse(url: str, allowed: "Collection[str]") -> None:
    """Raise SettingError for what is no URL of a host that is asked."""
    try:
        parts = urlsplit(url)
        host = host_name(parts.hostname) or ""
        ok = parts.scheme in ("http", "https") and bool(host) and parts.port != 0 and url.isprintable()
    except ValueError:
        ok = False
    if not ok:
        problem = f"{quoted(url)} is no URL of a document"
        raise SettingError(problem, "https://HOST/PATH, or a file")
    if "@" in parts.netloc:
        problem = "the URL of the document has a user name or password in it"
        raise SettingError(problem, "the URL without them; a document is asked for without a credential")
    if is_this_machine(host):
        return
    if host not in DOCUMENT_HOSTS and host not in {host_name(name) for name in allowed}:
        problem = f"{quoted(host)} is none of the hosts that have LaunchDarkly's documents"
        raise SettingError(problem, f"--allow-host {host}, one of {', '.join(DOCUMENT_HOSTS)}, or a file")
    if parts.scheme != "https":
        problem = f"{quoted(url)} is plain HTTP"
        raise SettingError(problem, f"https://{host}, or a file")


def _asked(url: str, deadline_s: float) -> bytes | str:
    """Ask once: a document, or where it is instead. Raises NotFetchedError."""
    import httpx

    remedy = "another URL, or the document as a file"
    try:
        return asyncio.run(asyncio.wait_for(_got(url), max(deadline_s - time.monotonic(), 0)))
    except TimeoutError:
        problem = f"{quoted(url)} did not answer in whole within {TIMEOUT_S:g} s"
        raise NotFetchedError(problem, remedy) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        proxy = _proxy_for(url)
        why = failure(error, host=host_of(url), proxy=None if proxy is None else str(proxy))
        problem = f"{quoted(url)} did not answer: {why}"
        raise NotFetchedError(problem, remedy) from None


def _proxy_for(url: str) -> "Proxy | None":
    return None if is_this_machine(host_of(url)) else proxy_for(url)


async def _got(url: str) -> bytes | str:
    import httpx

    proxy = _proxy_for(url)
    client = httpx.AsyncClient(
        proxy=None if proxy is None else proxy.url,
        verify=trusting(None),
        trust_env=False,  # no credential of a netrc file
        follow_redirects=False,
        timeout=TIMEOUT_S,
        headers={"Accept": ACCEPT, "Accept-Encoding": "identity"},
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    async with client, client.stream("GET", url) as response:
        found: bytes | str = (
            response.headers["location"] if response.is_redirect else await _read(response, url)
        )
    return found


async def _read(response: "httpx.Response", url: str) -> bytes:
    if response.status_code != OK:
        problem = f"{quoted(url)} is answered with {response.status_code}"
        raise NotFetchedError(problem, "another URL, or the document as a file")
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > LARGEST:
            problem = f"{quoted(url)} is larger than the {LARGEST >> 20} MiB that a document may have"
            raise NotFetchedError(problem, "the document of this endpoint alone")
    return bytes(content)
