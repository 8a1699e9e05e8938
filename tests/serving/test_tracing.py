"""Traces: a span for each request, without anything that no log may have."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.acme import FULL, NOW, PATH
from tests.served import served
from tests.wire import CREDENTIAL, request, send
from usagetwin.errors import SettingError
from usagetwin.serving import tracing
from usagetwin.serving.tracing import wants_traces

if TYPE_CHECKING:
    from collections.abc import Iterator

WANTS: Final = "the extra otel is not installed"
TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"


@contextmanager
def collecting() -> "Iterator[tuple[str, list[bytes]]]":
    """Serve a collector; give its URL, and the bodies that it gets."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        """Take what is sent."""

        def do_POST(self) -> None:
            """Keep the body."""
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", bodies
        server.shutdown()
        thread.join()


def spans_of(bodies: list[bytes]) -> list[Any]:
    """Read what was sent."""
    service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2", reason=WANTS)
    read = [service.ExportTraceServiceRequest.FromString(body) for body in bodies]
    return [
        span
        for sent in read
        for group in sent.resource_spans
        for scope in group.scope_spans
        for span in scope.spans
    ]


def test_each_request_is_a_span_without_a_token() -> None:
    """A child of the client's own; sent with the end of the twin, at the latest."""
    spans_of([])
    with collecting() as (url, bodies):
        environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_COMPRESSION": "none"}
        with served("--now", NOW, environment=environment) as twin:
            parent = f"traceparent: 00-{TRACE}-00f067aa0ba902b7-01\r\nX-Api-Key: hunter2\r\n".encode()
            target = f"{PATH}?projectKey={FULL}&from=5&secret=hunter2".encode()
            assert send(twin.url, request(target, CREDENTIAL + parent)).status == 404
            send(twin.url, request(b"/__twin__/health", b""))
            assert twin.stop() == 0
        spans = spans_of(bodies)

    assert [span.trace_id.hex() for span in spans] == [TRACE]
    said = {attribute.key: attribute.value for attribute in spans[0].attributes}
    assert said["http.status_code"].int_value == 404
    assert said["http.url"].string_value.endswith(f"{PATH}?projectKey=api-***&from=5")
    assert not any(secret in body for body in bodies for secret in (FULL.encode(), b"hunter2"))


def test_without_an_endpoint_or_the_option_nothing_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is installed."""
    for name in tracing.ENDPOINTS:
        monkeypatch.delenv(name, raising=False)

    assert not wants_traces(asked=False)


def test_without_the_extra_the_option_is_refused_and_the_variables_mean_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They may be there for every program of a machine."""
    monkeypatch.setenv(tracing.ENDPOINTS[0], "http://127.0.0.1:9")
    monkeypatch.setattr(tracing, "NEEDED", ("usagetwin_none.such",))

    assert not wants_traces(asked=False)
    with pytest.raises(SettingError, match="not installed") as refused:
        wants_traces(asked=True)
    assert refused.value.remedy == 'pip install "usagetwin[otel]"'
