"""How long a server takes from the start of its process to its first 200."""

from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks import prisms, serving
from benchmarks.claims import AbsentError, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_S: Final = 0.7
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


def _times(commands: "dict[str, list[str]]", starts: int) -> "dict[str, Sequence[tuple[float, float]]]":
    """Give, for each server, the times that passed and the processor times that it used meanwhile."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(starts):
        for name, command in commands.items():
            with serving.serving(command, "start-up") as server:
                times[name].append((server.ready_after_s, server.processor_s))
    return dict(times)
