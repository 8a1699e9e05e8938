"""The metrics of a run, as Prometheus reads them: their names, labels and texts.

prometheus-client is loaded with the first scrape: most twins are never asked.
"""

from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

from usagetwin import __version__
from usagetwin.serving.tally import BOUNDS_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prometheus_client import Metric

    from usagetwin.serving.run_folder import Shared
    from usagetwin.serving.tally import Counts
    from usagetwin.stage.served import ServedStage


class Metrics:
    """What a scrape gets."""

    def __init__(self, shared: "Shared", served: "ServedStage | None") -> None:
        """Take the counts, and the stage of a twin that has one to itself."""
        self._shared = shared
        self._served = served

    def written(self, accept: str) -> tuple[bytes, str]:
        """Write all metrics as a scraper accepts them, and give the content type with them."""
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import choose_encoder

        registry = CollectorRegistry()
        registry.register(self)
        encode, content_type = choose_encoder(accept)
        return encode(registry), content_type

    def collect(self) -> "Iterator[Metric]":
        """Give each metric, as prometheus-client asks its collectors for them."""
        from prometheus_client.core import InfoMetricFamily

        yield InfoMetricFamily("usagetwin_build", "The release that answers.", {"version": __version__})
        yield from _of_answers(self._shared.all())
        if self._served is not None:
            yield from _of_stage(self._served)


def _of_answers(counts: "Counts") -> "Iterator[Metric]":
    from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

    answered = CounterMetricFamily(
        "usagetwin_requests", "Requests answered, by status and broken rule.", labels=("status", "rule")
    )
    for (status, rule), number in sorted(counts.answers.items()):
        answered.add_metric((str(status), rule), number)
    yield answered
    bounds = (*(f"{bound_s:g}" for bound_s in BOUNDS_S), "+Inf")
    yield HistogramMetricFamily(
        "usagetwin_request_duration_seconds",
        "Time from the end of a request's head to the end of its answer.",
        tuple(zip(bounds, accumulate(counts.within), strict=True)),
        counts.seconds,
    )
    yield CounterMetricFamily(
        "usagetwin_reply_cache_hits", "Requests answered from the reply cache.", counts.cached
    )


def _of_stage(served: "ServedStage") -> "Iterator[Metric]":
    """Tell what is so with the plays that are on, the default one among them."""
    from prometheus_client.core import GaugeMetricFamily

    made = [each.play for each in served.plays.all()]
    yield GaugeMetricFamily("usagetwin_plays", "Plays that were made and have not ended.", len(made))
    shown: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for play in (served.default, *made):
        shown.update({fault.name: 0 for fault in play.faults.added})
        for fault in play.faults.added:
            shown[fault.name] += fault.shown
        found.update(play.broken)
    yield _by("usagetwin_faults_shown", "How often plays that are on have shown a fault.", "fault", shown)
    yield _by("usagetwin_findings", "What requests of plays that are on broke, by rule.", "rule", found)


def _by(name: str, text: str, label: str, numbers: "Mapping[str, int]") -> "Metric":
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, text, labels=(label,))
    for key, number in sorted(numbers.items()):
        family.add_metric((key,), number)
    return family
