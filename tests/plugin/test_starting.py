"""When the twin starts: before the first test that has it; and what interrupts a start is not remembered."""

import signal

import pytest

from tests.plugin.project import Project, text_of

IMPATIENT = """
import signal
import pytest

class OutOfTimeError(Exception): pass

def out_of_time(*arguments):
    raise OutOfTimeError("0.05 s are over")

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, 0.05 if item.name == "test_first" else 0)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no such timer")
def test_a_start_that_a_time_out_interrupts_goes_on_for_the_next_test(project: Project) -> None:
    """The twin is asked for in the test itself, so that nothing started it before."""
    project.write("conftest.py", IMPATIENT)
    project.tests("""
        def test_first(request):
            request.getfixturevalue("usage_twin")

        def test_second(usage_twin_later):
            assert client.ask().ok

        @pytest.fixture
        def usage_twin_later(request):
            return request.getfixturevalue("usage_twin")
    """)

    result = project.run_alone()

    result.assert_outcomes(passed=1, failed=1)
    assert "0.05 s are over" in text_of(result)


def test_the_start_is_in_no_test_s_time(project: Project) -> None:
    """It is done before the first test, where one of the run has the twin, by whichever way."""
    project.tests("""
        import sys

        def test_first():
            assert "usagetwin_checker.plugin.serving" in sys.modules

        @pytest.mark.usage_twin
        def test_last():
            assert client.ask().ok
    """)

    project.run_alone().assert_outcomes(passed=2)


def test_a_run_whose_chosen_tests_have_no_twin_starts_none(project: Project) -> None:
    """Those that were deselected do not count."""
    project.tests("""
        import sys

        def test_plain():
            assert "usagetwin_checker.plugin.serving" not in sys.modules

        def test_with(usage_twin): ...
    """)

    project.run_alone("-k", "plain").assert_outcomes(passed=1, deselected=1)


def test_a_start_that_failed_is_tried_again(project: Project) -> None:
    """For each test that has the twin; the first is told who keeps it from starting."""
    project.tests("""
        import socket

        class Guarded(socket.socket):
            def __new__(cls, *arguments, **options):
                raise RuntimeError("no sockets here")

        @pytest.fixture
        def twin(request):
            return request.getfixturevalue("usage_twin")

        @pytest.fixture
        def guarded(monkeypatch):
            monkeypatch.setattr(socket, "socket", Guarded)

        def test_guarded(guarded, twin): ...

        def test_free(twin):
            assert client.ask().ok
    """)

    result = project.run_alone()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["socket.socket is test_project.Guarded, of test_project, so that no request *"]
    )
