"""Traces of what a twin answers, sent as OpenTelemetry's variables say.

Rule: the instrumentation sees a request without what no log may have, so no attribute can hold it.
"""

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from usagetwin.accesses.access import documented, pairs_of, shown, shown_path
from usagetwin.control.probes import PREFIX
from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import ASGIApp, Receive, Scope, Send

SERVICE: Final = "usagetwin"
ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NEEDED: Final = (
    "opentelemetry.instrumentation.asgi",
    "opentelemetry.exporter.otlp.proto.http",
    "opentelemetry.sdk",
)
CONTEXT: Final = frozenset({b"host", b"traceparent", b"tracestate"})
ORIGINAL: Final = "usagetwin.original"


def wants_traces(*, asked: bool) -> bool:
    """Tell whether traces are to be sent. Raises SettingError where they were asked for and can't be.

    A variable that is there for every program of a machine asks for them only where they can be made.
    """
    if not asked and not any(os.environ.get(name) for name in ENDPOINTS):
        return False
    if all(map(_is_there, NEEDED)):
        return True
    if asked:
        problem = "--otel needs OpenTelemetry's packages, which are not installed"
        raise SettingError(problem, 'pip install "usagetwin[otel]"')
    return False


class Traced:
    """Send a span for each request; what a twin is asked about itself has none."""

    def __init__(self, app: "ASGIApp") -> None:
        """Take what answers. The spans that are left are sent with the end of the process."""
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        name = os.environ.get("OTEL_SERVICE_NAME") or SERVICE
        provider = TracerProvider(resource=Resource.create({"service.name": name}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._app: Final = app
        self._traced: Final[ASGIApp] = OpenTelemetryMiddleware(
            self._restored, tracer_provider=provider, exclude_spans=["receive", "send"]
        )

    def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> "Awaitable[None]":
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(PREFIX):
            return self._app(scope, receive, send)
        return self._traced(_scrubbed(scope), receive, send)

    async def _restored(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        await self._app(scope[ORIGINAL], receive, send)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package that it would be in
        return False


def _scrubbed(scope: "Scope") -> "Scope":
    """Give what may be shown of a request, and with it the request."""
    pairs = documented(pairs_of(scope["query_string"]))
    query = "&".join(f"{name}={shown(quote(value, safe=''))}" for name, value in pairs)
    path = shown_path(scope["path"])
    return {
        "type": "http",
        "asgi": scope["asgi"],
        "http_version": scope["http_version"],
        "method": scope["method"],
        "scheme": scope["scheme"],
        "server": scope.get("server"),
        "client": scope.get("client"),
        "root_path": scope.get("root_path", ""),
        "path": path,
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "headers": [header for header in scope["headers"] if header[0] in CONTEXT],
        ORIGINAL: scope,
    }
