"""Nothing of the consumer's process changes but what the redirect lists, and that for the test alone."""

from tests.plugin.project import Project, text_of

WATCHING = """
import asyncio, decimal, gc, locale, logging, os, random, signal, socket, sys, tempfile, threading, warnings

SERVED = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")

def own(handlers):
    return [each for each in handlers if not type(each).__module__.startswith("_pytest")]

def state():
    loggers = {name: logging.getLogger(name) for name in ("root", "asyncio", "py.warnings", *SERVED)}
    return {
        "loggers": {
            name: (each.level, own(each.handlers), list(each.filters), each.propagate, each.disabled)
            for name, each in loggers.items()
        },
        "logging": (logging.root.manager.disable, logging.getLoggerClass(), logging.raiseExceptions),
        "warnings": list(warnings.filters),
        "loops": type(asyncio.get_event_loop_policy()),
        "locale": locale.setlocale(locale.LC_ALL),
        "environment": {name: os.environ[name] for name in os.environ if name != "PYTEST_CURRENT_TEST"},
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "hooks": (sys.excepthook, sys.unraisablehook, threading.excepthook, sys.breakpointhook),
        "imports": (list(sys.path), list(sys.path_hooks)),
        "random": random.getstate(),
        "decimal": repr(decimal.getcontext()),
        "limits": (sys.getrecursionlimit(), sys.getswitchinterval(), gc.get_threshold(), gc.isenabled()),
        "sockets": socket.getdefaulttimeout(),
        "places": (os.getcwd(), tempfile.tempdir),
    }

def changed(before, *, also=()):
    after = state()
    for name in before:
        assert name in also or after[name] == before[name], (name, before[name], after[name])
    return after
"""


def test_a_consumer_who_serves_an_application_keeps_its_settings(project: Project) -> None:
    """Before the first test, in it and after it; with uvicorn's loggers as that consumer set them."""
    project.write("watching.py", WATCHING)
    project.write(
        "conftest.py",
        """
        import logging
        import watching

        handler = logging.StreamHandler()
        for name in watching.SERVED:
            logging.getLogger(name).setLevel(logging.DEBUG)
            logging.getLogger(name).addHandler(handler)
            logging.getLogger(name).propagate = name == "uvicorn.error"
        logging.root.setLevel(logging.ERROR)

        BEFORE = {}

        def pytest_collection_finish():
            BEFORE.update(watching.state())

        def pytest_sessionfinish():
            watching.changed(BEFORE, also=("signals", "warnings"))  # pytest's own
        """,
    )
    project.tests("""
        import conftest, os, sys, watching

        OURS = {"NO_PROXY", "no_proxy"}

        def test_with(usage_twin):
            within = watching.changed(
                {**conftest.BEFORE, "environment": {}, "imports": ()},
                also=("environment", "imports", "signals", "warnings", "loggers"),  # of pytest, and NO_PROXY
            )
            known = conftest.BEFORE["environment"]
            assert {name for name, value in within["environment"].items() if known.get(name) != value} == OURS
            for name in watching.SERVED:
                assert within["loggers"][name] == conftest.BEFORE["loggers"][name]
            assert client.ask().ok
            assert client.ask("granularity=hourly", token="api-1").status_code == 400
            usage_twin.allow("granularity-is-documented")

        @pytest.mark.usage_twin(allow="granularity-is-documented", faults="reset")
        def test_faults(usage_twin):
            with pytest.raises(OSError):
                client.ask()
    """)
    project.tests(
        """
        def test_quiet(usage_twin, caplog):
            caplog.set_level("DEBUG")
            assert client.ask().ok
            assert not [each for each in caplog.records if each.name.startswith(("uvicorn", "usagetwin"))]
    """,
        name="test_quiet.py",
    )

    result = project.run_alone("-o", "usage_twin_requests=off")

    result.assert_outcomes(passed=3)
    assert result.ret == 0, text_of(result)


def test_the_fakes_of_a_test_are_not_for_the_twin(project: Project) -> None:
    """They are neither used up nor in its way; what a test draws by chance, it draws without a twin too."""
    project.tests("""
        import asyncio, http.client, json, os, random, ssl, time, uuid

        class UsedUpError(Exception): pass

        def used_up(*arguments, **options):
            raise UsedUpError

        def status(query=""):
            link = http.client.HTTPSConnection("app.launchdarkly.com", timeout=10)
            link.request("GET", client.URL.partition(".com")[2] + query, headers={"Authorization": "api-1"})
            answer = link.getresponse()
            answer.read()
            link.close()
            return answer.status

        @pytest.mark.usage_twin(allow="granularity-is-documented", policies={"error_id": "on"})
        @pytest.mark.parametrize("place", [
            "time.time", "time.sleep", "time.monotonic", "time.perf_counter", "asyncio.sleep", "asyncio.wait",
            "asyncio.wait_for", "random.random", "random.randint", "os.urandom", "uuid.uuid4", "json.dumps",
            "json.loads",
        ])
        def test_fake(usage_twin, monkeypatch, place):
            monkeypatch.setattr(place, used_up)
            usage_twin.fault("rate-limited", times=1)
            usage_twin.fault("slow-body", times=1, seconds=0.01)
            usage_twin.fault("descending", times=1)
            assert [status(), status(), status(), status(), status("?granularity=hourly")] == [
                429, 200, 200, 200, 400
            ]
            monkeypatch.undo()

        def test_chance(usage_twin):
            random.seed(7)
            expected = [random.random() for _ in range(3)]
            random.seed(7)
            drawn = []
            for _ in range(3):
                usage_twin.fault("server-error", chance=0.5, times=1)
                status()
                drawn.append(random.random())
            assert drawn == expected
    """)

    result = project.run()

    result.assert_outcomes(passed=14)
