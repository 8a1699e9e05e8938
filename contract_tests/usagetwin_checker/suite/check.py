"""What the suite is asked to check, as one value; running it gives the outcome of each rule."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from usagetwin.errors import SettingError
from usagetwin_checker.commands.account import exactly
from usagetwin_checker.commands.check import TWIN, target_of
from usagetwin_checker.commands.live_options import manners_of
from usagetwin_checker.running.drawing import require_hypothesis
from usagetwin_checker.suite.outcomes import Outcomes, outcomes_of

if TYPE_CHECKING:
    from usagetwin_checker.running.report import Report
    from usagetwin_checker.talking.live.manners import Manners


@dataclass(frozen=True, slots=True)
class Check:
    """A target, `twin` or a base URL, and what is known of it: the options of `usagetwin check`.

    `now` is the target's current time as text, such as 2026-03-17T15:20:00Z; `world` and `profile` say what
    the target `twin` is. After `max_time` seconds nothing more is asked. `allow_hosts` may be asked beside
    this machine and LaunchDarkly's; those get `per_day` requests, `pace` seconds apart. Raises SettingError
    for values that make no sense.
    """

    target: str
    projects: tuple[str, ...] = ()
    complete: bool = False
    now: str | None = None
    world: str | None = None
    profile: str | None = None
    strict: bool = False
    budget: int | None = None
    seed: int = 0
    live: bool = False
    settles_after: int | None = None
    max_time: float | None = None
    allow_hosts: tuple[str, ...] = ()
    per_day: int | None = None
    pace: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no target, what contradicts itself, and what can't be drawn."""
        require_hypothesis()
        if self.target != TWIN:
            self._manners.counted(self.target, live=self.live, budget=self.budget)
        if self.complete and not self.projects:
            problem = "complete says that the projects given are all that the account has, and none is given"
            raise SettingError(problem, "every project key of the account")
        if not all(self.projects):
            problem = "a project key is empty"
            raise SettingError(problem, "the keys as they are in the account")
        if self.budget is not None and self.budget < 1:
            problem = f"a budget of {self.budget} requests shows nothing"
            raise SettingError(problem, "1 or more; by default 1000 on loopback, else 60")
        if self.per_day is not None and self.per_day < 1:
            problem = f"{self.per_day} requests a day show nothing"
            raise SettingError(problem, "1 or more; by default 60")
        if self.settles_after is not None and self.settles_after < 0:
            problem = f"a day can't be final {-self.settles_after} hours before its end"
            raise SettingError(problem, "0 hours or more")

    @property
    def _manners(self) -> "Manners":
        return manners_of(self.allow_hosts, self.per_day, self.pace)

    def outcomes(self) -> Outcomes:
        """Run the check. Raises SettingError and FileError."""
        return outcomes_of(self._report())

    def _report(self) -> "Report":
        from usagetwin_checker.knowing.knowledge import Knowledge
        from usagetwin_checker.running.campaign import Campaign
        from usagetwin_checker.running.report import Options

        knowledge = Knowledge(
            frozenset(self.projects), self.complete, exactly(self.now), settling_h=self.settles_after
        )
        asked = Options(
            knowledge,
            strict=self.strict,
            budget=self.budget,
            seed=self.seed,
            live=self.live,
            max_time_s=self.max_time,
        )
        target, options = target_of(
            self.target,
            asked,
            now=self.now,
            world=self.world,
            profile=self.profile,
            manners=self._manners,
        )
        try:
            return Campaign(target, options, lambda _sent, _of: None).run()
        finally:
            target.close()
