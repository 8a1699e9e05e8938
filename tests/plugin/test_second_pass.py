"""How tests run again: each by itself, whatever it is, and without a word in the session's report."""

from typing import TYPE_CHECKING

import pytest

from tests.plugin.project import INI
from tests.plugin.twice import FAIL, MARK, OPTION, SUM_AND_LAST, told

if TYPE_CHECKING:
    from tests.plugin.project import Project


def test_each_run_has_fixtures_of_its_own(project: "Project") -> None:
    """Those of the test are made and ended for each run; wider ones once for each of the two passes."""
    project.tests(
        MARK
        + """
def note(word):
    with open("notes.txt", "a") as notes:
        notes.write(word)

@pytest.fixture(scope="module", autouse=True)
def wide():
    note("<")
    yield
    note(">")

@pytest.fixture
def narrow():
    note("(")
    yield 95
    note(")")

class TestBoth:
    def test_one(self, narrow):
        assert client.total() == narrow

    def test_two(self, narrow):
        assert client.total() == narrow
"""
    )

    result = project.run(f"{OPTION}=incremental-is-cumulative,counts-are-strings")

    result.assert_outcomes(passed=2)
    assert (project.pytester.path / "notes.txt").read_text() == "<()()>" + "<" + "()()()" * 2 + ">"
    assert "  counts-are-strings, by 2 of 2 tests" in told(result)


def test_tests_of_all_kinds_run_again(project: "Project") -> None:
    """Parametrised, asynchronous under asyncio and anyio, and methods of a TestCase."""
    project.tests(
        MARK
        + """
import asyncio
import unittest

@pytest.mark.parametrize("view", ["incremental", "rolling_30d"])
def test_parametrised(view):
    assert client.ask(f"aggregationType={view}").json()["series"]

@pytest.mark.asyncio
async def test_asyncio():
    assert await asyncio.to_thread(client.total) == 95

@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_anyio():
    assert await asyncio.to_thread(client.total) == 95

class TestUnit(unittest.TestCase):
    def test_unit(self):
        self.assertEqual(client.total(), 95)
"""
    )

    result = project.run(f"{OPTION}=incremental-is-cumulative")

    result.assert_outcomes(passed=5)
    assert told(result) == [
        "5 tests called the twin and ran again, with 1 fault and 0 legal variations.",
        "",
        "1 fault noticed:",
        "  incremental-is-cumulative, by 3 of 4 tests",
        "    test_project.py::test_asyncio: assert 195 == 95",
    ]


def test_tests_with_faults_of_their_own_run_again(project: "Project") -> None:
    """An answer under a fault of the test's own is the fault's; those after it deviate."""
    project.tests(
        MARK
        + """
def test_retries(usage_twin):
    usage_twin.fault("unavailable", times=1)
    assert client.ask().status_code == 503
    assert client.total() == 95

def test_of_the_contract(usage_twin):
    usage_twin.fault("counts-are-strings")
    assert client.ask("aggregationType=incremental").json()["series"][0]["0"] == "30"
"""
    )

    result = project.run(f"{OPTION}=incremental-is-cumulative,time-is-a-date")

    assert told(result) == [
        "2 tests called the twin and ran again, with 2 faults and 0 legal variations.",
        "",
        "1 fault that no test noticed:",
        "  time-is-a-date, shown to 1 test",
        "    Times are ISO 8601 text.",
        "    breaks values-are-integers; usagetwin explain values-are-integers",
        '    see it in one test with @pytest.mark.usage_twin(faults="time-is-a-date")',
        "",
        "1 fault noticed:",
        "  incremental-is-cumulative, by 1 of 1 test",
        "    test_project.py::test_retries: assert 195 == 95",
    ]


def test_a_test_that_fails_when_it_runs_again_says_nothing(project: "Project") -> None:
    """It would notice everything; it is named with its reason instead."""
    project.tests(
        MARK
        + """
seen = []

def test_once():
    assert client.total() == 95
    seen.append(1)
    assert len(seen) == 1, "it has been here before"

def test_again():
    assert client.total() == 95
"""
    )

    result = project.run(f"{OPTION}=counts-are-strings,metadata-missing")

    result.assert_outcomes(passed=2)
    lines = told(result)
    assert lines[:3] == [
        "1 test called the twin and ran again, with 2 faults and 0 legal variations.",
        "Left out, as these fail when they run again without any:",
        "  test_project.py::test_once: AssertionError: it has been here before",
    ]
    assert "  counts-are-strings, by 1 of 1 test" in lines
    assert "  metadata-missing, shown to 1 test" in lines


@pytest.mark.skipif(not hasattr(pytest, "SubtestReport"), reason="pytest 9 brought subtests")
def test_tests_with_subtests_do_not_run_again(project: "Project") -> None:
    """Their subtests would be in the session's counts."""
    project.tests(
        MARK
        + """
import unittest

def test_fixture(subtests):
    with subtests.test("total"):
        assert client.total() == 95

class TestUnit(unittest.TestCase):
    def test_unit(self):
        with self.subTest("total"):
            self.assertEqual(client.total(), 95)
"""
    )
    without = project.run()

    result = project.run(f"{OPTION}=incremental-is-cumulative")

    assert result.parseoutcomes() == without.parseoutcomes()
    assert told(result) == [
        "No test that passed called the twin, so nothing is known.",
        "Left out, as these have subtests:",
        "  test_project.py::test_fixture",
        "  test_project.py::TestUnit::test_unit",
    ]


def test_workers_of_xdist_share_what_they_find(project: "Project") -> None:
    """Each runs its own tests again; the controller adds it up, and decides the exit status."""
    project.tests(SUM_AND_LAST)
    names = "incremental-is-cumulative,metadata-missing,descending"

    result = project.run_alone("-n", "2", f"{OPTION}={names}", FAIL)

    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    lines = told(result)
    assert lines[0] == "2 tests called the twin and ran again, with 2 faults and 1 legal variation."
    assert "  metadata-missing, shown to 2 tests" in lines
    assert "  incremental-is-cumulative, by 1 of 1 test" in lines
    assert "    test_project.py::test_the_last: assert 30 == 95" in lines


def test_random_order_changes_nothing(project: "Project") -> None:
    """The second pass is about tests, not about their order."""
    project.tests(SUM_AND_LAST)
    project.write("pytest.ini", INI.replace("-p no:randomly", ""))

    result = project.run_alone(f"{OPTION}=incremental-is-cumulative,metadata-missing,descending")

    assert "Using --randomly-seed" in str(result.stdout)
    assert "  incremental-is-cumulative, by 1 of 1 test" in told(result)
    assert "    test_project.py::test_the_last: assert 30 == 95" in told(result)
