"""`--usage-twin-url`: each test has a play of its own on a twin that runs elsewhere."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.plugin.project import MILLISECONDS, Project, text_of
from tests.plugin.test_runs import MANY
from tests.plugin.twice import OPTION, SUM_AND_LAST, told
from tests.plugin.whole_fixture import CONFTEST, TESTS
from tests.served import served
from tests.testing.running import running
from usagetwin.control.speaking import speak
from usagetwin.settings import CONTROL_VARIABLE
from usagetwin_checker.testing.running_twin import RunningTwin

if TYPE_CHECKING:
    from tests.served import Twin

SECRET: Final = "let-me-in"
PLAIN: Final = """
    def test_it(usage_twin):
        assert client.ask().status_code == 200
"""


def plays(twin: "Twin") -> list[str]:
    """Give the names of the plays that there are on a twin."""
    answer = speak(RunningTwin(twin.url).place, "GET", "/plays", None)
    return [each["name"] for each in answer.document["plays"]]


def test_the_same_tests_pass_with_a_running_twin_and_without(project: Project, twin: "Twin") -> None:
    """Whatever that twin was started with; and no play is left of them."""
    project.write("conftest.py", CONFTEST)
    project.tests(TESTS)

    for options in ((), (f"--usage-twin-url={twin.url}",)):
        project.run(*options).assert_outcomes(passed=11)

    assert plays(twin) == [""]


def test_what_fails_a_test_fails_it_there_too(project: Project, twin: "Twin") -> None:
    """With the same words: requests that break a rule, what no test needs, a series that differs."""
    project.tests(f"""
        COUNTS = {{"web": {{"2026-03-01": 5, "2026-03-02": 7}}}}
        pytestmark = pytest.mark.usage_twin(world=COUNTS, now="2026-03-03", unused="strict")

        def test_finding(usage_twin):
            client.ask("{MILLISECONDS}")
            client.ask("projectKey=Web")

        def test_never_asked(usage_twin):
            pass

        def test_never_shown(usage_twin):
            usage_twin.fault("reset", when={{"projectKey": "none"}})
            client.ask()

        def test_bars(usage_twin):
            assert client.ask().json() == usage_twin.expected(aggregation_type="incremental")

        @pytest.mark.usage_twin(longest_wait=0.3)
        def test_endless(usage_twin):
            usage_twin.fault("timeout")
            with pytest.raises(OSError):
                client.ask()
    """)

    for options in ((), ("--usage-twin-url={twin.url}",)):
        result = project.run(*(each.format(twin=twin) for each in options))

        result.assert_outcomes(failed=5)
        result.stdout.fnmatch_lines(
            [
                "*_ test_finding _*",
                "requests break timestamp-fits-ten-digits, project-key-is-exact:",
                "from='1773532800000' looks like milliseconds*",
                "  sent  request 1: GET app.launchdarkly.com/api/v2/*",
                "projectKey='Web' is spelled otherwise*",
                "  sent  request 2: GET app.launchdarkly.com/api/v2/*",
                "*_ test_never_asked _*",
                "the twin was never asked*",
                "*_ test_never_shown _*",
                "the fault 'reset' was never shown*",
                "*_ test_bars _*",
                "*2026-03-02: expected 7, got 12*",
                "*usage_twin: what the test met*",
                "world counts, clock 2026-03-03T00:00:00Z (frozen), profile documented",
                "request 1: GET app.launchdarkly.com/api/v2/* -> 200",
                "*_ test_endless _*",
                "this client waits without end: after 0.3 s, GET /api/v2/*",
            ]
        )


def test_what_a_twin_elsewhere_can_t_have_is_refused(project: Project, twin: "Twin") -> None:
    """Counts of a class of the test's own; the message names what does as well."""
    project.tests("""
        from dataclasses import replace
        from usagetwin.account.world import load_world

        class Ours:
            def counts(self, first, last):
                return [1] * (last - first + 1)

        IDLE = load_world("idle")
        OURS = replace(IDLE, projects=(replace(IDLE.projects[0], counts=Ours()),))

        def test_call(usage_twin):
            with pytest.raises(Exception, match="no other process can have it\\n  try   a built-in world"):
                usage_twin.world(OURS)
            assert client.ask().json() == usage_twin.expected()

        @pytest.mark.usage_twin(world=OURS)
        def test_marker(usage_twin):
            pass
    """)

    result = project.run(f"--usage-twin-url={twin.url}")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*no other process can have it"])
    assert plays(twin) == [""]


