"""OpenTelemetry traces, configured by the usual `OTEL_*` variables. Without these variables, the SDK is not loaded.

Spans contain the names of statements and the templates of routes, never their values.
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
CLOSE_SECONDS: Final = 3.0  # seconds for the last spans, so that a collector that is down does not delay the exit


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether the variables turn traces on. Raises Misconfigured for an exporter or a protocol without support."""
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
    """Set up traces; None if they are off. Raises Misconfigured, also if the packages are missing."""
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
    """The traces of this process."""

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        self.tracer = provider.get_tracer("doable")

    def statement(self, name: str, seconds: float, error: BaseException | None) -> None:
        """Record a statement of the current request after it ended. It took `seconds`, and may have an `error`."""
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
        """Send the last spans, and give up after `CLOSE_SECONDS`."""
        sending = Thread(target=self._provider.shutdown, name="traces", daemon=True)
        sending.start()
        sending.join(CLOSE_SECONDS)


def trace_id() -> str | None:
    """Return the trace id of the current request; None if it is not traced."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def _provider() -> "TracerProvider":
    """Create the provider. The SDK reads the other variables: sampler, limits, headers, time-outs, resource.

    Raises ModuleNotFoundError.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource.create({SERVICE_NAME: "doable"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
