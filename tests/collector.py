"""An OpenTelemetry collector on loopback: takes OTLP over HTTP and keeps what it was sent."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Seen:
    """A span, with its attributes and those of the service that it comes from."""

    span: Span
    service: dict[str, object]

    @property
    def attributes(self) -> dict[str, object]:
        return _plain(self.span.attributes)


class Collector:
    def __init__(self) -> None:
        self.spans: list[Seen] = []
        self.octets = b""
        self.url = ""

    def named(self, name: str) -> Seen:
        (found,) = (seen for seen in self.spans if seen.span.name == name)
        return found

    def take(self, octets: bytes) -> None:
        self.octets += octets
        for resource in ExportTraceServiceRequest.FromString(octets).resource_spans:
            for scope in resource.scope_spans:
                self.spans += [Seen(span, _plain(resource.resource.attributes)) for span in scope.spans]


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"

        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            assert self.headers["content-type"] == "application/x-protobuf"
            octets = self.rfile.read(int(self.headers["content-length"]))
            collector.take(gzip.decompress(octets) if self.headers["content-encoding"] == "gzip" else octets)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _plain(attributes: "list[KeyValue]") -> dict[str, object]:
    return {one.key: getattr(one.value, str(one.value.WhichOneof("value"))) for one in attributes}
