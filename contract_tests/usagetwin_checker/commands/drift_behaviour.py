"""The command `usagetwin drift behaviour`: a report or recording against an earlier one."""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from usagetwin.errors import FileError, SettingError, quoted
from usagetwin_checker.commands.drift import INCONCLUSIVE, Files, drift_options, make_changes, publish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin_checker.drifting.reports import Judged
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Now

LARGEST_REPORT: Final = 64 * 1024 * 1024
LIMIT: Final = "x-ratelimit-auth-token-limit"


@click.command("behaviour")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--world", metavar="NAME|FILE", help="The twin's account, whose policies are to follow B.")
@click.option("--profile", metavar="NAME|FILE", help="The twin's profile; needs --world.")
@click.option("--project", "projects", multiple=True, metavar="KEY", help="Of recordings: a project key.")
@click.option("--recorded-at", metavar="URL", help="Of recordings: the base URL to judge.")
@drift_options
def drift_behaviour(  # noqa: PLR0913 -- one argument for each option
    *,
    before: str,
    after: str,
    world: str | None,
    profile: str | None,
    projects: tuple[str, ...],
    recorded_at: str | None,
    applying: bool,
    patch_file: Path | None,
    html_file: Path | None,
    json_file: Path | None,
) -> None:
    """Compare what a target did, A, with what it does, B: reports of `check --json`, or recordings.

    A can be the twin's own report: then it says whether the twin still looks like B.
    """
    from usagetwin_checker.drifting.behaviour import answered, behaviour_drift
    from usagetwin_checker.drifting.reports import refuse_others
    from usagetwin_checker.drifting.world_patch import world_patch
    from usagetwin_checker.reporting.drift import behaviour_report

    files = Files(json_file, html_file, patch_file)
    files.refuse_unwritable({"A": before, "B": after, "the world": world, "the profile": profile})
    policies, variations = _twin(world, profile)
    found = [_judged(name, projects, recorded_at) for name in (before, after)]
    refuse_others(*found)
    for each in found:
        if not each.judged:
            click.echo(f"inconclusive: {each.name} has put no rule to the test", err=True)
            sys.exit(INCONCLUSIVE)
    compared = behaviour_drift(found[0], found[1], policies, variations)
    folder, patch = world_patch(world, compared.policies)
    patch = replace(patch, left=answered(compared))
    if applying and patch.none:
        problem = f"--apply has nothing to apply: {patch.none}"
        raise SettingError(problem, "no --apply")
    applied = applying and bool(patch.changed)
    if applied:
        make_changes(patch, folder)
    publish(behaviour_report(compared, patch, applied=applied), files)


def _twin(world: str | None, profile: str | None) -> "tuple[Mapping[str, str] | None, tuple[str, ...]]":
    """Give the policies of a twin, if one is named, and its variations. Raises SettingError and FileError."""
    from usagetwin.account.world import load_world
    from usagetwin.policies import make_policies
    from usagetwin.profiles import profile_of
    from usagetwin.settings import DEFAULT_PROFILE

    if world is None:
        if profile is not None:
            problem = "--profile is the twin's, and no --world says which twin"
            raise SettingError(problem, "--world FILE --profile NAME")
        return None, ()
    own = profile_of(profile or DEFAULT_PROFILE)
    policies = make_policies(DEFAULT_PROFILE, own.policies, load_world(world).policies)
    return asdict(policies), own.variations


def _judged(name: str, projects: tuple[str, ...], recorded_at: str | None) -> "Judged":
    """Read a report, or judge a recording. Raises SettingError and FileError."""
    from usagetwin_checker.drifting.reports import REMEDY, is_report, judged_of

    if not name:
        problem = "the name of a file is empty, as a variable is that nobody set"
        raise SettingError(problem, REMEDY)
    try:
        with Path(name).open("rb") as opened:
            content = opened.read(LARGEST_REPORT + 1) if Path(name).is_file() else b""
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise FileError(quoted(name), None, f"it can't be read: {said}", REMEDY) from None
    if not is_report(content):
        return _of_recording(name, projects, recorded_at)
    if len(content) > LARGEST_REPORT:
        raise FileError(name, None, f"it is larger than {LARGEST_REPORT >> 20} MiB", REMEDY)
    return judged_of(content, Path(name).name)


def _of_recording(name: str, projects: tuple[str, ...], recorded_at: str | None) -> "Judged":
    from usagetwin_checker.drifting.reports import judged_of
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.reporting.json_report import as_json
    from usagetwin_checker.running.recorded import report_of
    from usagetwin_checker.running.report import Options
    from usagetwin_checker.talking.base_urls import base_url_of
    from usagetwin_checker.talking.recordings.loading import load
    from usagetwin_checker.talking.recordings.scrubbing import Scrubber, secrets_here

    at = None if recorded_at is None else base_url_of(recorded_at, "--recorded-at")
    loaded = load(name, Scrubber(secrets_here()), at)
    report = report_of(loaded, Options(Knowledge(frozenset(projects))))
    quota = _quota(loaded.exchanges, report.knowledge.now)
    return judged_of(
        as_json(report).encode("utf-8", "backslashreplace"), loaded.name, quota=quota, target=loaded.base_url
    )


def _quota(exchanges: "Sequence[Exchange]", now: "Now | None") -> str:
    """Give the quota of one token, where its headers tell of one, and of no other time than a policy's."""
    from usagetwin_checker.choices.transport import resets_in_time

    limited = [each for each in exchanges if each.headers.get(LIMIT, "").isdigit()]
    timely = all(resets_in_time(each, now) for each in limited)
    return limited[-1].headers[LIMIT] if limited and timely else ""
