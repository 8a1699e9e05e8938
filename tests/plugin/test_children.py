"""The processes and programs that a test starts reach the twin, whichever way they are started."""

import os
import shutil

import pytest

from tests.plugin.project import Project, text_of

WORK = """
import sys
import client

def status(number):
    return client.ask().status_code

if __name__ == "__main__":
    sys.stdout.write(str(status(0)))
"""


@pytest.fixture
def child_project(project: Project) -> Project:
    """Give one whose work is in a module that children import."""
    project.write("work.py", WORK)
    return project


def test_pools_of_every_kind_are_led(child_project: Project) -> None:
    """A fork server that an earlier test started, and children that are started new."""
    child_project.tests("""
        import multiprocessing, work
        from concurrent.futures import ProcessPoolExecutor

        def test_without():
            with multiprocessing.get_context("forkserver").Pool(1) as pool:
                assert pool.map(abs, [-1]) == [1]

        @pytest.mark.parametrize("method", ["forkserver", "spawn"])
        def test_executor(usage_twin, method):
            context = multiprocessing.get_context(method)
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                assert list(pool.map(work.status, [1])) == [200]
            assert usage_twin.calls == 1

        def test_pool(usage_twin):
            with multiprocessing.get_context("forkserver").Pool(1) as pool:
                assert pool.map(work.status, [1]) == [200]
            assert usage_twin.calls == 1
    """)

    result = child_project.run_alone()

    result.assert_outcomes(passed=4)


def test_programs_of_every_kind_are_led(child_project: Project) -> None:
    """With the environment of this process, or one of their own; and nothing stays."""
    child_project.tests("""
        import asyncio, os, subprocess, sys

        COMMAND = [sys.executable, "work.py"]

        def run(env=None):
            return subprocess.run(COMMAND, env=env, capture_output=True, text=True, timeout=60).stdout

        async def run_async():
            pipe = asyncio.subprocess.PIPE
            process = await asyncio.create_subprocess_exec(*COMMAND, stdout=pipe)
            return (await process.communicate())[0].decode()

        def test_run(usage_twin):
            assert run() == run({"PATH": os.environ["PATH"]}) == "200"
            assert asyncio.run(run_async()) == "200"
            assert usage_twin.calls == 3

        @pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="this system has none")
        def test_posix_spawn(usage_twin):
            child = os.posix_spawn(sys.executable, COMMAND, os.environ)
            assert os.waitpid(child, 0)[1] == 0
            assert os.system(" ".join(COMMAND)) == 0
            assert os.spawnv(os.P_WAIT, sys.executable, COMMAND) == 0
            assert usage_twin.calls == 3

        def test_nothing_stays():
            assert "PYTHONPATH" not in os.environ or "usagetwin" not in os.environ["PYTHONPATH"]
            assert subprocess.Popen.__init__.__code__.co_filename == subprocess.__file__
    """)

    result = child_project.run_alone()

    assert result.ret == 0, text_of(result)


CLIENTS = {
    "urllib3": "import urllib3; urllib3.request('GET', URL, headers=TOKEN)",
    "http.client": "import http.client; c = http.client.HTTPSConnection(HOST); "
    "c.request('GET', '/api/v2/usage/observability/sessions', headers=TOKEN); c.getresponse()",
    "httpx": "import httpx; httpx.get(URL, headers=TOKEN)",
}


def test_a_python_is_led_whatever_its_client(project: Project) -> None:
    """Also one that heeds no variable for proxies; a module `sitecustomize` of its own is loaded as ever."""
    project.write("own/sitecustomize.py", "OWN = True")
    project.write("clients.py", f"CLIENTS = {CLIENTS!r}")
    project.tests("""
        import os, subprocess, sys
        from clients import CLIENTS

        BEGIN = (
            "import sitecustomize; assert sitecustomize.OWN; HOST = 'app.launchdarkly.com'; "
            "URL = 'https://' + HOST + '/api/v2/usage/observability/sessions'; "
            "TOKEN = {'Authorization': 'api-1'}; "
        )

        @pytest.mark.parametrize("name", CLIENTS)
        def test_client(usage_twin, name):
            env = {**os.environ, "PYTHONPATH": os.path.abspath("own")}
            subprocess.run([sys.executable, "-c", BEGIN + CLIENTS[name]], env=env, check=True, timeout=60)
            assert usage_twin.calls == 1
    """)

    result = project.run_alone()

    result.assert_outcomes(passed=3)


@pytest.mark.skipif(shutil.which("curl") is None or os.name == "nt", reason="curl is not installed here")
def test_a_program_of_another_language_is_led(project: Project) -> None:
    """Where it heeds the variables for proxies and certificates."""
    project.tests("""
        import subprocess

        def test_curl(usage_twin):
            command = ["curl", "--silent", "--show-error", "--fail", "-H", "Authorization: api-1", client.URL]
            subprocess.run(command, check=True, timeout=60, stdout=subprocess.DEVNULL)
            assert usage_twin.calls == 1
    """)

    result = project.run()

    assert result.ret == 0, text_of(result)
