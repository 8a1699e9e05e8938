"""The pytest plugin: the fixtures that put the twin behind a test, and the hooks that make it known.

Importing it imports pytest and the standard library alone; the twin and its libraries load with the first
test that uses them. Rule: what hooks and fixtures do is done in the other modules.
"""

from typing import TYPE_CHECKING, Final

import pytest

from usagetwin_checker.plugin import options
from usagetwin_checker.plugin.whole import require_twin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from usagetwin_checker.plugin.chosen import Chosen
    from usagetwin_checker.plugin.serving import Serving
    from usagetwin_checker.suite import Check
    from usagetwin_checker.testing.control import UsageTwin

__all__ = ["UsageTwinWarning"]

ENTRANCES: Final = ("usage_twin", "usage_twin_url")


class UsageTwinWarning(UserWarning):
    """Requests of a test break the contract, and `usage_twin_requests` is `warn`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the options and ini keys known."""
    options.add_to(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and end the run at once when its settings can't be."""
    config.addinivalue_line("markers", options.MARKER_LINE)
    checked = config.getoption("help") or hasattr(config, "workerinput")  # or by who started this worker
    if not checked and (options.on_command_line(config) or options.in_ini(config)):
        require_twin()
        from usagetwin_checker.plugin.sources import check_run

        check_run(config)
    if options.in_ini(config).get("guard"):
        from usagetwin_checker.plugin.guard import join

        join(config)
    if options.of_run(config, "target") or config.getoption("pyargs"):
        from usagetwin_checker.plugin.checking import check_options

        check_options(config)
    if any(options.of_run(config, name) is not None for name in options.OF_BLIND_SPOTS):
        from usagetwin_checker.plugin.blind_spots import plugin_of

        config.pluginmanager.register(plugin_of(config), "usagetwin-blind-spots")
    if not checked and "url" in options.on_command_line(config):
        from usagetwin_checker.plugin.sources import knock

        knock(config)  # last: what makes no sense is told first


def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter") -> None:
    """Show what the suite found and does not fail on."""
    if terminalreporter.getreports("xfailed"):
        from usagetwin_checker.plugin.checking import tell_unconfirmed

        tell_unconfirmed(terminalreporter)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give the twin to a test that has the marker, whether or not it names a fixture."""
    names: list[str] = getattr(item, "fixturenames", [])
    if item.get_closest_marker(options.MARKER) and not any(name in names for name in ENTRANCES):
        names.insert(0, "usage_twin")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Start the twin before the first test, where one has it: its start is in no test's time."""
    items = () if session.config.getoption("collectonly") else getattr(session, "items", ())
    if any(name in getattr(item, "fixturenames", ()) for item in items for name in ENTRANCES):
        from usagetwin_checker.plugin.starting import prepare

        prepare(session.config)


@pytest.fixture(scope="session")
def usage_twin_world(request: pytest.FixtureRequest) -> object:
    """Give the account that answers: a name, a file, or counts. A project overrides this, in any scope."""
    _require_twin()
    from usagetwin_checker.plugin.sources import given

    return given(request.config, "world")


@pytest.fixture(scope="session")
def usage_twin_now(request: pytest.FixtureRequest) -> object:
    """Give the instant at which the twin's clock stands. A project overrides this, in any scope."""
    _require_twin()
    from usagetwin_checker.plugin.sources import given

    return given(request.config, "now")


@pytest.fixture(scope="session")
def usage_twin_settings() -> "Mapping[str, object]":
    """Give other settings, by the names of the marker's arguments. A project overrides this, in any scope."""
    return {}


@pytest.fixture(scope="session")
def usage_twin_check(request: pytest.FixtureRequest) -> "Check":
    """Give what `usagetwin_checker.suite` checks. A project overrides this to check a mock of its own."""
    from usagetwin_checker.plugin.checking import check_for

    return check_for(request)


@pytest.fixture
def usage_twin(
    request: pytest.FixtureRequest,
    _usage_twin: "UsageTwin",
    _usage_twin_serving: "Serving",
    _usage_twin_chosen: "Chosen",
) -> "Iterator[UsageTwin]":
    """Answer for LaunchDarkly's hostnames during the test, and give the twin that does."""
    if options.in_ini(request.config).get("guard"):
        from usagetwin_checker.plugin.guard import rest

        rest(request.config)
    blocking = _usage_twin_chosen.block_other_hosts
    with _usage_twin_serving.intercepting(request.node.nodeid, block_other_hosts=blocking):
        yield _usage_twin


@pytest.fixture
def usage_twin_url(_usage_twin: "UsageTwin") -> str:
    """Give the base URL of the same twin over plain HTTP, for code whose base URL can be set."""
    return _usage_twin.url


@pytest.fixture
def _usage_twin_serving(request: pytest.FixtureRequest) -> "Serving":
    """Give the server behind all tests of the run. In a test's scope: a start that failed is tried again."""
    _require_twin()
    from usagetwin_checker.plugin.starting import serving_for

    return serving_for(request.config)


@pytest.fixture
def _usage_twin_chosen(
    request: pytest.FixtureRequest,
    usage_twin_world: object,
    usage_twin_now: object,
    usage_twin_settings: object,
) -> "Chosen":
    """Give what this test's twin is."""
    _require_twin()
    from usagetwin_checker.plugin.sources import chosen_for

    given = {"world": usage_twin_world, "now": usage_twin_now, "settings": usage_twin_settings}
    return chosen_for(request.node, **given)


@pytest.fixture
def _usage_twin(
    request: pytest.FixtureRequest, _usage_twin_serving: "Serving", _usage_twin_chosen: "Chosen"
) -> "Iterator[UsageTwin]":
    """Let this test use the server."""
    with _usage_twin_serving.playing(request.node, _usage_twin_chosen) as twin:
        yield twin


def _require_twin() -> None:
    """Fail a test in one sentence where the twin is hidden."""
    try:
        require_twin()
    except pytest.UsageError as error:
        pytest.fail(str(error), pytrace=False)
