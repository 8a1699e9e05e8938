"""The golden answers: which questions they are, and the sha256 of what the twin answers to them.

`python -m tests.golden` writes `fixtures/golden/answers.json` again; `--check` only says what differs.
A group is one world, profile and instant. In the profile `observed` the beta header is sent, and the
policy `quota` is off: a quota counts requests, and would make an answer depend on how many came before.
"""

import json
import sys
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from tests.asgi.counting import MovingClock
from tests.inprocess import WITH_TOKEN, ask_all
from usagetwin import Settings, create_app
from usagetwin.account.world import load_world, world_names
from usagetwin.clock import parse_instant
from usagetwin.data import fixtures_folder
from usagetwin.policies import PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

    from tests.answer import Answer

DAY: Final = 86_400
HEADERS: Final = {"documented": {}, "observed": {"LD-API-Version": "beta"}}
POLICIES: Final = {"documented": {}, "observed": {"quota": "off"}}
INSTANTS: Final = (  # edges of months, of a leap day, of years, and an ordinary afternoon
    "2026-03-17T15:20:00Z",
    "2026-09-30T23:59:59Z",
    "2026-10-01T00:00:00Z",
    "2026-12-31T23:59:59Z",
    "2027-01-01T00:00:00Z",
    "2028-02-28T23:59:59Z",
    "2028-02-29T00:00:00Z",
    "2028-02-29T23:59:59Z",
    "2028-03-01T00:00:00Z",
)
WIDE: Final = ("business-week", "2028-02-29T00:00:00Z")  # the world and instant that get every question
STRIDE: Final = 37  # the others get every 37th, beginning elsewhere each time

VIEWS: Final = (
    "",
    "aggregationType=incremental",
    "aggregationType=rolling_30d&granularity=daily",
    "aggregationType=month_to_date&granularity=monthly",
    "aggregationType=rolling_30d&granularity=monthly",
)
REFUSED: Final = (
    "from=1735689600000", "to=2026-03-01", "from=", "granularity=hourly", "aggregationType=Incremental",
    "projectKey=", "from=1&from=2", "projectKey=%FF%00", "to=-1", "from=9999999999",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The questions to one world, in one profile, at one instant."""

    world: str
    profile: str
    now: str
    queries: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name the group, so that a difference points somewhere."""
        return f"{self.world} {self.profile} {self.now}"

    @property
    def options(self) -> list[str]:
        """Give what a served twin of this group is started with."""
        policies = [f"--policy={name}={value}" for name, value in POLICIES[self.profile].items()]
        return ["--world", self.world, "--profile", self.profile, "--now", self.now, *policies]

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers that its questions need, beside the credential."""
        return HEADERS[self.profile]


def groups() -> "Iterator[Group]":
    """Give all groups: every built-in world in both profiles at every instant."""
    for index, (world, profile, now) in enumerate(product(world_names(), PROFILES, INSTANTS)):
        every = tuple(_queries(world, parse_instant(now)))
        chosen = every if (world, now) == WIDE else every[index % STRIDE :: STRIDE]
        yield Group(world, profile, now, chosen)


def digest(answers: "Iterable[Answer]") -> str:
    """Hash the status and the body of each answer, in order."""
    total = sha256()
    for answer in answers:
        total.update(b"%d %d " % (answer.status, len(answer.body)))
        total.update(answer.body)
    return total.hexdigest()


def answered(group: Group, *, reply_cache: bool = True) -> "list[Answer]":
    """Ask a group's questions in this process; one twin answers at all instants, one after the other."""
    app, clock = _app(group.world, group.profile, reply_cache)
    clock.now_s = parse_instant(group.now)
    headers = (*WITH_TOKEN, *((name.lower(), value) for name, value in group.headers.items()))
    return ask_all(app, group.queries, headers)


def recorded() -> dict[str, dict[str, Any]]:
    """Give the golden answers as they are stored: group by group, the number of questions and the hash."""
    stored: dict[str, dict[str, Any]] = json.loads(_file().read_text(encoding="utf-8"))
    return stored


def computed() -> dict[str, dict[str, Any]]:
    """Answer all questions, and give what would be stored."""
    return {
        group.name: {"queries": len(group.queries), "sha256": digest(answered(group))} for group in groups()
    }


@cache
def _app(world: str, profile: str, reply_cache: bool) -> "tuple[ASGIApp, MovingClock]":  # noqa: FBT001 -- a cache key
    clock = MovingClock()
    settings = Settings(world=world, profile=profile, policies=POLICIES[profile], reply_cache=reply_cache)
    return create_app(settings, clock=clock), clock


def _queries(world: str, now_s: int) -> "Iterator[str]":
    for filter_, window, view in product(_filters(world), _windows(now_s), VIEWS):
        yield "&".join(part for part in (filter_, window, view) if part)
    yield from REFUSED


def _filters(world: str) -> "Iterator[str]":
    keys = [project.key for project in load_world(world).projects]
    yield ""
    yield f"projectKey={keys[0]}"
    yield f"projectKey={keys[-1]}&projectKey={keys[0]}"
    yield f"projectKey={keys[-1]}&projectKey=not-there"


def _windows(now_s: int) -> "Iterator[str]":
    today = now_s - now_s % DAY
    yield ""
    for start_s, end_s in (
        (today - 400 * DAY, now_s),
        (today - 61 * DAY, today),
        (today - 31 * DAY, today + 1),
        (today - 2 * DAY, today - DAY),
        (today - DAY - 1, today - 1),
        (today - 1, now_s + 1),
        (today, today + DAY),
        (today, 9_999_999_999),
        (now_s, now_s),
        (today - 30 * DAY + 1, today - 29 * DAY),
        (1_703_980_800, 1_709_251_200),  # 2023-12-31, before most projects, to 2024-03-01, after a leap day
    ):
        yield f"from={start_s}&to={end_s}"
    yield f"from={today - 366 * DAY}"
    yield f"to={today + 3 * DAY}"


def _file() -> "Path":
    return fixtures_folder() / "golden" / "answers.json"


def _main(arguments: list[str]) -> int:
    found = computed()
    total = sum(entry["queries"] for entry in found.values())
    if "--check" in arguments:
        differing = [name for name, entry in found.items() if recorded().get(name) != entry]
        sys.stdout.write(
            f"{total} answers in {len(found)} groups; groups that differ: {differing or 'none'}\n"
        )
        return 1 if differing or found.keys() != recorded().keys() else 0
    _file().write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{total} answers in {len(found)} groups\n")
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
