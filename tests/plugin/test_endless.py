"""A fault does not make a test endless: the wait has an end, which the test tells of."""

import pytest

from tests.plugin.project import Project, text_of

ENDLESS = {
    "timeout": "",
    "delay": ", seconds=3600",
    "slow-body": ", seconds=86400, chunks=1000",
}


@pytest.mark.parametrize("fault", ENDLESS)
def test_a_client_that_waits_without_end_is_told_of(project: Project, fault: str) -> None:
    """It is left after the longest wait; a client that tries again is left at once then."""
    project.ini("usage_twin_longest_wait = 0.2")
    project.tests(f"""
        import requests, urllib3

        def test_without_end(usage_twin):
            usage_twin.fault("{fault}"{ENDLESS[fault]})
            with pytest.raises(urllib3.exceptions.HTTPError):
                urllib3.request("GET", client.URL, headers={{"Authorization": "api-1"}}, timeout=None)

        @pytest.mark.usage_twin(longest_wait=30, faults="{fault}")
        def test_with_an_end(usage_twin):
            usage_twin.fault("{fault}"{ENDLESS[fault]})
            with pytest.raises(requests.RequestException):
                requests.get(client.URL, headers={{"Authorization": "api-1"}}, timeout=0.2)
    """)

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "this client waits without end: after 0.2 s, GET /api/v2/usage/observability/sessions had *",
            "  try   a time-out in the client; or longest_wait=SECONDS *",
        ]
    )


@pytest.mark.parametrize("value", ["0", "-1", "for ever", "nan"])
def test_a_wait_that_is_none_ends_the_run_in_words(project: Project, value: str) -> None:
    """It is a setting like the others."""
    project.ini(f"usage_twin_longest_wait = {value}")
    project.tests("def test_nothing(): ...")

    result = project.run()

    assert f"usage_twin_longest_wait in pytest.ini: '{value}' is no time that a client may wait" in text_of(
        result
    )
