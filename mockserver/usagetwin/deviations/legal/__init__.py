"""Every legal variation: a way in which a correct API may differ from the twin.

Rule: a variation breaks no rule of the tiers schema and prose; those of tier observed and chosen that it
breaks are named with it.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.deviations.legal.buckets import BUCKETS, descending, sparse
from usagetwin.deviations.legal.changes import is_open, points_changed
from usagetwin.deviations.legal.counts import COUNTS
from usagetwin.deviations.legal.errors import ERRORS
from usagetwin.deviations.legal.labels import LABELS, labelled
from usagetwin.deviations.legal.projects import PROJECTS
from usagetwin.deviations.legal.queries import QUERIES
from usagetwin.deviations.legal.shapes import SHAPES
from usagetwin.deviations.legal.transport import TRANSPORT
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.asked import Asked
    from usagetwin.deviations.legal.changes import Points

HOUR_S: Final = 3600


def _closed_only(points: "Points", asked: "Asked") -> "Points":
    return [point for point in points if not is_open(point, asked)]


MIXED: Final = (
    Deviation(
        "another-house-style",
        "seconds at the bucket's end, newest first, without zero buckets",
        ("time-is-milliseconds", "time-is-bucket-start", "series-ascends", "zero-buckets-are-present"),
        points_changed(sparse, descending, labelled(lambda _start, end: end)),
    ),
    Deviation(
        "a-day-late-and-elsewhere",
        "closed buckets alone, newest first, labelled with noon nine hours east of UTC",
        ("every-bucket-is-kept", "bucket-cut-by-to-is-present", "time-is-bucket-start", "series-ascends"),
        points_changed(_closed_only, descending, labelled(lambda start, _end: (start + 3 * HOUR_S) * 1000)),
    ),
)

VARIATIONS: Final[tuple[Deviation, ...]] = (
    *LABELS,
    *BUCKETS,
    *COUNTS,
    *SHAPES,
    *QUERIES,
    *PROJECTS,
    *TRANSPORT,
    *ERRORS,
    *MIXED,
)
