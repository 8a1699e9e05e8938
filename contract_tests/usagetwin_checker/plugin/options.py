"""Every setting and option of the plugin, in two tables: help, ini keys, marker and guides are made of them.

A setting's name is its argument in the marker and its key in `usage_twin_settings`; its option on the
command line is `--usage-twin-NAME`, and its ini key `usage_twin_NAME`.

The rows are named tuples: a dataclass would cost every run of pytest a millisecond, with or without a twin.
"""

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import pytest

MARKER: Final = "usage_twin"
OPTION_PREFIX: Final = "--usage-twin-"
INI_PREFIX: Final = "usage_twin_"
GROUP: Final = "LaunchDarkly's usage API, answered by usagetwin"
JUNIT_PROPERTIES: Final = "usage_twin_junit_properties"  # what Jenkins' schema has no place for
NOT_GIVEN: Final = object()  # the default of an ini key: pytest 7 takes None for no default, and makes one up


class Setting(NamedTuple):
    """One thing that can be chosen for a twin: what it decides, and where it can be given.

    `metavar` is how the option's value is called; without one there is no option. `ini` is the type of the
    ini key, where there is one. `by_test` says whether a marker and a seam fixture can give it.
    """

    name: str
    about: str
    default: str
    metavar: str = ""
    ini: Literal["string", "args", "bool"] | None = None
    by_test: bool = True

    @property
    def option(self) -> str | None:
        """Give its option on the command line, if it has one."""
        return OPTION_PREFIX + self.name.replace("_", "-") if self.metavar else None

    @property
    def ini_key(self) -> str | None:
        """Give its key in the ini file, if it has one."""
        return INI_PREFIX + self.name if self.ini else None

    @property
    def help(self) -> str:
        """Say what it decides, and what holds when nobody gives it."""
        return f"{self.about} Default: {self.default}."


SETTINGS: Final = (
    Setting(
        name="world",
        about="The account that answers: a name of `usagetwin worlds`, a YAML file, or a CSV file.",
        default="business-week",
        metavar="NAME|FILE",
        ini="string",
    ),
    Setting(
        name="now",
        about="Freeze the twin's clock: Unix seconds, a date, or an instant such as 2026-03-17T15:20:00Z.",
        default="the machine's clock",
        metavar="INSTANT",
        ini="string",
    ),
    Setting(
        name="profile",
        about="A set of policies: documented, or observed.",
        default="documented",
        metavar="NAME",
        ini="string",
    ),
    Setting(
        name="policies",
        about="Choices that the contract leaves open, each as NAME=VALUE; a marker gives a mapping.",
        default="those of the profile",
        ini="args",
    ),
    Setting(
        name="faults",
        about="Faults that the twin shows: a name, several, or a mapping of names to what `fault()` takes.",
        default="none",
    ),
    Setting(
        name="requests",
        about="What requests that break a rule do to their test: strict fails it, warn warns, off is silent.",
        default="strict",
        ini="string",
    ),
    Setting(
        name="allow",
        about="Rules that the test's requests may break: an id of `usagetwin explain`, or several.",
        default="none",
    ),
    Setting(
        name="unused",
        about="What a twin that was never asked, or a fault that was never shown, does to its test: strict "
        "fails it, warn warns, off is silent.",
        default="strict",
        ini="string",
    ),
    Setting(
        name="block_other_hosts",
        about="Refuse connections to hosts other than LaunchDarkly's and this machine.",
        default="false",
        ini="bool",
    ),
    Setting(
        name="longest_wait",
        about="How many seconds a request may wait under a fault, before its client is told of as one that "
        "waits without end.",
        default="60",
        ini="string",
    ),
    Setting(
        name="guard",
        about="Stop what tests without the fixture `usage_twin` ask LaunchDarkly's hosts, and fail them.",
        default="false",
        ini="bool",
        by_test=False,
    ),
    Setting(
        name="url",
        about="Give each test a play of its own on the twin that runs at this base URL, instead of one that "
        "is started here.",
        default="a twin of its own",
        metavar="URL",
        by_test=False,
    ),
)


class RunOption(NamedTuple):
    """One thing that can be chosen for a whole run, on the command line alone."""

    name: str
    about: str
    takes: Literal["one", "several", "number", "list", "nothing"]
    metavar: str = ""

    @property
    def option(self) -> str:
        """Give its option on the command line."""
        return OPTION_PREFIX + self.name.replace("_", "-")

    @property
    def given_as(self) -> dict[str, Any]:
        """Say how it is given, in argparse's words."""
        if self.takes == "nothing":
            return {"action": "store_true"}
        by_kind: dict[str, dict[str, Any]] = {
            "one": {},
            "several": {"action": "append"},
            "number": {"type": int},
            "list": {"nargs": "?", "const": "default"},
        }
        return {"metavar": self.metavar, **by_kind[self.takes]}


