"""Where a run and a test give settings: the command line, the ini file, the seam fixtures, the marker."""

from collections.abc import Mapping
from socket import create_connection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from usagetwin.errors import SettingError, UsageTwinError, nearest
from usagetwin_checker.plugin.chosen import Source, choose, read
from usagetwin_checker.plugin.options import (
    BY_TEST,
    INI_PREFIX,
    MARKER,
    OPTION_PREFIX,
    in_ini,
    on_command_line,
)
from usagetwin_checker.plugin.values import located

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from usagetwin_checker.plugin.chosen import Chosen

KNOCK_S: Final = 5.0
OF_THE_TWIN: Final = ("world", "now", "profile", "policies")
BY_SEAM: Final = tuple(name for name in BY_TEST if name not in {"world", "now"})  # those have their own seams


def run_sources(config: pytest.Config) -> tuple[Source, Source]:
    """Give what a whole run is told: on the command line, then in the ini file."""
    ini = config.inipath
    return (
        Source(f"{OPTION_PREFIX}{{name}}", on_command_line(config), config.invocation_params.dir),
        Source(
            f"{INI_PREFIX}{{name}} in {ini.name if ini else 'no file'}",
            in_ini(config),
            ini.parent if ini else config.rootpath,
        ),
    )


def check_run(config: pytest.Config) -> None:
    """Read all that a whole run is told: a mistake ends it before its first test. Raises UsageError."""
    command_line, ini = run_sources(config)
    try:
        for source in (command_line, ini):
            for name, value in source.values.items():
                read(source, name, value)
        if "url" in command_line.values:
            _refuse_beside_url(command_line.values, "on the command line")
    except UsageTwinError as error:
        raise pytest.UsageError(str(error)) from None


def knock(config: pytest.Config) -> None:
    """End a run whose twin is to answer at a URL where nobody listens. Raises UsageError."""
    command_line, _ = run_sources(config)
    url = str(read(command_line, "url", command_line.values["url"]))
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        create_connection((str(parts.hostname), port), KNOCK_S).close()
    except OSError as error:
        problem = f"{OPTION_PREFIX}url: no twin answers at {url} ({error})"
        remedy = f"a twin that runs there (usagetwin serve --port {port}), or no {OPTION_PREFIX}url"
        raise pytest.UsageError(str(SettingError(problem, remedy))) from None


def given(config: pytest.Config, name: str) -> object:
    """Give what a whole run is told of one setting, as it was told; or None. A file's path is whole."""
    for source in run_sources(config):
        if name in source.values:
            value = source.values[name]
            return located(value, source.folder) if name == "world" else value
    return None


def chosen_for(item: pytest.Item, *, world: object, now: object, settings: object) -> "Chosen":
    """Choose one test's settings; `world`, `now` and `settings` are what the seam fixtures gave.

    Fails the test for what can't be.
    """
    folder = item.config.rootpath
    try:
        return choose(
            [
                *_of_markers(item),
                Source("the fixture usage_twin_{name}", {"world": world, "now": now}, folder),
                Source("the fixture usage_twin_settings, {name}", _checked(settings), folder),
                *run_sources(item.config),
            ]
        )
    except UsageTwinError as error:
        raise failed(error) from None


def failed(error: UsageTwinError) -> BaseException:
    """Give the failure of a test that asks for what can't be: the message is all that its author needs."""
    return pytest.fail.Exception(str(error), pytrace=False)


def _of_markers(item: pytest.Item) -> "Iterator[Source]":
    """Give the arguments of each marker of a test, those nearest to it first."""
    for marker in item.iter_markers(MARKER):
        if marker.args:
            problem = (
                f"the marker {MARKER} takes its arguments by name, and has {marker.args[0]!r} without one"
            )
            raise SettingError(problem, f"{MARKER}(NAME=...), where NAME is one of {', '.join(BY_TEST)}")
        _refuse_unknown(marker.kwargs, BY_TEST, f"the marker {MARKER} has no argument")
        if item.config.getoption(f"{OPTION_PREFIX}url"):
            _refuse_beside_url(marker.kwargs, f"in the marker {MARKER}")
        yield Source(f"the marker {MARKER}, {{name}}", marker.kwargs, item.config.rootpath)


def _checked(settings: object) -> Mapping[str, object]:
    if not isinstance(settings, Mapping):
        problem = f"the fixture usage_twin_settings gives {settings!r}"
        raise SettingError(problem, "a mapping, such as {'profile': 'observed'}")
    _refuse_unknown(settings, BY_SEAM, "the fixture usage_twin_settings has no key")
    return settings


def _refuse_unknown(names: "Iterable[object]", valid: tuple[str, ...], problem: str) -> None:
    for name in names:
        if name not in valid:
            message = f"{problem} {name!r}"
            raise SettingError(message, nearest(str(name), valid))


def _refuse_beside_url(names: "Iterable[str]", place: str) -> None:
    """Refuse to change a twin that runs already; what all runs are told, it may have been started with."""
    for name in names:
        if name in OF_THE_TWIN:
            problem = f"{place}, {name} is set for a twin that runs already, and keeps its own"
            raise SettingError(
                problem, f"start that twin with it, or leave out {name}, or {OPTION_PREFIX}url"
            )
