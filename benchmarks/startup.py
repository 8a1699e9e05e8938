"""How long a server takes from the start of its process to its first 200, and to refuse a first request."""

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

from benchmarks import prisms, serving
from benchmarks.claims import AbsentError, Line, MeasureError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_S: Final = 0.7
MOST_REFUSAL_RATIO: Final = 10.0  # an import for it makes it a hundred
BODY: Final = b'{"series":[]}'


def first_answer(starts: int) -> list[Line]:
    """Start each server that many times, in turn, and give the medians."""
    commands = {
        "twin": serving.twin(serving.QUIET),
        "bare Starlette": serving.bare(BODY, "starlette"),
        "bare ASGI": serving.bare(BODY),
    }
    try:
        commands["Prism static mock"] = prisms.mock()
    except AbsentError as error:
        print(f"start-up is measured without Prism: {error}")
    times = _times(commands, starts)
    return [
        Line(
            claim=f"start of the process to the first 200: {name}",
            value=median(passed for passed, _ in seconds),
            unit="s",
            at_most=MOST_S if name == "twin" else None,
            note=f"{min(seconds)[0]:.2f} to {max(seconds)[0]:.2f} s in {len(seconds)} starts, "
            f"{median(used for _, used in seconds):.2f} s of processor time",
        )
        for name, seconds in times.items()
    ]


def first_refusal(starts: int) -> list[Line]:
    """Start the twin that many times, and compare its first refusal of a request with the second."""
    ratios = []
    for _ in range(starts):
        with serving.serving(serving.twin(serving.QUIET), "first-refusal") as server:
            first_s, second_s = (_refused_in_s(server) for _ in range(2))
            ratios.append(first_s / second_s)
    return [
        Line(
            claim="the wait for the first refusal / for the second",
            value=median(ratios),
            unit="x",
            at_most=MOST_REFUSAL_RATIO,
            note=f"{min(ratios):.1f} to {max(ratios):.1f} in {len(ratios)} starts",
        )
    ]


def _refused_in_s(server: "serving.Served") -> float:
    """Give the time that the client waits for a refusal."""
    started = perf_counter()
    status, _ = serving.get(server.url, "from=soon")
    if status != 400:
        message = f"an invalid question was answered with {status}"
        raise MeasureError(message)
    return perf_counter() - started


def _times(commands: "dict[str, list[str]]", starts: int) -> "dict[str, Sequence[tuple[float, float]]]":
    """Give, for each server, the times that passed and the processor times that it used meanwhile."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(starts):
        for name, command in commands.items():
            with serving.serving(command, "start-up") as server:
                times[name].append((server.ready_after_s, server.processor_s))
    return dict(times)
