"""The fixtures: what they give, and that each test starts clean."""

from tests.plugin.project import Project, text_of


def test_the_guide_s_first_example_passes(project: Project) -> None:
    """Unchanged code that asks the real hostname is answered, and gets what the ledger holds."""
    project.tests("""
        def test_dashboard_totals(usage_twin):
            usage_twin.freeze("2026-03-17T15:20:00Z")

            total = client.ask().json()["series"][-1]["0"]

            assert total == usage_twin.expected(aggregation_type="month_to_date").last
            assert usage_twin.calls == 1
    """)

    project.run().assert_outcomes(passed=1)


def test_each_test_starts_clean(project: Project) -> None:
    """World, clock, policies, tokens, faults and journal of one test are gone in the next."""
    project.tests("""
        QUERY = "from=1773532800&to=1773705600&projectKey=checkout&projectKey=mobile"

        def test_one(usage_twin):
            usage_twin.freeze("2026-03-17")
            usage_twin.world({"checkout": {"2026-03-16": 5}, "mobile": {"2026-03-16": 7}})
            usage_twin.policy(projects="separate")
            usage_twin.token("api-1", "revoked")
            assert client.ask(QUERY).status_code == 401
            usage_twin.fault("unavailable")
            assert client.ask(QUERY, token="api-2").status_code == 503

        def test_two(usage_twin):
            assert usage_twin.requests == ()
            assert usage_twin.now.year >= 2026
            answer = client.ask(QUERY)
            assert answer.status_code == 200
            assert answer.json()["metadata"] == [{}]
            assert len(answer.json()["series"]) == 2
            assert usage_twin.calls == 1
    """)

    project.run().assert_outcomes(passed=2)


def test_the_url_leads_to_the_same_twin_without_any_hostname(project: Project) -> None:
    """Both fixtures together have one journal; `usage_twin_url` alone patches nothing."""
    project.tests("""
        import socket

        PATH = "/api/v2/usage/observability/sessions"
        connect = socket.socket.connect

        def test_together(usage_twin, usage_twin_url):
            usage_twin.freeze("2026-03-17")
            assert client.ask(url=usage_twin_url + PATH).json() == client.ask().json()
            assert [request.host for request in usage_twin.requests] == [
                usage_twin_url.removeprefix("http://"), "app.launchdarkly.com"
            ]
            assert usage_twin.url == usage_twin_url

        def test_alone(usage_twin_url):
            assert socket.socket.connect is connect
            assert client.ask(url=usage_twin_url + PATH).status_code == 200
    """)

    project.run().assert_outcomes(passed=2)


def test_the_marker_alone_brings_the_twin(project: Project) -> None:
    """A marked test has it, be it a function, a method or a TestCase, and before its own fixtures."""
    project.tests("""
        import unittest

        pytestmark = pytest.mark.usage_twin(now="2026-03-17", faults="unavailable")

        @pytest.fixture
        def asked():
            return client.ask().status_code

        def test_a_function():
            assert client.ask().status_code == 503

        def test_its_fixtures(asked):
            assert asked == 503

        class TestMethods:
            def test_a_method(self):
                assert client.ask().status_code == 503

        class TestUnit(unittest.TestCase):
            def test_a_test_case(self):
                assert client.ask().status_code == 503
    """)

    project.run().assert_outcomes(passed=4)


def test_a_marker_beside_the_url_intercepts_nothing(project: Project) -> None:
    """A test that asks for the URL has chosen its way to the twin."""
    project.tests("""
        import socket

        connect = socket.socket.connect

        @pytest.mark.usage_twin(world="idle")
        def test_url(usage_twin_url):
            assert socket.socket.connect is connect
    """)

    project.run().assert_outcomes(passed=1)


def test_a_test_without_the_twin_is_left_alone(project: Project) -> None:
    """No fixture, no server, no hook: a run without a twin doesn't load one."""
    project.write("pytest.ini", "[pytest]\n")  # without a key of ours, which would be read
    project.tests("""
        import sys

        def test_plain(request):
            assert not any(name.startswith("_usage_twin") for name in request.fixturenames)
            assert not request.config.pluginmanager.has_plugin("usagetwin-judged")
            assert "usagetwin_checker.plugin.serving" not in sys.modules
            assert "usagetwin" not in sys.modules
    """)

    project.run_alone().assert_outcomes(passed=1)


def test_seams_are_overridden_in_any_scope(project: Project) -> None:
    """A project gives its account, its instant and its settings once, for all tests or for some."""
    project.write(
        "conftest.py",
        """
        import pytest

        @pytest.fixture(scope="session")
        def usage_twin_world():
            return {"web": {"2026-03-01": 5, "2026-03-02": 7}}

        @pytest.fixture
        def usage_twin_now():
            return "2026-03-03T12:00:00Z"

        @pytest.fixture(scope="module")
        def usage_twin_settings():
            return {"policies": {"projects": "separate"}, "faults": {"delay": {"seconds": 0, "times": 1}}}
        """,
    )
    project.tests("""
        def test_all(usage_twin):
            answer = client.ask("projectKey=web").json()
            assert [point["0"] for point in answer["series"]] == [5, 12, 12]
            assert answer["metadata"] == [{"projectKey": "web"}]
            assert [request.fault for request in usage_twin.requests] == ["delay"]

        class TestNearer:
            @pytest.fixture
            def usage_twin_world(self, usage_twin_world):
                return {"web": {**usage_twin_world["web"], "2026-03-02": 70}}

            def test_one(self, usage_twin):
                assert [point["0"] for point in client.ask().json()["series"]] == [5, 75, 75]
    """)

    project.run().assert_outcomes(passed=2)


def test_an_environment_leads_another_program_to_the_twin(project: Project) -> None:
    """A subprocess that heeds proxy variables is answered, and its requests are in the journal."""
    project.tests("""
        import os, subprocess, sys

        def test_program(usage_twin):
            program = [sys.executable, "-c", "import client; print(client.ask().status_code)"]
            environment = {**os.environ, **usage_twin.environment()}
            done = subprocess.run(program, env=environment, capture_output=True, text=True)
            assert done.stdout == "200\\n", done.stderr
            assert usage_twin.calls == 1
    """)

    project.run().assert_outcomes(passed=1)


def test_a_series_that_differs_is_explained(project: Project) -> None:
    """A failed comparison says which bucket differs, and how."""
    project.tests("""
        @pytest.mark.usage_twin(world={"web": {"2026-03-01": 5, "2026-03-02": 7}}, now="2026-03-03")
        def test_bars(usage_twin):
            assert usage_twin.expected(aggregation_type="incremental", to="2026-03-03") == (5, 8)
    """)

    result = project.run()

    result.assert_outcomes(failed=1)
    assert "2026-03-02: expected 7, got 8" in text_of(result)
