"""The probes by name, in the order in which they run and stand on the page."""

from typing import TYPE_CHECKING, Final

from tests.abuse import (
    connections,
    crowd,
    heavy,
    load,
    mutated,
    outputs,
    replicas,
    stops,
    targets,
    world_files,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.abuse.rows import Effort, Row

PROBES: "Final[dict[str, Callable[[Effort], list[Row]]]]" = {
    "mutated": mutated.mutated_requests,
    "stops": stops.stops_under_load,
    "held-up": stops.stops_held_up,
    "connections": connections.waiting_connections,
    "crowd": crowd.crowds,
    "load": load.held,
    "replicas": replicas.going_and_coming,
    "outputs": outputs.served_without_output,
    "large": heavy.large_accounts,
    "unique": heavy.unique_queries,
    "worlds": world_files.hostile_files,
    "targets": targets.hostile_targets,
    "spoiled": targets.spoiled_answers,
    "memory": targets.memory_of_checks,
}
