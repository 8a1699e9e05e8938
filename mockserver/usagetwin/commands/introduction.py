"""What a served twin says of itself before its ready line: what answers, at what time, and what to try."""

import shlex
from dataclasses import fields
from typing import TYPE_CHECKING, Final

import click

from usagetwin.account.world import Role, world_names
from usagetwin.contract.operation import ONLY_SESSIONS, PATH
from usagetwin.days import SECONDS_PER_DAY, iso, to_date
from usagetwin.errors import readable
from usagetwin.page.front import is_installed
from usagetwin.policies import Policies
from usagetwin.replay.nearest import target_of
from usagetwin.replay.question import Credential
from usagetwin.settings import DEMO_TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from usagetwin.account.world import World
    from usagetwin.replay.tape import Tape
    from usagetwin.settings import Settings

KEYS_LISTED: Final = 8
EVERYWHERE: Final = {"//0.0.0.0:": "//127.0.0.1:", "//[::]:": "//[::1]:"}  # to listen on, and to ask
OWN_TOKEN: Final = '"Authorization: ${USAGETWIN_TOKEN:?set it to a token of this world}"'  # noqa: S105 -- none


def introduction(
    settings: "Settings",
    world: "World",
    url: str,
    secure: "tuple[str, Path | None] | None" = None,
    *,
    page: bool = False,
) -> "Iterator[str]":
    """Give the lines; what breaks the contract on purpose is red.

    `secure` is the URL of HTTPS, and the file of the local authority where the certificate is from it. `page`
    says whether there is one for browsers.
    """
    policies = settings.policies_over(world.policies)
    from_file = "" if settings.world == world.name else f" ({readable(settings.world)})"
    yield f"usagetwin serves the world {readable(world.name)}{from_file}"
    if settings.operations != ONLY_SESSIONS:
        for operation in settings.operations:
            yield f"  serves    GET {operation.path}, the {operation.counted}"
    yield f"  projects  {_keys(world)}"
    yield f"  clock     {_clock(settings)}"
    yield from _today(settings, world, policies)
    yield f"  profile   {readable(settings.profile)}"
    changed = [
        f"{field.name}={getattr(policies, field.name)}"
        for field in fields(Policies)
        if getattr(policies, field.name) != field.default
    ]
    if changed:
        yield f"  policies  {', '.join(changed)}"
    if settings.variations:
        yield f"  varies    {', '.join(settings.variations)}"
    if settings.deviation is not None:
        yield _deviation(settings.deviation)
    curl = _curl(_token(settings, world, policies), policies)
    path = settings.operations[0].path
    yield f"  try       curl {curl} {_asked(url, path)}"
    if secure is not None:
        yield from _https(*secure, curl, path)
    if page and is_installed():
        yield f"  page      {_reached(url)}/"


def replayed(tape: "Tape", url: str, secure: "tuple[str, Path | None] | None" = None) -> "Iterator[str]":
    """Give the lines for a recording that is answered from; `secure` is as above."""
    answers, questions = tape.replies, len(tape.questions)
    yield (
        f"usagetwin replays {readable(tape.name)}: {answers} answer{'s' * (answers != 1)} "
        f"to {questions} question{'s' * (questions != 1)}"
    )
    yield f"  recorded  at {tape.base_url}"
    if tape.cut:
        yield f"  cut off   after {_entries(tape.entries, 'whole ')}"
    if tape.passed_over:
        counted = ", ".join(f"{times} {why}" for why, times in tape.passed_over.items())
        yield f"  passed    over, of {_entries(tape.entries)}: {counted}"
    first = tape.first
    credential = [] if first.credential is Credential.NONE else [f"Authorization: {DEMO_TOKEN}"]
    headers = [*credential, *(["LD-API-Version: beta"] if first.beta else [])]
    curl = " ".join(f"-H {shlex.quote(header)}" for header in headers)
    yield f"  try       curl {curl} {shlex.quote(_reached(url) + target_of(first))}"
    if secure is not None:
        yield from _https(*secure, curl, PATH)


def _https(url: str, trusted: "Path | None", curl: str, path: str) -> "Iterator[str]":
    """Give the URL, and where the certificate is the local authority's, what asks it."""
    if trusted is None:
        yield f"  https     {url}, with your certificate"
        return
    yield f"  https     {url}, trusted with {readable(str(trusted))}: `usagetwin ca` says how"
    yield f"  try       curl --cacert {shlex.quote(str(trusted))} {curl} {_asked(url, path)}"


def _keys(world: "World") -> str:
    listed = ", ".join(readable(project.key) for project in world.projects[:KEYS_LISTED])
    more = len(world.projects) - KEYS_LISTED
    return f"{listed} and {more} more" if more > 0 else listed


def _clock(settings: "Settings") -> str:
    return "the machine's" if settings.now is None else f"frozen at {iso(settings.clock())}"


def _today(settings: "Settings", world: "World", policies: Policies) -> "Iterator[str]":
    """Say that the open day is counted in part, where a file gives its count, which an answer then lacks."""
    today, elapsed_s = divmod(settings.clock(), SECONDS_PER_DAY)
    given = any(project.created <= today <= (project.last_given or 0) for project in world.projects)
    if given and policies.open_day == "so-far":
        share = 100 * elapsed_s // SECONDS_PER_DAY
        yield (
            f"  today     {to_date(today)} is counted so far, {share}% of its sessions; "
            "all of them with --policy open_day=whole"
        )


def _deviation(name: str) -> str:
    from usagetwin.deviations import deviation, faults

    about = deviation(name).about.rstrip(".")
    if name in faults():
        return click.style(
            f"  fault     {name}: {about} (breaks {', '.join(deviation(name).rules)})", fg="red"
        )
    return f"  differs   {name}: {about}"


def _token(settings: "Settings", world: "World", policies: Policies) -> str | None:
    """Give a token that gets an answer and is no secret; None where only the user's own world knows one."""
    unlisted = Role.FULL if policies.unknown_tokens == "accept" else Role.REVOKED
    if world.tokens.get(DEMO_TOKEN, unlisted) is Role.FULL:
        return DEMO_TOKEN
    invented = world.tokens if settings.world in world_names() else {}
    return next((token for token, role in invented.items() if role is Role.FULL), None)


def _curl(token: str | None, policies: Policies) -> str:
    """Give what curl sends to get an answer."""
    headers = [OWN_TOKEN if token is None else shlex.quote(f"Authorization: {token}")]
    if policies.beta == "required":
        headers.append("'LD-API-Version: beta'")
    return " ".join(f"-H {header}" for header in headers)


def _asked(url: str, path: str) -> str:
    """Give the URL to ask, where a twin listens on this one."""
    return shlex.quote(_reached(url) + path)


def _reached(url: str) -> str:
    """Give the URL that reaches what listens on this one."""
    for listening, asking in EVERYWHERE.items():
        url = url.replace(listening, asking)
    return url


def _entries(count: int, kind: str = "") -> str:
    return f"{count} {kind}{'entry' if count == 1 else 'entries'}"
