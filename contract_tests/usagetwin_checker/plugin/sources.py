"""Where a run and a test give settings: the command line, the ini file, the seam fixtures, the marker."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

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
    try:
        for source in run_sources(config):
            for name, value in source.values.items():
                read(source, name, value)
    except UsageTwinError as error:
        raise pytest.UsageError(str(error)) from None


def knock(config: pytest.Config) -> None:
    """End a run whose tests can't have plays on the twin at a URL. Raises UsageError."""
    from usagetwin_checker.testing.running_twin import RunningTwin

    command_line, _ = run_sources(config)
    try:
        RunningTwin.at(str(read(command_line, "url", command_line.values["url"]))).check()
    except UsageTwinError as error:
        problem = f"{OPTION_PREFIX}url: {error}"
        raise pytest.UsageError(problem) from None


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
