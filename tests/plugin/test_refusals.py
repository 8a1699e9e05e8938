"""What is said of a mistake on the command line, in the ini file, in a marker and in a seam."""

import pytest

from tests.plugin.project import Project, text_of

RUNS = """
    def test_it(usage_twin):
        print("it ran")
"""


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (
            "--usage-twin-world=busines-week",
            ["*--usage-twin-world: *'busines-week'", "  try   business-week*"],
        ),
        ("--usage-twin-world=missing.yaml", ["*missing.yaml: *", "  try   *"]),
        ("--usage-twin-now=soon", ["*--usage-twin-now: the instant 'soon' can't be read", "  try   Unix*"]),
        ("--usage-twin-profile=observd", ["*--usage-twin-profile: *'observd'", "  try   observed*"]),
        ("--usage-twin-url=nowhere", ["*--usage-twin-url: *'nowhere'*", "  try   *http://127.0.0.1:8080*"]),
    ],
)
def test_a_mistake_on_the_command_line_ends_the_run_at_once(
    project: Project, option: str, said: list[str]
) -> None:
    """One message, before any test and without a traceback; the exit status is pytest's for wrong usage."""
    project.tests(RUNS)

    result = project.run(option)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(said)
    assert "Traceback" not in text_of(result)
    assert "it ran" not in text_of(result)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("usage_twin_world = busines-week", ["*usage_twin_world in pytest.ini: *", "  try   business-week*"]),
        ("usage_twin_now = soon", ["*usage_twin_now in pytest.ini: *'soon'*", "  try   Unix seconds*"]),
        ("usage_twin_profile = observd", ["*usage_twin_profile in pytest.ini: *", "  try   observed*"]),
        ("usage_twin_policies = project=separate", ["*usage_twin_policies in *", "  try   projects*"]),
        ("usage_twin_requests = strickt", ["*usage_twin_requests in *'strickt'", "  try   strict*"]),
        ("usage_twin_block_other_hosts = perhaps", ["*'perhaps'*"]),
    ],
)
def test_a_mistake_in_the_ini_file_ends_the_run_at_once(project: Project, line: str, said: list[str]) -> None:
    """Once, and not in each test; workers of xdist don't start at all."""
    project.ini(line)
    project.tests(RUNS)

    for options in ((), ("-n", "2")):
        result = project.run(*options)

        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(said)
        assert "it ran" not in text_of(result)


def test_a_mistake_in_the_ini_file_leaves_the_help_readable(project: Project) -> None:
    """Whoever looks for the right value finds it."""
    project.ini("usage_twin_requests = strickt")

    result = project.run("--help")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*usage_twin_requests*"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("wold='idle'", ["the marker usage_twin has no argument 'wold'", "  try   world (valid: *"]),
        ("'idle'", ["the marker usage_twin takes its arguments by name, and has 'idle'*", "  try   *world*"]),
        ("url='http://127.0.0.1:1'", ["the marker usage_twin has no argument 'url'", "  try   *"]),
        ("world='idel'", ["the marker usage_twin, world: *'idel'", "  try   idle *"]),
        (
            "world='missing.csv'",
            ["*missing.csv: the file can't be read*", "  try   *", "*short test summary*"],
        ),
        ("now='soon'", ["the marker usage_twin, now: the instant 'soon' can't be read", "  try   Unix*"]),
        ("faults='rest'", ["the marker usage_twin, faults: there is no fault 'rest'", "  try   reset *"]),
        ("allow='x'", ["the marker usage_twin, allow: there is no rule 'x'", "  try   one of *"]),
        ("requests='strickt'", ["the marker usage_twin, requests: there is no mode *", "  try   strict *"]),
    ],
)
def test_a_mistake_in_a_marker_is_an_error_of_its_test(
    project: Project, arguments: str, said: list[str]
) -> None:
    """Without a traceback, as it is the test's author who is told; other tests run."""
    project.tests(f"""
        @pytest.mark.usage_twin({arguments})
        def test_marked(usage_twin):
            pass

        def test_other(usage_twin):
            pass
    """)

    result = project.run()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at setup of test_marked*", *said], consecutive=True)


@pytest.mark.parametrize(
    ("fixture", "value", "said"),
    [
        ("world", "'idel'", ["the fixture usage_twin_world: *'idel'", "  try   idle *"]),
        ("now", "'soon'", ["the fixture usage_twin_now: the instant 'soon' *", "  try   Unix *"]),
        (
            "settings",
            "'observed'",
            ["the fixture usage_twin_settings gives 'observed'", "  try   a mapping*"],
        ),
        (
            "settings",
            "{'profil': 'observed'}",
            ["the fixture usage_twin_settings has no key 'profil'", "  try   profile (valid: *"],
        ),
        (
            "settings",
            "{'world': 'idle'}",
            ["the fixture usage_twin_settings has no key 'world'", "  try   one of *"],
        ),
        (
            "settings",
            "{'profile': 'observd'}",
            ["the fixture usage_twin_settings, profile: *'observd'", "  try   observed *"],
        ),
    ],
)
def test_a_mistake_in_a_seam_names_the_fixture(
    project: Project, fixture: str, value: str, said: list[str]
) -> None:
    """The project's own fixture is the place to look at."""
    project.tests(f"""
        @pytest.fixture
        def usage_twin_{fixture}():
            return {value}

        def test_it(usage_twin):
            pass
    """)

    result = project.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*ERROR at setup of test_it*", *said], consecutive=True)
