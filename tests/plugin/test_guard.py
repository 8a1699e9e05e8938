"""The guard of LaunchDarkly's hosts in tests without the twin, and a run whose twin is not there."""

from tests.plugin.project import Project, text_of


def test_tests_without_the_twin_are_guarded_where_the_ini_file_says_so(project: Project) -> None:
    """Also where the code swallows the error, and past a proxy; tests with the twin have it."""
    project.ini("usage_twin_guard = true")
    project.tests("""
        import contextlib, requests

        PROXY = {"https": "http://127.0.0.1:9"}

        def test_raises():
            client.ask()

        def test_swallows():
            with contextlib.suppress(OSError):
                client.ask()

        def test_proxy():
            requests.get(client.URL, proxies=PROXY, timeout=5)

        def test_of_others():
            with pytest.raises(requests.ConnectionError, match="refused"):
                requests.get("http://127.0.0.1:9/", timeout=5)

        def test_url_alone(usage_twin_url):
            assert client.ask(url=usage_twin_url + "/api/v2/usage/observability/sessions").ok

        def test_with(usage_twin):
            assert client.ask().ok

        def test_late(request):
            request.getfixturevalue("usage_twin")
            assert client.ask().ok
    """)

    result = project.run()

    result.assert_outcomes(passed=4, failed=3)
    said = "this test asks 'app.launchdarkly.com' and has no twin: the request was stopped"
    assert said in text_of(result)
    assert "try   the fixture usage_twin, or the marker; or usage_twin_guard = false" in text_of(result)


def test_without_the_key_nothing_is_guarded(project: Project) -> None:
    """Nor is anything of the redirect loaded."""
    project.tests("""
        import sys

        def test_plain():
            assert "usagetwin_checker.redirect.active" not in sys.modules
    """)

    project.run_alone().assert_outcomes(passed=1)
