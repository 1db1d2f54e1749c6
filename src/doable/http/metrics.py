"""Metrics in the formats of Prometheus and OpenMetrics, on the service's own port. They need the operator's token."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import accumulate
from secrets import compare_digest
from typing import Final

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from doable.errors import TokenInvalid, Unauthenticated
from doable.metrics import BUCKET_SECONDS, FAMILIES, Figures, Metrics, MetricType

_BUCKETS: Final = [*map(str, BUCKET_SECONDS), "+Inf"]


class Collector:
    """The library calls this for the current figures on each request for metrics."""

    def __init__(self, gather: Callable[[], Figures]) -> None:
        self._gather = gather

    def collect(self) -> Iterator[Metric]:
        figures = self._gather()
        for name, family in FAMILIES.items():
            series = figures.get(name, {})
            help, labels = family.help, family.labels
            match family.kind:
                case MetricType.COUNTER:
                    counter = CounterMetricFamily(name, help, labels=labels)
                    for values, (count,) in series.items():
                        counter.add_metric(values, count)
                    yield counter
                case MetricType.GAUGE:
                    gauge = GaugeMetricFamily(name, help, labels=labels)
                    for values, (level,) in series.items():
                        gauge.add_metric(values, level)
                    yield gauge
                case MetricType.SUMMARY:
                    summary = SummaryMetricFamily(name, help, labels=labels)
                    for values, (count, total) in series.items():
                        summary.add_metric(values, int(count), total)
                    yield summary
                case _:
                    histogram = HistogramMetricFamily(name, help, labels=labels)
                    for values, (*counts, total) in series.items():
                        histogram.add_metric(values, list(zip(_BUCKETS, accumulate(counts), strict=True)), total)
                    yield histogram


def metrics_route(metrics: Metrics, token: str) -> Route:
    """The route for metrics. It is not in the OpenAPI document, and it shows no data of users."""

    async def response(request: Request) -> Response:
        """Raises Unauthenticated, TokenInvalid."""
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        if not compare_digest(credential.encode(), token.encode()):
            raise TokenInvalid
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        figures = metrics.gather()
        # This takes a few milliseconds. In a thread, it does not delay other requests.
        text = await asyncio.to_thread(encode, Collector(lambda: figures))
        return Response(text, headers={"content-type": media_type})

    return Route("/metrics", response)
