"""OpenTelemetry traces, as the usual `OTEL_*` variables ask for them; without any of those nothing of this is loaded
or done.

Spans hold the names of statements and the templates of routes, never the values of either.
"""

import os
from collections.abc import Mapping
from threading import Thread
from time import time_ns
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from doable.errors import Misconfigured

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

EXPORTER: Final = "OTEL_TRACES_EXPORTER"
ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PROTOCOL: Final = "http/protobuf"
CLOSE_SECONDS: Final = 3.0  # for the last spans, so that a collector that is away does not delay the exit


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether the variables ask for traces. Raises Misconfigured for an exporter or a protocol that we don't have."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    exporter = environment.get(EXPORTER, "").strip().lower()
    if (not exporter and not any(environment.get(name) for name in ENDPOINTS)) or exporter == "none":
        return False
    if exporter not in {"", "otlp"}:
        raise Misconfigured(f"{EXPORTER}: {exporter} is none of those that Doable has: otlp, none")
    for name in PROTOCOLS:
        if environment.get(name, PROTOCOL) not in {"", PROTOCOL}:
            raise Misconfigured(f"{name}: {environment[name]} is not supported; use {PROTOCOL}")
    return True


def from_environment() -> "Tracing | None":
    """Raises Misconfigured, also when the packages are missing."""
    if not is_wanted(os.environ):
        return None
    try:
        return Tracing(_provider())
    except ModuleNotFoundError as error:
        raise Misconfigured(
            f"OTEL_*: traces need packages that are not installed ({error.name}); install doable[otel],"
            " or unset the variables"
        ) from None


class Tracing:
    """Spans of this process."""

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        self.tracer = provider.get_tracer("doable")

    def statement(self, name: str, seconds: float, error: BaseException | None) -> None:
        """A statement of the request that is running has ended."""
        if not trace.get_current_span().is_recording():
            return
        end = time_ns()
        span = self.tracer.start_span(
            name,
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "postgresql", "db.query.summary": name},
            start_time=end - int(seconds * 1e9),
        )
        if error is not None:
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", getattr(error, "sqlstate", None) or type(error).__qualname__)
        span.end(end)

    def close(self) -> None:
        """Send what there is, or give up on it after a while."""
        sending = Thread(target=self._provider.shutdown, name="traces", daemon=True)
        sending.start()
        sending.join(CLOSE_SECONDS)


def trace_id() -> str | None:
    """Of the request that is running; None when it is not traced."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def _provider() -> "TracerProvider":
    """The SDK reads the other variables: sampler, limits, headers, time-outs, resource. Raises ModuleNotFoundError."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource.create({SERVICE_NAME: "doable"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
