"""The twin beside other tools of a test: those that fake HTTP, and those that travel in time."""

from importlib.metadata import version

import pytest
from packaging.version import Version

from tests.plugin.project import Project


def test_responses_lets_the_twin_s_hosts_pass(project: Project) -> None:
    """What responses fakes, it fakes; what it passes through reaches the twin."""
    project.tests("""
        import requests, responses

        def test_both(usage_twin):
            with responses.RequestsMock() as fake:
                fake.add_passthru("https://app.launchdarkly.com")
                fake.get("https://example.com/", json={"fake": True})
                assert requests.get("https://example.com/").json() == {"fake": True}
                assert client.ask().status_code == 200
            assert usage_twin.calls == 1
    """)

    project.run().assert_outcomes(passed=1)


def test_respx_lets_the_twin_s_hosts_pass(project: Project) -> None:
    """In either order of the fixtures, for sync and async clients."""
    project.tests("""
        import httpx, respx

        TOKEN = {"Authorization": "api-1"}

        def both(fake, usage_twin):
            fake.route(host="app.launchdarkly.com").pass_through()
            fake.get("https://example.com/").respond(json={"fake": True})
            assert httpx.get("https://example.com/").json() == {"fake": True}
            assert httpx.get(client.URL, headers=TOKEN).status_code == 200
            assert usage_twin.calls == 1

        def test_twin_first(usage_twin, respx_mock):
            both(respx_mock, usage_twin)

        def test_respx_first(respx_mock, usage_twin):
            both(respx_mock, usage_twin)

        @pytest.mark.asyncio
        async def test_async(usage_twin):
            with respx.mock() as fake:
                fake.route(host="app.launchdarkly.com").pass_through()
                async with httpx.AsyncClient(headers=TOKEN) as http:
                    assert (await http.get(client.URL)).status_code == 200
            assert usage_twin.calls == 1
    """)

    project.run().assert_outcomes(passed=3)


@pytest.mark.skipif(
    Version(version("pytest-httpx")) < Version("0.33"), reason="pytest-httpx 0.33 brought the marker"
)
def test_pytest_httpx_lets_the_twin_s_hosts_pass(project: Project) -> None:
    """Its marker says what it does not fake."""
    project.tests("""
        import httpx

        @pytest.mark.httpx_mock(should_mock=lambda request: request.url.host != "app.launchdarkly.com")
        def test_both(usage_twin, httpx_mock):
            httpx_mock.add_response(url="https://example.com/", json={"fake": True})
            assert httpx.get("https://example.com/").json() == {"fake": True}
            assert httpx.get(client.URL, headers={"Authorization": "api-1"}).status_code == 200
            assert usage_twin.calls == 1
    """)

    project.run().assert_outcomes(passed=1)


def test_aioresponses_lets_the_twin_s_hosts_pass(project: Project) -> None:
    """What it passes through reaches the twin."""
    project.tests("""
        import aiohttp
        from aioresponses import aioresponses

        @pytest.mark.asyncio
        async def test_both(usage_twin):
            with aioresponses(passthrough=["https://app.launchdarkly.com"]):
                async with aiohttp.ClientSession(headers={"Authorization": "api-1"}) as http:
                    async with http.get(client.URL) as answer:
                        assert answer.status == 200
                        assert "series" in await answer.json()
            assert usage_twin.calls == 1
    """)

    project.run().assert_outcomes(passed=1)


