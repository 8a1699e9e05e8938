"""Resident memory: after the start, and while a million requests pass."""

from typing import TYPE_CHECKING, Final

from benchmarks import serving, wrk
from benchmarks.claims import Line
from benchmarks.throughput import MONTHS_31_FROM_S, NOW, script_arguments

if TYPE_CHECKING:
    from benchmarks.serving import Served

SAMPLES: Final = 10
SETTLED: Final = 3  # of the samples: by then the caches are as full as they get
REPEATED_PERCENT: Final = 50
MOST_GROWTH_MB: Final = 5.0


def resident_memory(requests: int, seconds: int) -> list[Line]:
    """Send that many requests, half of them repeated, and look at the memory ten times on the way."""
    with serving.serving(serving.twin(serving.QUIET, "--now", NOW), "twin-memory") as twin:
        before_mb = twin.resident_mb
        samples = _samples(twin, requests, seconds)
    settled_mb, last_mb = samples[SETTLED - 1][1], samples[-1][1]
    course = ", ".join(f"{mb:.0f} at {sent:,}" for sent, mb in samples)
    return [
        Line(claim="resident memory after the start", value=before_mb, unit="MB"),
        Line(
            claim=f"resident memory after {samples[-1][0]:,} requests", value=last_mb, unit="MB", note=course
        ),
        Line(
            claim=f"growth of it since request {samples[SETTLED - 1][0]:,}",
            value=last_mb - settled_mb,
            unit="MB",
            at_most=MOST_GROWTH_MB,
        ),
    ]


def _samples(twin: "Served", requests: int, seconds: int) -> list[tuple[int, float]]:
    """Give (requests sent, resident MB) at each tenth of the way."""
    samples: list[tuple[int, float]] = []
    sent = turn = 0
    for sample in range(1, SAMPLES + 1):
        while sent < requests * sample / SAMPLES:
            arguments = script_arguments(turn, 31, MONTHS_31_FROM_S, REPEATED_PERCENT)
            sent += wrk.unrepeated(twin, arguments, seconds).requests
            turn += 1
        samples.append((sent, twin.resident_mb))
    return samples
