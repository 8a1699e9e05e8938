"""A twin that runs elsewhere and is told things over HTTP: where it is, by which right, and what it refuses.

Rule: what can't be is said in the words of `--usage-twin-url`, and no message has a token.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from json import dumps  # by name: a test may replace it for its own code
from typing import Any, Final

from usagetwin.control.speaking import Place, RefusedError, is_plain, place_of, speak
from usagetwin.errors import SettingError
from usagetwin.hosts import HOSTS, host_name
from usagetwin.settings import CONTROL_VARIABLE
from usagetwin_checker.redirect.route import check_socket

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

Document = dict[str, Any]

EXAMPLE: Final = "http://127.0.0.1:8080"
ELSEWHERE: Final = f"usagetwin serve; or --usage-twin-url={EXAMPLE} with where the twin is"
WITH_THE_TOKEN: Final = f"{CONTROL_VARIABLE} with the same value for `usagetwin serve` and for pytest"
REMEDIES: Final[Mapping[str, str]] = {  # by the code of a refusal
    "unauthorized": WITH_THE_TOKEN,
    "forbidden": f"{WITH_THE_TOKEN}; or on the twin's own machine a URL with 127.0.0.1",
}
OTHER_RELEASE: Final = frozenset({"invalid_request", "method_not_allowed", "not_found"})
KNOCK: Final[Document] = {"name": "is a test's play to be had?", "longest_wait": 60}
LEAST_CHANGE: Final[Document] = {"tokens": {}, "allow": [], "deviation": None}


class RunningTwin:
    """The twin at a base URL, whose path is kept."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        """Take the base URL, and the control token if it wants one. Raises SettingError for what can't be."""
        self.place: Final = _place(url, token)

    @classmethod
    def at(cls, url: str) -> "RunningTwin":
        """Give the twin at a base URL, with the control token of the environment. Raises SettingError."""
        return cls(url, token=os.environ.get(CONTROL_VARIABLE) or None)

    @property
    def url(self) -> str:
        """Give the base URL, without a slash at its end."""
        return self.place.url

    def say(self, method: str, path: str, body: object = None) -> Document:
        """Tell it something, and give its answer. Raises RefusedError, or SettingError without one."""
        check_socket()
        content = None if body is None else dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        try:
            return speak(self.place, method, path, content).document
        except RefusedError as error:
            raise replace(error, remedy=REMEDIES.get(error.code, error.remedy)) from None

    def check(self) -> None:
        """Make a play, change it and end it, as each test does. Raises SettingError where that can't be."""
        try:
            path = f"/plays/{self.say('POST', '/plays', KNOCK)['play']}"
            self.say("PATCH", path, LEAST_CHANGE)
            self.say("DELETE", path)
        except RefusedError as error:
            if error.code not in OTHER_RELEASE:
                raise
            raise self.is_another_release() from None
        except (KeyError, TypeError):
            raise self.is_another_release() from None

    def is_another_release(self) -> SettingError:
        """Give the error for a twin that does not know what this release says to it."""
        problem = f"the twin at {self.url} is of another release of usagetwin"
        return SettingError(problem, "the same release of usagetwin for the twin and for pytest")


def _place(url: str, token: str | None) -> Place:
    """Read a base URL. Raises SettingError, which never shows a password or a token."""
    place = place_of(url.rstrip("/"), token, remedy=ELSEWHERE, example=EXAMPLE)
    if host_name(place.host) in HOSTS:
        problem = f"{place.host} leads to the twin itself while a test runs, so it can't be asked"
        raise SettingError(problem, f"{EXAMPLE}; `usagetwin check {url}` judges the live API")
    if token is not None and not is_plain(token):
        problem = f"{CONTROL_VARIABLE} is no control token, which is printable ASCII without spaces"
        raise SettingError(problem, "the token that the twin was started with")
    return place
