"""Where the parts of a run are worked on: in this process, one after another, or on Dask.

Rule: every place gives the same answers. What Dask is and how it fails is known here and nowhere else.
"""

import logging
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from usagetwin.errors import SettingError, UsageTwinError, quoted, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from distributed import Client, Future

EXTRA: Final = "pip install 'usagetwin[dask]'"
ADDRESS: Final = "the address that dask scheduler prints, such as tcp://HOST:8786"
LOOPBACK: Final = "127.0.0.1"
NO_PAGES: Final[dict[str, list[str]]] = {  # Dask serves HTTP wherever it runs, and there is nothing to see
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
PROTOCOLS: Final = ("tcp", "tls")
CONNECT_S: Final = 10
WORKERLESS_S: Final = 60.0  # a cluster may be just starting, or be replacing what it lost
GATHER_S: Final = 60.0
NAP_S: Final = 0.05
LOGGERS: Final = ("distributed", "tornado.application")
In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class Lost:
    """A part that came to nothing, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Done(Generic[Out]):
    """The part at an index, and what it came to."""

    index: int
    result: "Out | Lost"


class Place(Protocol):
    """Works on parts, and gives what each comes to as soon as it has."""

    def each(
        self, work: "Callable[[In], Out]", parts: "Sequence[In]", stopped: "Callable[[], bool]"
    ) -> "Iterator[Done[Out]]":
        """Give what `work` makes of each part, in any order, until all are done or it is `stopped`."""


class Here:
    """In this process, one part after another."""

    def each(
        self, work: "Callable[[In], Out]", parts: "Sequence[In]", stopped: "Callable[[], bool]"
    ) -> "Iterator[Done[Out]]":
        """Give what `work` makes of each part, in their order."""
        for index, part in enumerate(parts):
            if stopped():
                return
            yield Done(index, work(part))


class OnDask:
    """The workers of a Dask scheduler, which runs a part again whose worker is lost."""

    def __init__(self, client: "Client") -> None:
        """Take a client."""
        self._client = client

    def each(
        self, work: "Callable[[In], Out]", parts: "Sequence[In]", stopped: "Callable[[], bool]"
    ) -> "Iterator[Done[Out]]":
        """Give what `work` makes of each part, as they end. Raises what `work` does, and SettingError."""
        waiting: dict[int, Future[Any]] = dict(
            enumerate(self._client.submit(work, part, pure=False) for part in parts)
        )
        seen_s = time.monotonic()
        while waiting and not stopped():
            ended = [index for index, future in waiting.items() if future.status != "pending"]
            for index in ended:
                done = _ended(index, waiting[index])
                if done is not None:
                    del waiting[index]  # which lets the cluster forget the result
                    seen_s = time.monotonic()
                    yield done
            if not ended:
                time.sleep(NAP_S)
                if time.monotonic() - seen_s > WORKERLESS_S:
                    self._refuse_no_workers(len(waiting))
                    seen_s = time.monotonic()
        self._client.cancel(list(waiting.values()))

    def _refuse_no_workers(self, waiting: int) -> None:
        try:
            workers = self._client.nthreads()
        except (OSError, TimeoutError):
            workers = {}
        if not workers:
            problem = f"no worker is left on the Dask cluster, and {waiting} parts wait"
            raise SettingError(problem, "dask worker, with the scheduler's address, and a look at its log")


def _ended(index: int, future: "Future[Any]") -> "Done[Any] | None":
    """Give what a future came to; None where its worker went away with the result, which is made again."""
    from distributed.scheduler import KilledWorker

    try:
        return Done(index, future.result(timeout=GATHER_S))
    except UsageTwinError:
        raise
    except TimeoutError:
        return None
    except KilledWorker:
        return Done(index, Lost("its worker died each time that it was tried"))
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        problem = f"a Dask worker failed: {type(error).__name__}: {readable(str(error))}"
        remedy = "the same usagetwin, with its extras check and dask, on every worker, and a look at its log"
        raise SettingError(problem, remedy) from None


@contextmanager
def place(*, workers: int | None, scheduler: str | None) -> "Iterator[Place]":
    """Give where to work: on so many workers of this machine, on a scheduler's, or here.

    Raises SettingError where Dask is not installed, and where the scheduler can't be reached.
    """
    if workers is None and scheduler is None:
        yield Here()
        return
    if scheduler is not None:
        _refuse_no_address(scheduler)
    if find_spec("distributed") is None:
        problem = "--workers and --scheduler take Dask, which is not installed"
        raise SettingError(problem, EXTRA)
    with ExitStack() as stack:
        for name in LOGGERS:
            stack.enter_context(_silent(logging.getLogger(name)))
        yield OnDask(stack.enter_context(_client(scheduler, workers)))


def _refuse_no_address(scheduler: str) -> None:
    try:
        parts = urlsplit(scheduler)
        whole = parts.scheme in PROTOCOLS and bool(parts.hostname) and parts.port is not None
    except ValueError:
        whole = False
    if not whole:
        problem = f"--scheduler {quoted(scheduler)} is no address of a Dask scheduler"
        raise SettingError(problem, ADDRESS)


@contextmanager
def _client(scheduler: str | None, workers: int | None) -> "Iterator[Client]":
    import dask
    from distributed import Client, LocalCluster

    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:  # TimeoutError is an OSError
            problem = f"--scheduler {quoted(scheduler)} can't be reached: {readable(str(error))}"
            raise SettingError(problem, ADDRESS) from None
        with client:
            yield client
        return
    with (
        dask.config.set(NO_PAGES),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host=LOOPBACK,
            security=True,  # else whoever has an account on this machine could have the workers run anything
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": f"{LOOPBACK}:0"},  # else it wants the port 8787
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def _silent(logger: logging.Logger) -> "Iterator[None]":
    """Have Dask say nothing: a lost worker is no news, as its part is worked on again."""
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
