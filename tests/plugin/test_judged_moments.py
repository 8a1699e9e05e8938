"""When a test is told of requests: those of its fixtures, of a TestCase, and of a test that failed anyway."""

import pytest

from tests.plugin.project import FINDING, MILLISECONDS, Project, text_of

SECTION = "- usage_twin -"


@pytest.mark.parametrize(
    "body",
    ["assert False", "raise OSError", "pytest.fail('no')"],
)
def test_a_test_that_failed_anyway_has_the_findings_in_a_section(project: Project, body: str) -> None:
    """Its own failure is shown as ever, with what may explain it."""
    project.tests(f"""
        def test_fails(usage_twin):
            client.ask("{MILLISECONDS}")
            {body}
    """)

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"> *{body}", f"*{SECTION}*", *FINDING])
    assert text_of(result).splitlines().count(FINDING[0]) == 1


def test_a_test_case_is_judged_as_a_function_is(project: Project) -> None:
    """A TestCase keeps failures to itself until the end; the findings come with them, or fail the test."""
    project.tests(f"""
        import unittest

        @pytest.mark.usefixtures("usage_twin")
        class TestUnit(unittest.TestCase):
            def test_passes(self):
                client.ask("{MILLISECONDS}")

            def test_fails(self):
                client.ask("{MILLISECONDS}")
                self.assertEqual(1, 2)
    """)

    result = project.run()

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*AssertionError: 1 != 2", f"*{SECTION}*", *FINDING])
    result.stdout.fnmatch_lines(["requests break timestamp-fits-ten-digits:", *FINDING])
    assert text_of(result).splitlines().count(FINDING[0]) == 2


def test_a_test_that_skips_or_is_expected_to_fail_keeps_its_outcome(project: Project) -> None:
    """Nobody asserts what such a test did; and a wrong request can be what is expected to fail."""
    project.tests(f"""
        def test_skips(usage_twin):
            client.ask("{MILLISECONDS}")
            pytest.skip("later")

        def test_xfails(usage_twin):
            client.ask("{MILLISECONDS}")
            pytest.xfail("known")

        @pytest.mark.xfail(strict=True)
        def test_fails_by_its_requests(usage_twin):
            client.ask("{MILLISECONDS}")
    """)

    project.run().assert_outcomes(skipped=1, xfailed=2)


def test_what_a_fixture_sends_before_the_test_fails_the_test(project: Project) -> None:
    """The journal begins with the fixture `usage_twin`, and what it holds is the test's."""
    project.tests(f"""
        @pytest.fixture
        def dashboard(usage_twin):
            client.ask("{MILLISECONDS}")

        def test_dashboard(dashboard):
            pass
    """)

    project.run().assert_outcomes(failed=1)


def test_what_a_fixture_sends_after_the_test_is_an_error_of_its_teardown(project: Project) -> None:
    """The test itself has passed by then; it is told of these requests alone."""
    project.tests(f"""
        @pytest.fixture
        def dashboard(usage_twin):
            yield
            client.ask("{MILLISECONDS}")

        def test_dashboard(dashboard):
            client.ask()
    """)

    result = project.run()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([*FINDING, "  sent  request 2: *"])


def test_a_test_is_told_of_each_request_once(project: Project) -> None:
    """The error of a teardown doesn't repeat what failed the test."""
    project.tests(f"""
        @pytest.fixture
        def dashboard(usage_twin):
            yield
            client.ask("granularity=weekly")

        def test_dashboard(dashboard):
            client.ask("{MILLISECONDS}")
    """)

    result = project.run()

    result.assert_outcomes(failed=1, errors=1)
    assert text_of(result).count("  rule  timestamp-fits-ten-digits ") == 1
    assert text_of(result).count("  rule  granularity-is-documented ") == 1


def test_another_error_after_the_test_does_not_repeat_its_findings(project: Project) -> None:
    """What failed the test is told in its failure alone."""
    project.tests(f"""
        @pytest.fixture
        def dashboard():
            yield
            raise OSError

        def test_dashboard(dashboard, usage_twin):
            client.ask("{MILLISECONDS}")
    """)

    result = project.run()

    result.assert_outcomes(failed=1, errors=1)
    assert text_of(result).splitlines().count(FINDING[0]) == 1


def test_a_failed_setup_shows_what_was_sent_in_it(project: Project) -> None:
    """A fixture that can't go on with a 400 is explained by the request that got it."""
    project.tests(f"""
        @pytest.fixture
        def dashboard(usage_twin):
            client.ask("{MILLISECONDS}").raise_for_status()

        def test_dashboard(dashboard):
            pass
    """)

    result = project.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{SECTION}*", *FINDING])
