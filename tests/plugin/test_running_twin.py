"""`--usage-twin-url`: the tests ask a twin that runs elsewhere."""

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from tests.acme import FULL
from tests.plugin.project import MILLISECONDS, Project, text_of

if TYPE_CHECKING:
    from tests.served import Twin


def test_a_running_twin_answers_for_the_real_hostname(project: Project, twin: "Twin") -> None:
    """Its answers come from its own world and clock; requests are recorded, judged and given faults here."""
    project.tests(f"""
        def test_answer(usage_twin):
            answer = client.ask("aggregationType=incremental", token="{FULL}")
            assert [point["0"] for point in answer.json()["series"]] == [31, 42, 27]
            assert usage_twin.calls == 1

        def test_finding(usage_twin):
            client.ask("{MILLISECONDS}")

        @pytest.mark.usage_twin(faults={{"unavailable": {{"times": 1}}}})
        def test_fault(usage_twin, usage_twin_url):
            url = f"{{usage_twin_url}}/api/v2/usage/observability/sessions"
            assert client.ask().status_code == 503
            assert client.ask(url=url).status_code == 200
            usage_twin.assert_called(times=2)
    """)

    result = project.run(f"--usage-twin-url={twin.url}")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*_ test_finding _*", "requests break timestamp-fits-ten-digits:"])


def test_what_would_change_a_running_twin_is_refused(project: Project, twin: "Twin") -> None:
    """A test that freezes the clock would otherwise pass or fail by what happens to run."""
    project.tests("""
        @pytest.mark.usage_twin(world="idle")
        def test_marker(usage_twin):
            pass

        def test_freeze(usage_twin):
            usage_twin.freeze("2026-03-17")
    """)

    result = project.run(f"--usage-twin-url={twin.url}")

    result.assert_outcomes(errors=1, failed=1)
    result.stdout.fnmatch_lines(
        ["in the marker usage_twin, world is set for a twin that runs already, and keeps its own", "  try  *"]
    )
    result.stdout.fnmatch_lines(["E *usage_twin.freeze() needs a twin of the test's own*"])


def test_what_all_runs_are_told_is_no_obstacle(project: Project, twin: "Twin") -> None:
    """The ini file's world may be the very one that the running twin was started with."""
    project.ini("usage_twin_world = idle", "usage_twin_now = 2026-03-17")
    project.tests("""
        def test_answer(usage_twin):
            assert len(client.ask().json()["series"]) == 3
    """)

    project.run(f"--usage-twin-url={twin.url}").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "option", ["--usage-twin-world=idle", "--usage-twin-now=0", "--usage-twin-profile=observed"]
)
def test_a_world_beside_the_url_is_refused_on_the_command_line(project: Project, option: str) -> None:
    """One of the two can't be meant."""
    project.tests("def test_it(usage_twin): pass")

    result = project.run("--usage-twin-url=http://127.0.0.1:1", option)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*on the command line, * is set for a twin that runs already*", "  try  *"])


def test_a_twin_that_ends_during_the_run_is_an_answer_that_says_so(project: Project) -> None:
    """The client gets a 502 with the reason, as from a gateway."""
    project.tests("""
        def test_it(usage_twin):
            answer = client.ask()
            assert answer.status_code == 502
            print(answer.text)
    """)

    with socket.create_server(("127.0.0.1", 0)) as listener:  # which takes connections, and answers none
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=_hang_up, args=(listener, 2))
        thread.start()
        result = project.run(f"--usage-twin-url={url}", "-rP")
        thread.join()

    result.assert_outcomes(passed=1)
    assert f"{url} gave no answer" in text_of(result)


def _hang_up(listener: socket.socket, times: int) -> None:
    for _ in range(times):
        listener.accept()[0].close()
