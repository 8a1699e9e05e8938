"""What becomes of a test whose requests break the contract."""

from tests.plugin.project import FINDING, MILLISECONDS, Project, text_of

SECTION = "- usage_twin -"


def test_a_request_that_breaks_a_rule_fails_its_test_though_the_code_swallowed_the_400(
    project: Project,
) -> None:
    """The failure names value, rule, source and remedy, and how a test does this on purpose."""
    project.tests(f"""
        def test_nothing_wrong(usage_twin):
            assert client.ask("{MILLISECONDS}") is not None
    """)

    result = project.run()

    result.assert_outcomes(failed=1)
    lines = [
        "requests break timestamp-fits-ten-digits:",
        *FINDING,
        f"  sent  request 1: GET app.launchdarkly.com/api/v2/usage/observability/sessions?{MILLISECONDS}",
        "",
        "A test that breaks a rule on purpose says so: *(allow='timestamp-fits-ten-digits').",
        'requests="warn" or "off", in the marker or as usage_twin_requests in the ini file, lets all pass.',
    ]
    result.stdout.fnmatch_lines(lines, consecutive=True)
    assert "judged.py" not in text_of(result)
    assert "FAILED test_project.py::test_nothing_wrong - Failed: requests break times" in text_of(result)


def test_a_request_over_plain_http_is_judged_too(project: Project) -> None:
    """`usage_twin_url` is as strict as the real hostname."""
    project.tests("""
        def test_url(usage_twin_url):
            client.ask(token="Bearer api-1", url=f"{usage_twin_url}/api/v2/usage/observability/sessions")
    """)

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  rule  bearer-is-invalid-token *"])


def test_a_mistake_made_often_is_told_once(project: Project) -> None:
    """The failure counts the requests, and doesn't repeat itself."""
    project.tests(f"""
        def test_loop(usage_twin):
            for _ in range(3):
                client.ask("{MILLISECONDS}")
    """)

    result = project.run()

    assert text_of(result).splitlines().count(FINDING[0]) == 1
    result.stdout.fnmatch_lines(["  sent  request 1: * (and in 2 more)"])


def test_warn_lets_the_test_pass_and_warns(project: Project) -> None:
    """The warning has a class of its own, so that it can be filtered, or made an error again."""
    project.ini("usage_twin_requests = warn")
    project.tests(f"""
        def test_warned(usage_twin):
            client.ask("{MILLISECONDS}")
    """)

    warned = project.run_alone()
    as_error = project.run_alone("-W", "error::usagetwin_checker.plugin.UsageTwinWarning")

    warned.assert_outcomes(passed=1, warnings=1)
    warned.stdout.fnmatch_lines(["*UsageTwinWarning: requests break timestamp-fits-ten-digits:"])
    as_error.assert_outcomes(failed=1)


def test_off_says_nothing(project: Project) -> None:
    """No failure, no warning, and no section in the report of another failure."""
    project.ini("usage_twin_requests = off")
    project.tests(f"""
        def test_passes(usage_twin):
            client.ask("{MILLISECONDS}")

        def test_fails(usage_twin):
            client.ask("{MILLISECONDS}")
            assert False
    """)

    result = project.run_alone()

    result.assert_outcomes(passed=1, failed=1)
    assert FINDING[0] not in text_of(result).splitlines()


def test_an_allowed_rule_may_be_broken_and_all_others_may_not(project: Project) -> None:
    """By the marker, or in the test; for this test alone."""
    project.tests(f"""
        @pytest.mark.usage_twin(allow="timestamp-fits-ten-digits")
        def test_allowed(usage_twin):
            assert client.ask("{MILLISECONDS}").status_code == 400

        @pytest.mark.usage_twin(allow=["timestamp-fits-ten-digits", "window-not-inverted"])
        def test_several(usage_twin):
            client.ask("{MILLISECONDS}")
            client.ask("from=2&to=1")

        @pytest.mark.usage_twin(allow="window-not-inverted")
        def test_another(usage_twin):
            client.ask("{MILLISECONDS}")

        def test_in_the_test(usage_twin):
            with usage_twin.allow("timestamp-fits-ten-digits"):
                client.ask("{MILLISECONDS}")
    """)

    project.run().assert_outcomes(passed=3, failed=1)


def test_what_the_test_decides_is_no_mistake_of_its_client(project: Project) -> None:
    """An unknown project, a revoked token, a quota and a fault are there to be tested."""
    project.tests("""
        def test_refusals(usage_twin):
            usage_twin.token("api-2", "revoked")
            usage_twin.policy(quota="1")
            assert client.ask(token="api-2").status_code == 401
            assert client.ask("projectKey=nobody").status_code == 404
            assert client.ask().status_code == 429
            usage_twin.fault("server-error")
            assert client.ask().status_code == 500
    """)

    project.run().assert_outcomes(passed=1)


def test_a_predicate_that_raises_fails_the_test_with_its_traceback(project: Project) -> None:
    """It ran on the server's thread, where nobody would see it, and whatever becomes of requests."""
    project.ini("usage_twin_requests = off")
    project.tests("""
        def wrong(request):
            return request.nothing

        def test_passes(usage_twin):
            usage_twin.fault("reset", when=wrong)
            client.ask()

        def test_fails(usage_twin):
            usage_twin.fault("reset", when=wrong)
            client.ask()
            assert False
    """)

    result = project.run()

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        ["what the test told the twin to do failed:", "*in wrong", "AttributeError: *nothing*"]
    )
    result.stdout.fnmatch_lines([f"*{SECTION}*", "*in wrong", "AttributeError: *nothing*"])
