"""Which tests notice a fault, and which assume more than the contract says: worked out by hand."""

from typing import TYPE_CHECKING

import pytest

from tests.plugin.twice import FAIL, MARK, OPTION, SUM_AND_LAST, told
from usagetwin.deviations import faults
from usagetwin_checker.noticing.deviation_list import deviations_of

if TYPE_CHECKING:
    from tests.plugin.project import Project


def test_what_each_test_notices_is_told(project: "Project") -> None:
    """Noticed, unnoticed, not shown, and broken by what is legal: each set as arithmetic has it.

    Cumulative, the sum is 30 + 70 + 95 = 195: noticed by the one test that asks for incremental. Nobody
    reads metadata. Nobody asks for months, so nothing is shown. In descending order the sum stays, and the
    last changes. Seconds instead of milliseconds change no count.
    """
    project.tests(SUM_AND_LAST)
    names = (
        "incremental-is-cumulative,metadata-missing,monthly-misses-the-last-day,descending,time-in-seconds"
    )

    result = project.run(f"{OPTION}={names}")

    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.OK
    assert told(result) == [
        "2 tests called the twin and ran again, with 3 faults and 2 legal variations.",
        "",
        "1 fault that no test noticed:",
        "  metadata-missing, shown to 2 tests",
        "    A 200 has no `metadata`.",
        "    breaks answer-is-a-series-list; usagetwin explain answer-is-a-series-list",
        '    see it in one test with @pytest.mark.usage_twin(faults="metadata-missing")',
        "",
        "1 fault noticed:",
        "  incremental-is-cumulative, by 1 of 1 test",
        "    test_project.py::test_the_sum: assert 195 == 95",
        "",
        "1 fault that changed no answer which a test got:",
        "  monthly-misses-the-last-day",
        "",
        "1 legal variation of 2 broke tests, which assume more than the contract says:",
        "  descending: the newest bucket comes first",
        "    test_project.py::test_the_last: assert 30 == 95",
        '    see it in one test with @pytest.mark.usage_twin(faults="descending")',
    ]
    result.stdout.fnmatch_lines(["usage twin: 2 tests again, 6 times each", "usage twin: 2 of 2 tests"])


def test_the_outcome_of_the_session_stays_as_it_is(project: "Project") -> None:
    """Whatever fails in the second pass is in no count; tests that did not pass have no second pass."""
    project.tests(
        MARK
        + """
def test_passes():
    assert client.total() == 95

def test_fails():
    assert client.total() == 0

def test_is_expected_to_fail():
    assert client.total() == 95
    pytest.xfail("later")

def test_is_skipped():
    client.ask()
    pytest.skip("not here")

@pytest.fixture
def broken():
    client.ask()
    yield
    raise RuntimeError("at its end")

def test_whose_fixture_fails(broken):
    pass
"""
    )
    without = project.run()

    result = project.run(f"{OPTION}=incremental-is-cumulative")

    counts = {"passed": 2, "failed": 1, "xfailed": 1, "skipped": 1, "errors": 1}
    assert without.parseoutcomes() == counts
    assert result.parseoutcomes() == counts
    assert without.ret == result.ret == pytest.ExitCode.TESTS_FAILED
    assert told(result)[0] == "1 test called the twin and ran again, with 1 fault and 0 legal variations."


@pytest.mark.parametrize(
    ("names", "status"),
    [
        ("incremental-is-cumulative", pytest.ExitCode.OK),
        ("incremental-is-cumulative,metadata-missing", pytest.ExitCode.TESTS_FAILED),
        ("incremental-is-cumulative,monthly-misses-the-last-day,descending", pytest.ExitCode.OK),
    ],
)
def test_blind_spots_fail_a_run_that_asks_for_it(
    project: "Project", names: str, status: pytest.ExitCode
) -> None:
    """A fault that was shown and not noticed does; one that was not shown, or a variation, does not."""
    project.tests(SUM_AND_LAST)

    assert project.run(f"{OPTION}={names}", FAIL).ret == status


def test_a_test_that_never_calls_the_twin_counts_for_nothing(project: "Project") -> None:
    """To have the fixture is not enough; a run in which nobody calls is blind."""
    project.tests(
        MARK
        + """
def test_idle(usage_twin):
    pass

def test_elsewhere():
    pass
"""
    )

    result = project.run(OPTION, FAIL)

    result.assert_outcomes(passed=2)
    assert told(result) == ["No test that passed called the twin, so nothing is known."]
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_code_that_fails_in_a_fixture_notices(project: "Project") -> None:
    """What a fixture asks for the test is asked by the test."""
    project.tests(
        MARK
        + """
@pytest.fixture
def total(usage_twin):
    total = client.total()
    assert total == 95
    return total

def test_total(total):
    assert total
"""
    )

    result = project.run(f"{OPTION}=incremental-is-cumulative")

    assert "  incremental-is-cumulative, by 1 of 1 test" in told(result)


def test_tests_that_compare_whole_answers_notice_every_default_fault(project: "Project") -> None:
    """No fault of the default list is beyond a test, and each is shown to tests that ask for everything."""
    names = [name for name in deviations_of("default") if name in faults()]
    project.tests("""
        pytestmark = pytest.mark.usage_twin(world="business-week", now="2026-03-17T15:20:00Z")
        WIDE = {"from_": 1764547200, "to": 1773705600}

        def values(query):
            query = f"from=1764547200&to=1773705600&{query}"
            return [point["0"] for point in client.ask(query).json()["series"]]

        def test_the_default_answer(usage_twin):
            body = client.ask().json()
            expected = usage_twin.expected()
            assert [point["0"] for point in body["series"]] == list(expected.values)
            assert [point["time"] // 1000 for point in body["series"]] == [
                int(time.timestamp()) for time in expected.times
            ]
            assert body["metadata"] == [{}]

        def test_months_to_date(usage_twin):
            assert values("") == list(usage_twin.expected(**WIDE).values)

        def test_two_projects(usage_twin):
            assert values("aggregationType=incremental&projectKey=mobile&projectKey=checkout") == list(
                usage_twin.expected(
                    **WIDE, aggregation_type="incremental", project_key=["mobile", "checkout"]
                ).values
            )

        def test_rolling(usage_twin):
            assert values("aggregationType=rolling_30d&projectKey=mobile") == list(
                usage_twin.expected(**WIDE, aggregation_type="rolling_30d", project_key="mobile").values
            )

        def test_months(usage_twin):
            assert values("granularity=monthly") == list(
                usage_twin.expected(**WIDE, granularity="monthly").values
            )

        @pytest.mark.usage_twin(requests="off")
        def test_mistakes(usage_twin):
            assert client.ask("granularity=hourly").json()["code"] == "invalid_request"
    """)

    result = project.run(f"{OPTION}={','.join(names)}")

    result.assert_outcomes(passed=6)
    lines = told(result)
    assert lines[2] == f"{len(names)} faults noticed:"
    assert len(lines) == 3 + 2 * len(names)  # each with the first test that failed
