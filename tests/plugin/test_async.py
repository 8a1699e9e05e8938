"""The twin in async tests, under pytest-asyncio and under anyio, with clients made before and in the test."""

import pytest

from tests.plugin.project import MILLISECONDS, Project

CLIENTS = """\
    import aiohttp
    import httpx
    import httpx2

    from client import URL

    TOKEN = {"Authorization": "api-1"}

    async def with_httpx(library):
        async with library.AsyncClient(headers=TOKEN) as http:
            return (await http.get(URL)).status_code

    async def with_aiohttp():
        async with aiohttp.ClientSession(headers=TOKEN) as http, http.get(URL) as answer:
            await answer.read()
            return answer.status
"""


def test_async_tests_under_pytest_asyncio(project: Project) -> None:
    """The fixtures are sync, so that a coroutine asks for them like any other test."""
    project.write("clients.py", CLIENTS)
    project.tests(f"""
        from clients import *

        @pytest.mark.asyncio
        async def test_clients(usage_twin):
            usage_twin.freeze("2026-03-17")
            assert await with_httpx(httpx) == 200
            assert await with_httpx(httpx2) == 200
            assert await with_aiohttp() == 200
            assert usage_twin.calls == 3

        @pytest.mark.asyncio
        async def test_faults(usage_twin):
            with usage_twin.fault("close"), pytest.raises(httpx.RemoteProtocolError):
                await with_httpx(httpx)
            with usage_twin.fault("close"), pytest.raises(aiohttp.ServerDisconnectedError):
                await with_aiohttp()

        @pytest.mark.asyncio
        async def test_finding(usage_twin):
            async with httpx.AsyncClient(headers=TOKEN) as http:
                await http.get(f"{{client.URL}}?{MILLISECONDS}")
    """)

    result = project.run()

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*_ test_finding _*", "requests break timestamp-fits-ten-digits:"])


def test_async_tests_under_anyio(project: Project) -> None:
    """Though anyio drops the port when it looks a name up, the twin is met."""
    project.write("clients.py", CLIENTS)
    project.tests(f"""
        from clients import *

        pytestmark = pytest.mark.anyio

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.fixture
        async def http(usage_twin):
            async with httpx.AsyncClient(headers=TOKEN) as http:
                yield http

        async def test_clients(usage_twin):
            assert await with_httpx(httpx) == 200
            assert await with_httpx(httpx2) == 200
            assert await with_aiohttp() == 200
            assert usage_twin.calls == 3

        async def test_a_client_of_a_fixture(usage_twin, http):
            assert (await http.get(client.URL)).status_code == 200
            assert usage_twin.calls == 1

        async def test_finding(usage_twin, http):
            await http.get(f"{{client.URL}}?{MILLISECONDS}")
    """)

    result = project.run()

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*_ test_finding _*", "requests break timestamp-fits-ten-digits:"])


@pytest.mark.parametrize("scope", ["module", "session"])
def test_a_client_that_outlives_the_tests_is_answered_in_each_and_in_none_between(
    project: Project, scope: str
) -> None:
    """A pooled connection of one test is no way to the twin after it, and no trouble in the next."""
    project.tests(f"""
        import asyncio
        import httpx

        @pytest.fixture(scope="{scope}")
        def http():
            with httpx.Client(headers={{"Authorization": "api-1"}}) as http:
                yield http

        @pytest.mark.parametrize("turn", range(3))
        def test_turns(http, usage_twin, turn):
            for _ in range(2):
                assert http.get(client.URL).status_code == 200
            assert usage_twin.calls == 2

        def test_without(http, monkeypatch):
            monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [])
            with pytest.raises(httpx.HTTPError):
                http.get(client.URL)
    """)

    project.run().assert_outcomes(passed=4)
