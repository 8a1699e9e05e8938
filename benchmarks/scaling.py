"""The model on paper: how many processors, Redises and bits a second a rate takes, from measured costs.

Rule: it multiplies, and nothing more. What it leaves out (other machines' kernels, distance, uneven clients)
makes a fleet larger, never smaller.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

from benchmarks.claims import Line

RATES: Final = (10_000, 100_000, 1_000_000)  # requests a second
FULL: Final = 0.7  # of a processor: what is left answers bursts
HEAD_BYTES: Final = 300  # of a request and of an answer's headers, each
BITS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one request costs, in microseconds of processor time, and how large its answer is."""

    repeated_us: float  # a replica, from its reply cache
    unrepeated_us: float  # a replica, from scratch
    limited_us: float  # a replica that counts each request in a Redis, and answers from scratch
    nginx_us: float
    redis_us: float  # which has one processor alone
    answer_bytes: int


def processors(rate: int, cost_us: float) -> int:
    """Give the processors that a rate takes where each is used no more than it should be."""
    return ceil(round(rate * cost_us / 1e6 / FULL, 6))  # 30.000000000000004 are 30


def gigabits(rate: int, answer_bytes: int) -> float:
    """Give what goes over a network both ways, in Gbit a second."""
    return rate * (answer_bytes + 2 * HEAD_BYTES) * BITS / 1e9


def lines_of(costs: Costs) -> list[Line]:
    """Put the costs into the model, rate by rate, and say where one Redis ends."""
    most = Line(
        claim="on paper: requests a second that one Redis counts",
        value=int(FULL * 1e6 / costs.redis_us),
        unit="req/s",
    )
    return [*(line for rate in RATES for line in _of(rate, costs)), most]


def _of(rate: int, costs: Costs) -> list[Line]:
    what = f"on paper, {rate:,} req/s"
    needed = {
        "replicas, one query repeated": costs.repeated_us,
        "replicas, no query repeated": costs.unrepeated_us,
        "replicas, each request counted in Redis": costs.limited_us,
        "nginx before them": costs.nginx_us,
    }
    return [
        *(
            Line(claim=f"{what}: {part}", value=processors(rate, cost_us), unit="processors")
            for part, cost_us in needed.items()
        ),
        Line(claim=f"{what}: network", value=gigabits(rate, costs.answer_bytes), unit="Gbit/s"),
    ]