def test_freezegun_stops_the_twin_s_clock_and_nothing_else(project: Project) -> None:
    """The twin's clock is the machine's, which is frozen; the server goes on, timeouts and faults with it."""
    project.tests("""
        from datetime import datetime, timedelta, timezone
        from freezegun import freeze_time

        NOW = datetime(2026, 3, 17, 15, 20, tzinfo=timezone.utc)

        @freeze_time("2026-03-17T15:20:00Z")
        def test_frozen(usage_twin):
            assert usage_twin.now == NOW
            assert len(client.ask().json()["series"]) == 17
            usage_twin.fault("delay", seconds=0.01, times=1)
            assert client.ask().status_code == 200

        def test_frozen_within(usage_twin):
            with freeze_time("2026-03-17T15:20:00Z") as clock:
                client.ask()
                clock.move_to("2026-03-18")
                client.ask()
            days = [request.at for request in usage_twin.requests]
            assert days == [NOW, datetime(2026, 3, 18, tzinfo=timezone.utc)]

        @freeze_time("2026-03-17T15:20:00Z")
        def test_the_twin_s_own_clock_comes_first(usage_twin):
            usage_twin.freeze("2026-01-05")
            assert len(client.ask("to=1767484800").json()["series"]) == 3
    """)

    project.run().assert_outcomes(passed=3)


def test_time_machine_moves_the_twin_s_clock_and_nothing_else(project: Project) -> None:
    """It changes `time.time` and `time.monotonic` of the whole process."""
    project.tests("""
        from datetime import datetime, timezone
        import time_machine

        NOW = datetime(2026, 3, 17, 15, 20, tzinfo=timezone.utc)

        @time_machine.travel(NOW, tick=False)
        def test_stopped(usage_twin):
            assert usage_twin.now == NOW
            assert len(client.ask().json()["series"]) == 17
            usage_twin.fault("delay", seconds=0.01, times=1)
            assert client.ask().status_code == 200

        def test_moved(usage_twin, time_machine):
            time_machine.move_to(NOW)
            assert client.ask().status_code == 200
            assert usage_twin.requests[0].at.date() == NOW.date()
    """)

    project.run().assert_outcomes(passed=2)


TIDY = """
import socket

true_connect, true_lookup = socket.socket.connect, socket.getaddrinfo

def pytest_runtest_teardown():
    socket.socket.connect = true_connect
    socket.getaddrinfo = true_lookup
"""


def test_a_plugin_that_tidies_up_before_the_fixtures_end_is_no_problem(project: Project) -> None:
    """As pytest-socket does, where it is merely installed: the fixtures' own ends still reach the twin."""
    project.write("conftest.py", TIDY)
    project.tests("""
        import socket, aiohttp, requests

        @pytest.fixture
        def session(usage_twin):
            with requests.Session() as session:
                yield session
                assert session.get(client.URL, headers={"Authorization": "api-1"}, timeout=10).ok
                assert usage_twin.calls == 2

        def test_asks(session):
            assert session.get(client.URL, headers={"Authorization": "api-1"}, timeout=10).ok

        def test_nothing_stays():
            assert socket.getaddrinfo.__code__.co_filename == socket.__file__
    """)

    result = project.run_alone()  # what it tidies up stays

    result.assert_outcomes(passed=2)


GUARD = """
import socket

class SocketBlockedError(RuntimeError): pass

true_socket = socket.socket

class GuardedSocket(socket.socket):
    def __new__(cls, *arguments, **options):
        raise SocketBlockedError("A test tried to use socket.socket.")

def pytest_runtest_setup(item):
    socket.socket = true_socket if item.get_closest_marker("enable_socket") else GuardedSocket

def pytest_runtest_teardown():
    socket.socket = true_socket
"""


def test_a_plugin_that_forbids_sockets_is_named_with_what_to_do(project: Project) -> None:
    """Also where the code under test takes the error for a bad day of the network."""
    project.write("guarding.py", GUARD)
    project.write("conftest.py", 'pytest_plugins = ["guarding"]')
    project.tests("""
        import requests

        @pytest.mark.enable_socket
        def test_first(usage_twin):
            assert client.ask().ok

        def test_forbidden(usage_twin):
            with pytest.raises(requests.ConnectionError):
                client.ask()

        @pytest.mark.enable_socket
        def test_enabled(usage_twin):
            assert client.ask().ok
    """)

    result = project.run("-W", "ignore::pytest.PytestUnknownMarkWarning")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "socket.socket is guarding.GuardedSocket, of guarding, so that no request reaches the twin: *",
            "  try   tests that have the twin without guarding's hold on socket.socket",
        ]
    )
