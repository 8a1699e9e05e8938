"""That nothing stays: what is replaced while the redirect is active, and what is there afterwards."""

import multiprocessing.spawn
import os
import socket
import ssl
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, Any

import aiohttp
import freezegun
import httpx2
import pytest
import requests
import time_machine
import uvloop

from usagetwin_checker.redirect import active, slots
from usagetwin_checker.redirect.active import Redirect, RedirectError
from usagetwin_checker.redirect.patches import POINTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

    from tests.redirect.echo import Echo

    Trace = Callable[[FrameType, str, object], Any]

URL = "https://app.launchdarkly.com/"
OF_SOCKS = ("SOCKS", "AsyncSOCKS")  # empty without socksio
OURS = {active.__file__, slots.__file__}


def _state() -> dict[str, object]:
    """Give all that a redirect may touch: what each owner itself holds, and what it gives."""
    state: dict[str, object] = {"meta path": tuple(sys.meta_path)}
    state |= {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
    for point in POINTS:
        module = sys.modules.get(point.module)
        owner = module if point.owner is None else getattr(module, point.owner, None)
        name = f"{point.module}.{point.owner}.{point.name}"
        state[f"{name} itself"] = vars(owner).get(point.name) if owner is not None else None
        state[name] = getattr(owner, point.name, None)
    return state


def test_everything_is_replaced_while_active(redirect: Redirect) -> None:
    """All rows of the table whose module the process has imported, or the other tests here show nothing."""
    httpx2.Client().close()  # the first one loads httpcore2
    assert (aiohttp.resolver.__name__ in sys.modules, uvloop.__name__ in sys.modules) == (True, True)
    before = _state()

    with redirect:
        during = _state()

    untouched = {name for name in before if before[name] is during[name] and not name.endswith(" itself")}
    assert untouched <= {
        "asyncio.proactor_events.BaseProactorEventLoop.sock_connect",  # Windows
        "socks.socksocket.connect",  # PySocks, which is not installed here
        *(f"{name}.{kind}Proxy.create_connection" for name in ("httpcore", "httpcore2") for kind in OF_SOCKS),
    }


def test_everything_is_restored_by_identity(redirect: Redirect) -> None:
    """In the class that held it, and by inheritance where it was inherited."""
    before = _state()

    with redirect:
        requests.get(URL, timeout=20)

    assert _state() == before
    assert all(value is before[name] for name, value in _state().items() if callable(value))


@pytest.mark.parametrize("raised", [ValueError, KeyboardInterrupt, SystemExit])
def test_everything_is_restored_when_a_test_fails(redirect: Redirect, raised: type[BaseException]) -> None:
    """Or is interrupted."""
    before = _state()

    with pytest.raises(raised), redirect:
        raise raised

    assert _state() == before


def test_an_interruption_at_any_moment_of_the_activation_leaves_nothing(redirect: Redirect) -> None:
    """Ctrl-C comes at no particular line, so try all of them."""
    before = _state()

    interrupted = _interrupt_each_line(redirect.activate, afterwards=redirect.deactivate, expected=before)

    assert interrupted > 50


def test_an_interruption_at_any_moment_of_the_deactivation_can_be_made_good(redirect: Redirect) -> None:
    """By calling it again."""
    before = _state()

    def interrupted_here() -> None:
        sys.settrace(None)
        redirect.activate()
        sys.settrace(trace[0])
        redirect.deactivate()

    trace: list[Trace | None] = [None]
    interrupted = _interrupt_each_line(
        interrupted_here, afterwards=redirect.deactivate, expected=before, trace=trace
    )

    assert interrupted > 50


def _interrupt_each_line(
    work: "Callable[[], None]",
    *,
    afterwards: "Callable[[], object]",
    expected: dict[str, object],
    trace: "list[Trace | None] | None" = None,
) -> int:
    """Interrupt at the first line of ours, then at the second, until the work gets to its end."""
    tracing = sys.gettrace()
    for lines in range(1, 10_000):
        left = [lines]

        def count(frame: "FrameType", event: str, _: object, left: list[int] = left) -> "Trace | None":
            if frame.f_code.co_filename not in OURS:
                return None
            left[0] -= event == "line"
            if left[0] == 0:
                left[0] = -1
                raise KeyboardInterrupt
            return count

        if trace is not None:
            trace[0] = count
        sys.settrace(count)
        try:
            work()
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(tracing)
        afterwards()
        assert _state() == expected, f"interrupted at line {lines}"
        if left[0] > 0:
            return lines
    pytest.fail("the work never got to its end")


def test_a_second_activation_is_refused(redirect: Redirect) -> None:
    """And harms nothing."""
    before = _state()

    with redirect, pytest.raises(RedirectError, match="active already"):
        redirect.activate()

    assert _state() == before
    assert not redirect.active


def test_a_second_deactivation_is_harmless(redirect: Redirect) -> None:
    """It finds nothing to do."""
    with redirect:
        pass

    assert redirect.deactivate() == ()


def test_what_another_patched_over_ours_stays_theirs(redirect: Redirect, echo: "Echo") -> None:
    """It goes on to call ours, which passes on to the original, and is told of by name."""
    original = socket.getaddrinfo
    redirect.activate()
    ours = socket.getaddrinfo

    def theirs(*arguments: Any) -> Any:  # noqa: ANN401 -- only passed on
        return ours(*arguments)

    socket.getaddrinfo = theirs  # type: ignore[assignment]  # -- as untyped as such patches are
    covered = redirect.deactivate()

    try:
        assert socket.getaddrinfo is theirs
        assert covered == ("socket.getaddrinfo",)
        assert socket.getaddrinfo("127.0.0.1", 1) == original("127.0.0.1", 1)
        with pytest.raises(OSError, match=r"Name|name"):
            requests.get("https://twin.invalid/", timeout=20)
        assert echo.asked == []
    finally:
        socket.getaddrinfo = original


def test_ours_goes_too_once_theirs_is_taken_away(redirect: Redirect) -> None:
    """Whoever patched over ours puts ours back, believing it the original."""
    before = _state()
    redirect.activate()
    ours = socket.getaddrinfo
    socket.getaddrinfo = lambda *arguments: ours(*arguments)  # noqa: PLW0108 -- another function, for its identity
    redirect.deactivate()
    socket.getaddrinfo = ours

    covered = redirect.deactivate()

    assert covered == ()
    assert _state() == before


def test_a_plugin_that_resets_what_we_replaced_is_no_problem(redirect: Redirect, echo: "Echo") -> None:
    """As pytest-socket does at the end of each test: it sets what the class had inherited."""
    true_connect = socket.socket.connect

    with redirect:
        socket.socket.connect = true_connect  # type: ignore[method-assign]  # -- what such plugins do
        covered = redirect.deactivate()
    try:
        assert covered == ()
        assert socket.socket.connect is true_connect
        with redirect:
            assert requests.get(URL, timeout=20).ok
    finally:
        del socket.socket.connect
    assert len(echo.asked) == 1


def test_a_function_that_someone_kept_passes_everything_on(redirect: Redirect) -> None:
    """It was imported by name while the redirect was active."""
    with redirect:
        kept = socket.getaddrinfo

    with pytest.raises(socket.gaierror):
        kept("twin.invalid", 443)


@pytest.mark.parametrize(
    ("upper", "lower", "during"),
    [
        (None, None, ("HOST", "HOST")),
        ("a.example", None, ("a.example,HOST", "a.example,HOST")),
        (None, "b.example", ("b.example,HOST", "b.example,HOST")),
        ("a.example", "b.example", ("a.example,HOST", "b.example,HOST")),
        ("", "", ("HOST", "HOST")),
        ("*", None, ("*", "*")),
    ],
)
def test_both_spellings_of_no_proxy_list_the_hosts(  # noqa: PLR0913, PLR0917 -- a table of cases
    server: Any,  # noqa: ANN401 -- only passed on
    authority: Any,  # noqa: ANN401 -- only passed on
    monkeypatch: pytest.MonkeyPatch,
    upper: str | None,
    lower: str | None,
    during: tuple[str, str],
) -> None:
    """Each beside what it says itself, or else what the other says."""
    for name, value in (("NO_PROXY", upper), ("no_proxy", lower)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)

    with Redirect(server.routes, authority, hosts=["HOST"]):
        says = tuple(os.environ[name].replace("host", "HOST") for name in ("NO_PROXY", "no_proxy"))

    assert says == during
    assert (os.environ.get("NO_PROXY"), os.environ.get("no_proxy")) == (upper, lower)


def test_nothing_is_imported_for_it() -> None:
    """Importing a library that the process may never use would cost the first test a tenth of a second."""
    script = (
        "import sys\n"
        "from usagetwin_checker.redirect.active import Redirect\n"
        "from usagetwin_checker.redirect.authority import Authority\n"
        "with Redirect({443: ('127.0.0.1', 1)}, Authority()): pass\n"
        "print(sorted({'aiohttp', 'uvloop', 'trustme', 'requests', 'httpx'} & sys.modules.keys()))"
    )

    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert output.strip() == "[]"


def test_a_library_that_is_imported_later_is_redirected_too(redirect: Redirect, echo: "Echo") -> None:
    """In the test itself, say; uvloop looks names up past everything that Python has."""
    ports = dict(redirect.ports)
    script = (
        "import asyncio, sys\n"
        "from usagetwin_checker.redirect.active import Redirect\n"
        "from usagetwin_checker.redirect.authority import Authority\n"
        f"with Redirect({ports!r}, Authority()):\n"
        "    import uvloop\n"
        "    async def ask():\n"
        "        reader, writer = await asyncio.open_connection('app.launchdarkly.com', 80)\n"
        "        writer.write(b'GET /late HTTP/1.1\\r\\nhost: app.launchdarkly.com\\r\\n\\r\\n')\n"
        "        print((await reader.readline()).decode())\n"
        "        writer.close()\n"
        "    uvloop.run(ask())\n"
        "print('create_connection' in vars(uvloop.Loop), uvloop.__loader__ is uvloop.__spec__.loader)\n"
        "print(type(uvloop.__loader__).__name__)"
    )

    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert run.stdout.splitlines() == ["HTTP/1.1 200 OK", "", "False True", "SourceFileLoader"], run.stderr
    assert echo.asked == ["http://app.launchdarkly.com/late"]


def test_a_library_whose_import_outlasts_the_test_is_left_alone(tmp_path: "Path") -> None:
    """Another thread may import it; nobody would put its functions back."""
    (tmp_path / "uvloop.py").write_text(
        "import builtins\n"
        "builtins.redirect.deactivate()\n"
        "class Loop:\n"
        "    def sock_connect(self): 'as it was written'\n",
        encoding="utf-8",
    )
    script = (
        f"import builtins, sys\nsys.path.insert(0, {str(tmp_path)!r})\n"
        "from usagetwin_checker.redirect.active import Redirect\n"
        "from usagetwin_checker.redirect.authority import Authority\n"
        "builtins.redirect = Redirect({443: ('127.0.0.1', 1)}, Authority())\n"
        "builtins.redirect.activate()\n"
        "import uvloop\n"
        "print(uvloop.Loop.sock_connect.__code__.co_filename == uvloop.__file__)"
    )

    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert run.stdout.strip() == "True", run.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system knows no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork beside threads, on purpose
def test_a_forked_child_is_answered(redirect: Redirect, echo: "Echo") -> None:
    """It has inherited what was replaced, and reaches the parent's server."""
    with redirect:
        child = multiprocessing.get_context("fork").Process(target=_ask_in_a_child)
        child.start()
        child.join(20)

    assert child.exitcode == 0
    assert echo.asked == [f"{URL}child"]


def _ask_in_a_child() -> None:
    with urllib.request.urlopen("https://app.launchdarkly.com/child", timeout=20) as response:
        sys.exit(0 if response.status == 200 else 1)


@pytest.mark.parametrize(
    "travel",
    [freezegun.freeze_time, lambda to: time_machine.travel(to, tick=False)],
    ids=["freezegun", "time-machine"],
)
@pytest.mark.filterwarnings("ignore:System time is way off")  # urllib3's, before 2025
@pytest.mark.parametrize("year", [1999, 2026, 2090])
def test_a_test_may_travel_in_time(redirect: Redirect, travel: "Callable[[str], Any]", year: int) -> None:
    """Certificates are checked by the machine's own clock."""
    with redirect, travel(f"{year}-03-17T15:20:00Z"):
        status = requests.get(URL, timeout=20).status_code

    assert status == 200


def test_a_context_trusts_us_for_our_hosts_alone(redirect: Redirect) -> None:
    """And a context that never meets them is left as it was."""
    context = ssl.create_default_context()
    before = context.cert_store_stats()["x509"]

    with redirect:
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="other.example")
        after_another = context.cert_store_stats()["x509"]
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="APP.launchdarkly.com")
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="app.launchdarkly.us")
        after_ours = context.cert_store_stats()["x509"]

    assert (after_another, after_ours) == (before, before + 1)
