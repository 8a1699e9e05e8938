"""What pytest's command line says to `usagetwin_checker.suite`, and what the end of a run says of it."""

from typing import TYPE_CHECKING, Final

import pytest

from usagetwin_checker.plugin.options import OPTION_PREFIX, of_run
from usagetwin_checker.plugin.sources import given

if TYPE_CHECKING:
    from usagetwin_checker.suite import Check

SUITE: Final = "usagetwin_checker.suite"
TARGET: Final = f"{OPTION_PREFIX}target"
REMEDY: Final = f"{TARGET} http://127.0.0.1:8080 (any base URL), or {TARGET} twin"
NO_TARGET: Final = f"the suite checks a target, and none is given\n  try   {REMEDY}"
ABOUT_TARGET: Final = (
    "project",
    "complete",
    "strict",
    "budget",
    "seed",
    "live",
    "settles_after",
    "max_time",
    "per_day",
)
SECTION: Final = "usage twin: unconfirmed"
UNCONFIRMED: Final = "usage_twin_unconfirmed"  # the keyword of a report, which the suite gives it


def check_options(config: pytest.Config) -> None:
    """End a run at once that asks for the suite in a way that can't be. Raises UsageError."""
    if of_run(config, "target") is not None:
        check_of(config)
        return
    if config.getoption("pyargs") and any(argument.partition("::")[0] == SUITE for argument in config.args):
        raise pytest.UsageError(NO_TARGET)


def check_of(config: pytest.Config) -> "Check":
    """Give what the command line asks the suite to check. Raises UsageError."""
    from usagetwin.errors import UsageTwinError
    from usagetwin_checker.suite import Check

    target = of_run(config, "target")
    if target is None:
        raise pytest.UsageError(NO_TARGET)
    of_twin = target == "twin"
    told = {name: of_run(config, name) for name in ABOUT_TARGET}
    told["projects"] = tuple(told.pop("project") or ())
    told["allow_hosts"] = tuple(of_run(config, "allow_host") or ())
    told["now"] = given(config, "now")
    told |= {name: given(config, name) for name in ("world", "profile") if of_twin}
    try:
        return Check(target, **{name: value for name, value in told.items() if value is not None})
    except UsageTwinError as error:
        raise pytest.UsageError(str(error)) from None


def check_for(request: pytest.FixtureRequest) -> "Check":
    """Give a fixture what the command line asks the suite to check; fail the run where that can't be."""
    try:
        return check_of(request.config)
    except pytest.UsageError as error:
        request.session.shouldfail = str(error)
        pytest.fail(str(error), pytrace=False)


def tell_unconfirmed(reporter: "pytest.TerminalReporter") -> None:
    """Show what the suite found and does not fail on, as pytest shows no text of an expected failure."""
    found = [
        report.wasxfail.removeprefix("reason: ")  # which pytest before 8 puts before it
        for report in reporter.getreports("xfailed")
        if UNCONFIRMED in report.keywords
    ]
    if found:
        reporter.section(SECTION)
        reporter.write_line(f"Broken, and no reason to fail without {OPTION_PREFIX}strict:")
    for text in found:
        reporter.write_line(f"\n{text}")
