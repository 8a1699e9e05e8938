"""What a caller says of how a host of someone else's is asked, and the target that this makes of a URL."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from usagetwin.errors import SettingError
from usagetwin.hosts import host_name
from usagetwin_checker.talking.base_urls import base_url_of, is_this_machine
from usagetwin_checker.talking.live.allowed import refuse_not_allowed
from usagetwin_checker.talking.live.day import Day
from usagetwin_checker.talking.live.target import LiveTarget
from usagetwin_checker.talking.targets import UrlTarget

PER_DAY: Final = 60
PACE_S: Final = 0.5  # the API's limits are of windows of 10 seconds


@dataclass(frozen=True, slots=True)
class Manners:
    """The hosts that are allowed beside LaunchDarkly's, requests a day, seconds between them, how to wait."""

    allowed: tuple[str, ...] = ()
    per_day: int = PER_DAY
    pace_s: float = PACE_S
    sleep: Callable[[float], None] = time.sleep

    def target(
        self, url: str, *, live: bool = False, budget: int | None = None, cacert: str | None = None
    ) -> UrlTarget | LiveTarget:
        """Give the target of a URL; `live` says that a host of someone else's is behind this machine.

        Raises SettingError.
        """
        host = self.counted(url, live=live, budget=budget)
        target = UrlTarget(url, cacert=cacert)
        if host is None:
            return target
        return LiveTarget(target, Day(host, self.per_day), pace_s=self.pace_s, sleep=self.sleep)

    def counted(self, url: str, *, live: bool, budget: int | None) -> str | None:
        """Give the name under which requests to a URL are counted; None where they are not.

        Raises SettingError for what may not be asked, or not as often in one run.
        """
        base_url = base_url_of(url)
        parts = urlsplit(base_url)
        own = is_this_machine(parts.hostname or "")
        if not own:
            refuse_not_allowed(base_url, self.allowed)
        elif not live:
            return None
        host = (host_name(parts.hostname) or "") + (f":{parts.port}" if own and parts.port else "")
        if budget is not None and budget > self.per_day:
            problem = f"--budget {budget} is more than the {self.per_day} requests that {host} gets in a day"
            raise SettingError(problem, f"--per-day {budget}, if its owner lets you")
        return host