def test_blind_spots_are_looked_for_there_too(project: Project, twin: "Twin") -> None:
    """Each run of each test has a play that shows the deviation."""
    project.tests(SUM_AND_LAST)
    option = f"{OPTION}=incremental-is-cumulative,metadata-missing,descending"

    here, there = (told(project.run(option, *url)) for url in ((), (f"--usage-twin-url={twin.url}",)))

    assert here == there
    assert any("1 fault that no test noticed" in line for line in there)


def test_a_twin_that_deviates_does_so_in_every_test(project: Project) -> None:
    """So that `usagetwin blind-spots -- pytest --usage-twin-url=$USAGETWIN_URL` shows its faults."""
    project.tests("""
        def test_it(usage_twin):
            assert "metadata" not in client.ask().json()
    """)

    with served("--fault", "metadata-missing", "--quiet") as twin:
        project.run(f"--usage-twin-url={twin.url}").assert_outcomes(passed=1)


@pytest.mark.proof
def test_workers_share_one_twin(project: Project, twin: "Twin") -> None:
    """Each test of each has its own world and clock, at the same time."""
    project.tests(MANY)

    project.run_alone(f"--usage-twin-url={twin.url}", "-n", "2").assert_outcomes(passed=12)

    assert plays(twin) == [""]


def test_settings_of_all_places_hold(project: Project, twin: "Twin") -> None:
    """As without the URL: those of the command line come before the ini file."""
    project.ini("usage_twin_world = outage", "usage_twin_now = 2026-03-17")
    project.tests("""
        def test_it(usage_twin):
            assert client.ask().json() == usage_twin.expected()
            assert repr(usage_twin).startswith("<UsageTwin: idle at 2026-03-17T00:00:00Z")
    """)

    project.run(f"--usage-twin-url={twin.url}", "--usage-twin-world=idle").assert_outcomes(passed=1)


def test_other_hosts_are_blocked_and_the_twin_is_not(project: Project, twin: "Twin") -> None:
    """It stands wherever its URL says."""
    project.tests("""
        import socket

        @pytest.mark.usage_twin(block_other_hosts=True)
        def test_it(usage_twin):
            assert client.ask().status_code == 200
            with pytest.raises(OSError, match="is blocked"):
                socket.create_connection(("192.0.2.1", 80), 1)
    """)

    project.run(f"--usage-twin-url={twin.url}").assert_outcomes(passed=1)


def test_a_twin_that_ends_during_the_run_fails_its_tests_in_words(project: Project) -> None:
    """The client gets a 502 with the reason, as from a gateway; what a test asks of the twin says it too."""
    project.tests("""
        import os, signal, time

        import requests

        def still_there():
            try:
                return client.ask().status_code != 502
            except requests.ConnectionError:  # it was about to end
                return True

        def test_it(usage_twin):
            assert client.ask().status_code == 200
            os.kill(PID, signal.SIGKILL)
            while still_there():
                time.sleep(0.01)
            print(client.ask().text)
            assert usage_twin is None

        def test_next(usage_twin):
            pass
    """)

    with served("--quiet") as twin:
        tests = project.pytester.path / "test_project.py"
        tests.write_text(tests.read_text().replace("PID", str(twin.process.pid)))
        result = project.run(f"--usage-twin-url={twin.url}")

    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            f"nothing listens at {twin.url}",
            "*_ test_it _*",
            "E *assert <UsageTwin: * is None",
            "*The running twin at * gave no answer*",
            "what the test told the twin to do failed:",
            f"nothing listens at {twin.url}",
            "*what the test met*",
            "request 1: GET * -> 200",
        ]
    )
    assert "INTERNALERROR" not in text_of(result)


def test_a_twin_that_gives_no_plays_ends_the_run(project: Project) -> None:
    """At once, with what to do."""
    project.tests(PLAIN)

    with running(workers=2) as url:
        result = project.run(f"--usage-twin-url={url}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: --usage-twin-url: this twin has several workers*",
            "  try   usagetwin serve --workers 1, or *",
        ]
    )


def test_the_control_token_comes_from_the_environment(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is shown nowhere."""
    project.tests(PLAIN)

    with running(token=SECRET) as url:
        monkeypatch.setenv(CONTROL_VARIABLE, SECRET)
        result = project.run(f"--usage-twin-url={url}")

    result.assert_outcomes(passed=1)
    assert SECRET not in text_of(result)


def test_where_nobody_listens_the_run_ends(project: Project, unused_port: int) -> None:
    """Before its first test."""
    project.tests(PLAIN)

    result = project.run("--usage-twin-url", f"http://127.0.0.1:{unused_port}/twin")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            f"ERROR: --usage-twin-url: nothing listens at http://127.0.0.1:{unused_port}/twin",
            "  try   usagetwin serve; *",
        ]
    )