RUN_OPTIONS: Final = (
    RunOption(
        name="target",
        about="What `--pyargs usagetwin_checker.suite` checks: `twin`, or a base URL such as http://127.0.0.1:8080.",
        takes="one",
        metavar="TARGET",
    ),
    RunOption(
        name="project",
        about="A project key of the target's account; repeat it.",
        takes="several",
        metavar="KEY",
    ),
    RunOption(
        name="complete", about="The projects given are all that the target's account has.", takes="nothing"
    ),
    RunOption(
        name="strict",
        about="Fail the target on every rule; `observed` and `chosen` ones included.",
        takes="nothing",
    ),
    RunOption(
        name="budget",
        about="Most requests to the target: by default 1000 on loopback, else what its day has left.",
        takes="number",
        metavar="N",
    ),
    RunOption(
        name="allow_host",
        about="A host that may be asked beside this machine and LaunchDarkly's; repeat it.",
        takes="several",
        metavar="HOST",
    ),
    RunOption(
        name="per_day",
        about="Most requests in a day to a target that is not this machine, over all runs: by default 60.",
        takes="number",
        metavar="N",
    ),
    RunOption(
        name="live", about="A live account is behind the target, though it is on loopback.", takes="nothing"
    ),
    RunOption(
        name="settles_after",
        about="The target's days are final so many hours after their end: at once on loopback, else 48.",
        takes="number",
        metavar="HOURS",
    ),
    RunOption(
        name="max_time",
        about="Ask the target nothing more after this time, and judge what was asked until then.",
        takes="number",
        metavar="SECONDS",
    ),
    RunOption(
        name="seed",
        about="Seed of the requests that are drawn by chance: by default 0.",
        takes="number",
        metavar="N",
    ),
    RunOption(
        name="variations",
        about="Run the tests that call the twin again, under each fault and legal variation of LIST, and "
        "tell what none noticed. LIST: default, all, faults, variations, or names of `usagetwin faults`, "
        "with commas.",
        takes="list",
        metavar="LIST",
    ),
    RunOption(
        name="fail_on_blind_spots",
        about="With --usage-twin-variations: fail the run when there is a fault that no test noticed.",
        takes="nothing",
    ),
    RunOption(
        name="blind_spots_html",
        about="With --usage-twin-variations: write what was found as a page; needs the extra `page`.",
        takes="one",
        metavar="FILE",
    ),
)

OF_BLIND_SPOTS: Final = ("variations", "fail_on_blind_spots", "blind_spots_html")
BY_TEST: Final = tuple(setting.name for setting in SETTINGS if setting.by_test)
MARKER_LINE: Final = (
    f"{MARKER}(*, {', '.join(f'{name}=...' for name in BY_TEST)}): "
    "answer the test's requests to LaunchDarkly's usage API with a twin; "
    "each argument is the setting of its name, see docs/pytest.md."
)
JUNIT_PROPERTIES_HELP: Final = (
    "The suite's tests have properties in a JUnit report, for which the schema of Jenkins has no place."
)


def add_to(parser: "pytest.Parser") -> None:
    """Register every option and ini key with pytest."""
    group = parser.getgroup("usagetwin", GROUP)
    for setting in SETTINGS:
        if setting.option:
            group.addoption(setting.option, metavar=setting.metavar, help=setting.help)
        if setting.ini_key:
            parser.addini(setting.ini_key, setting.help, type=setting.ini, default=NOT_GIVEN)
    parser.addini(JUNIT_PROPERTIES, JUNIT_PROPERTIES_HELP, type="bool", default=False)
    for run_option in RUN_OPTIONS:
        group.addoption(run_option.option, help=run_option.about, default=None, **run_option.given_as)


def on_command_line(config: "pytest.Config") -> dict[str, object]:
    """Give what the command line says, by the settings' names."""
    given = {setting.name: config.getoption(setting.option) for setting in SETTINGS if setting.option}
    return {name: value for name, value in given.items() if value is not None}


def in_ini(config: "pytest.Config") -> dict[str, object]:
    """Give what the ini file says, by the settings' names. Raises UsageError for a value of a wrong type."""
    given = {setting.name: _ini_value(config, setting.ini_key) for setting in SETTINGS if setting.ini_key}
    return {name: value for name, value in given.items() if value is not NOT_GIVEN}


def _ini_value(config: "pytest.Config", key: str) -> object:
    """Give what the ini file says of a key; pytest 7 makes an error of its own of a value of a wrong type."""
    try:
        return config.getini(key)
    except ValueError as error:
        import pytest

        problem = f"{key}: {error}"
        raise pytest.UsageError(problem) from None


def of_run(config: "pytest.Config", name: str) -> Any:  # noqa: ANN401 -- text, a number, texts or a flag
    """Give what the command line says of a whole run's option, or None."""
    return config.getoption(OPTION_PREFIX + name.replace("_", "-"))
