"""Dask clusters for tests, which take no port that somebody else may want."""

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from distributed import Client, LocalCluster

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK: Final = "127.0.0.1"
ANY_PORT: Final = {"dashboard_address": f"{LOOPBACK}:0"}


def threads(workers: int, protocol: str = "inproc") -> LocalCluster:
    """Give a cluster that is all in this process."""
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=2,
        processes=False,
        dashboard_address=None,
        protocol=protocol,
        host=LOOPBACK if protocol == "tcp" else None,
        scheduler_kwargs=ANY_PORT,
    )


class Killer:
    """Kills one worker of a cluster of processes, once, while it works on something."""

    def __init__(self, cluster: LocalCluster) -> None:
        """Take the cluster, which has another one in its place soon."""
        self._cluster = cluster
        self.killed = 0

    def __call__(self, _sent: int, _of: int) -> None:
        """Kill one, as soon as something is done and something is being done."""
        busy = [] if self._cluster.scheduler is None else self._cluster.scheduler.workers.values()
        addresses = {worker.address for worker in busy if worker.processing}
        for nanny in self._cluster.workers.values():
            if not self.killed and nanny.worker_address in addresses:
                os.kill(nanny.pid, signal.SIGKILL)
                self.killed = 1


@contextmanager
def killing(workers: int) -> "Iterator[tuple[Client, Killer]]":
    """Give a client of workers that are processes, and what kills one of them."""
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host=LOOPBACK,
            security=True,
            dashboard_address=None,
            scheduler_kwargs=ANY_PORT,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client, Killer(cluster)
