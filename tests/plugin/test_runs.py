"""Whole runs: with several workers, in random order, with threads, interrupted; and what is left of them."""

import json
import re
import threading
from textwrap import dedent

import pytest

from tests.plugin.project import MILLISECONDS, Project, text_of
from tests.sampling import sampled
from usagetwin_checker.redirect.patches import POINTS

MANY = """
    @pytest.mark.parametrize("number", range(1, 13))
    def test_each_has_its_own(usage_twin, number):
        usage_twin.freeze(f"2026-01-{number:02}T12:00:00Z")
        usage_twin.world({"web": {f"2026-01-{day:02}": number for day in range(1, 13)}})

        values = [point["0"] for point in client.ask("aggregationType=incremental").json()["series"]]

        assert values[:-1] == [number] * (number - 1)
        assert tuple(values) == usage_twin.expected(aggregation_type="incremental").values
        assert usage_twin.calls == 1
"""

LEAVES_NOTHING = """
    import json, os, socket, sys
    from pathlib import Path

    import aiohttp, httpx, requests, urllib3, uvloop

    KEPT = Path(__file__).with_name("left.json")
    CONNECT = socket.socket.connect
    POINTS = json.loads(Path(__file__).with_name("points.json").read_text())

    def state():
        found = {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
        found["finders"] = [repr(each) for each in sys.meta_path if "usagetwin_checker" in repr(each)]
        for module, owner, name in POINTS:
            holder = sys.modules.get(module)
            holder = getattr(holder, owner, None) if owner else holder
            if holder is not None:
                inherited = name not in vars(holder)
                found[f"{module}.{owner}.{name}"] = [inherited, id(getattr(holder, name, None))]
        return found

    @pytest.fixture(autouse=True, scope="session")
    def compare():
        before = state()
        yield
        KEPT.write_text(json.dumps([before, state()]))

    @pytest.fixture(autouse=True)
    def compare_each():
        before = state()
        yield
        assert state() == before
"""


def write_compared(project: Project, tests: str) -> None:
    """Write tests, and what compares the patch points before and after each of them, and all."""
    project.write("points.json", json.dumps([(point.module, point.owner, point.name) for point in POINTS]))
    project.tests(f"{dedent(LEAVES_NOTHING)}\n{dedent(tests)}")


def left_by(project: Project) -> tuple[dict[str, object], dict[str, object]]:
    """Give what stood at the patch points before a whole run, and after it."""
    before, after = json.loads((project.pytester.path / "left.json").read_text(encoding="utf-8"))
    return before, after


@pytest.mark.parametrize("workers", sampled(["2", "4"], ["2"]))
def test_with_several_workers(workers: str, project: Project) -> None:
    """Each worker has a server of its own, and is strict, and told of the command line, like any run."""
    project.tests(MANY)
    project.tests(
        f"""
        def test_world(_usage_twin_chosen):
            assert _usage_twin_chosen.world.name == "idle"

        def test_finding(usage_twin):
            client.ask("{MILLISECONDS}")
        """,
        name="test_more.py",
    )

    result = project.run_alone("-n", workers, "--usage-twin-world=idle")

    result.assert_outcomes(passed=13, failed=1)
    result.stdout.fnmatch_lines(["requests break timestamp-fits-ten-digits:"])


def test_in_random_order(project: Project) -> None:
    """No test needs another to come before it."""
    project.tests(MANY)

    result = project.run_alone("-o", "addopts=", "-p", "randomly", "--randomly-seed=1", "-v")

    result.assert_outcomes(passed=12)
    numbers = re.findall(r"own\[(\d+)\]", str(result.stdout))
    assert numbers != sorted(numbers, key=int)


def test_threads_of_a_test(project: Project) -> None:
    """Requests of all threads are answered, counted and judged; one that a thread swallowed is told."""
    project.tests(f"""
        from concurrent.futures import ThreadPoolExecutor

        def test_twelve(usage_twin):
            with ThreadPoolExecutor(12) as pool:
                codes = list(pool.map(lambda _: client.ask().status_code, range(24)))
            assert codes == [200] * 24
            assert usage_twin.calls == 24
            assert [request.number for request in usage_twin.requests] == list(range(1, 25))

        def test_finding(usage_twin):
            with ThreadPoolExecutor(2) as pool:
                pool.submit(client.ask, "{MILLISECONDS}")
    """)

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["requests break timestamp-fits-ten-digits:"])


def test_threads_that_outlive_a_test(project: Project) -> None:
    """A thread that waits for an answer is let go, and holds up nothing."""
    project.tests("""
        import threading

        asked = threading.Event()
        threads = []

        def quietly():
            with pytest.raises(OSError):
                client.ask()

        def test_starts(usage_twin):
            usage_twin.fault("timeout", when=lambda request: asked.set() or True)
            threads.append(threading.Thread(target=quietly, daemon=True))
            threads[0].start()
            assert asked.wait(30)

        def test_next(usage_twin):
            threads[0].join(30)
            assert not threads[0].is_alive()
            assert usage_twin.calls == 0
    """)

    project.run().assert_outcomes(passed=2)


def test_everything_is_as_it_was_after_each_test(project: Project) -> None:
    """Passed, failed, broken a rule, or lost its connection: each patched attribute is its own again."""
    write_compared(
        project,
        f"""
        def test_passes(usage_twin):
            assert socket.socket.connect is not CONNECT
            assert client.ask().status_code == 200

        def test_fails(usage_twin):
            assert client.ask() is None

        def test_breaks_a_rule(usage_twin):
            client.ask("{MILLISECONDS}")

        def test_loses_its_connection(usage_twin):
            usage_twin.fault("reset")
            client.ask()

        @pytest.mark.usage_twin(block_other_hosts=True)
        def test_blocks(usage_twin):
            assert client.ask().status_code == 200
        """,
    )

    result = project.run_alone()

    result.assert_outcomes(passed=2, failed=3)
    before, after = left_by(project)
    assert before == after
    assert {"ssl.SSLContext.wrap_bio", "uvloop.Loop.create_connection"} <= set(before)


def test_everything_is_as_it_was_after_ctrl_c(project: Project) -> None:
    """A test that is interrupted while its client waits takes its twin down like any other."""
    write_compared(
        project,
        """
        import signal

        signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores Ctrl-C

        def test_interrupted(usage_twin):
            usage_twin.fault("timeout", when=lambda request: os.kill(os.getpid(), signal.SIGINT) or True)
            client.ask()
        """,
    )

    result = project.run_alone()

    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert "KeyboardInterrupt" in text_of(result)
    before, after = left_by(project)
    assert before == after


def test_the_comparison_sees_what_is_not_put_back(project: Project) -> None:
    """A patch that stays is found: the two tests before this one are able to fail."""
    write_compared(
        project,
        """
        def test_patches(usage_twin):
            socket.socket.connect_ex = None
        """,
    )

    result = project.run_alone()

    result.assert_outcomes(passed=1, errors=1)
    before, after = left_by(project)
    assert before != after


def test_no_thread_and_no_port_is_left_after_a_run(project: Project) -> None:
    """The server ends with the run that it was started for."""
    project.tests("""
        def test_it(usage_twin, usage_twin_url):
            assert client.ask().status_code == 200
            usage_twin.environment()
            print("port", usage_twin_url.rpartition(":")[2])
    """)
    before = set(threading.enumerate())

    result = project.run("-rP")

    result.assert_outcomes(passed=1)
    assert set(threading.enumerate()) == before
