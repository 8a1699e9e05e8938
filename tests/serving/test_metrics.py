"""The metrics of served twins, read by Prometheus' own parser."""

from typing import TYPE_CHECKING, Final

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from tests import inprocess
from tests.acme import NOW, PATH
from tests.control.controlled import controlled
from tests.served import served
from tests.serving.processes import until, until_all_serve
from tests.wire import connection_to, get, request, send
from usagetwin.serving.exposition import Metrics
from usagetwin.serving.run_folder import Shared
from usagetwin.serving.tally import Tally
from usagetwin.stage.faults import make_fault

if TYPE_CHECKING:
    from prometheus_client import Metric

SCRAPE: Final = request(b"/__twin__/metrics", b"")


def values(families: "dict[str, Metric]", name: str) -> dict[tuple[str, ...], float]:
    """Give the values of a metric by its labels' values, in the order of their names."""
    return {
        tuple(label for _, label in sorted(sample.labels.items())): sample.value
        for family in families.values()
        for sample in family.samples
        if sample.name == name
    }


def scraped(url: str) -> "dict[str, Metric]":
    """Scrape a twin."""
    answer = send(url, SCRAPE)
    assert answer.status == 200
    assert str(answer.header("content-type")).startswith("text/plain")
    return {family.name: family for family in text_string_to_metric_families(answer.body.decode())}


def test_requests_are_counted_by_status_and_rule(acme_file: str) -> None:
    """With how long they took, and what came from the cache; what is asked about the twin itself is not."""
    with served("--world", acme_file, "--now", NOW) as twin:
        scraped(twin.url)
        connection = connection_to(twin.url)
        for query in ("", "", "", "from=x", "projectKey=nowhere"):
            get(connection, query)
        send(twin.url, request(PATH.encode(), b""))
        connection.close()
        families = scraped(twin.url)

    assert values(families, "usagetwin_requests_total") == {
        ("", "200"): 3,
        ("from-is-unix-seconds", "400"): 1,
        ("unknown-project-not-found", "404"): 1,
        ("credential-required", "401"): 1,
    }
    assert values(families, "usagetwin_reply_cache_hits_total") == {(): 1}
    assert values(families, "usagetwin_request_duration_seconds_count") == {(): 6}
    buckets = values(families, "usagetwin_request_duration_seconds_bucket")
    assert list(buckets.values()) == sorted(buckets.values())
    assert buckets["+Inf",] == 6
    assert 0 < values(families, "usagetwin_request_duration_seconds_sum")[()] < 60


def test_any_worker_tells_what_all_have_counted(acme_file: str) -> None:
    """Whichever answered; and those too that have been replaced."""
    with served("--world", acme_file, "--now", NOW, "--workers", "2", "--quiet") as twin:
        until_all_serve(twin, 2)
        for _ in range(20):
            send(twin.url, request(PATH.encode()))

        until(lambda: all(_requests(twin.url) == 20 for _ in range(6)))
        status = twin.stop()

    assert status == 0


def _requests(url: str) -> float:
    return sum(values(scraped(url), "usagetwin_requests_total").values())


def test_without_metrics_nothing_is_counted(acme_file: str) -> None:
    """And their path is not known."""
    with served("--world", acme_file, "--no-metrics", "--no-control") as twin:
        assert send(twin.url, SCRAPE).status == 404


def test_plays_tell_their_faults_and_findings() -> None:
    """In OpenMetrics, for a scraper that reads it."""
    twin = controlled()
    twin.served.default.faults.add(make_fault("unavailable", times=1))
    twin.served.recording = True
    for query in ("", "from=1773532800000"):
        inprocess.ask(twin.app, query)
    twin.tell("POST", "/plays", {}, status=201)

    text, kind = Metrics(Shared(Tally(), None), twin.served).written(
        "application/openmetrics-text; version=1.0.0"
    )

    assert kind.startswith("application/openmetrics-text")
    read = openmetrics.text_string_to_metric_families(text.decode())  # type: ignore[no-untyped-call]  # -- as it comes
    families = {family.name: family for family in read}
    assert values(families, "usagetwin_plays") == {(): 1}
    assert values(families, "usagetwin_faults_shown") == {("unavailable",): 1}
    assert values(families, "usagetwin_findings") == {("timestamp-fits-ten-digits",): 1}


def test_probes_from_anywhere_are_answered_once_it_serves(acme_file: str) -> None:
    """By the address of a pod, without the control token that everything else wants."""
    with served("--world", acme_file, environment={"USAGETWIN_CONTROL_TOKEN": "secret"}) as twin:
        statuses = [
            send(twin.url, request(f"/__twin__/{path}".encode(), b"")).status
            for path in ("health/ready", "health/live", "health", "metrics", "plays")
        ]

    assert statuses == [200, 200, 200, 200, 401]
