"""Numbers for Prometheus, from a closed catalogue and in a registry of their own.

metrics = Metrics()
metrics.add(ATTEMPTS, 1, partner, "accepted")
Hop(..., observe=metrics.observe_batch)
"""

from collections.abc import Iterator
from typing import Any, Final, Generic, Protocol, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from services.runtime import metric_catalogue as catalogue
from services.runtime.log_chain import DROPPED
from services.runtime.metric_catalogue import CounterMetric, GaugeMetric, HistogramMetric

C = TypeVar("C", Counter, Gauge, Histogram)

MOST_LABELS: Final = 2_000
"""Combinations of labels one metric may have; what comes after is counted under `other`."""

OTHER: Final = "other"
UNREADABLE: Final = "unreadable"
FAILED: Final = "failed"


class BatchSeen(Protocol):
    """One batch of a hop, after its end."""

    @property
    def name(self) -> str:
        """The hop."""

    @property
    def records(self) -> int:
        """Records in it."""

    @property
    def parked(self) -> int:
        """How many of them were parked."""

    @property
    def failed(self) -> int:
        """How many of those only a fault of ours explains."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def outcome(self) -> str:
        """How it ended: of few and fixed values."""


class Following(Protocol):
    """A hop that can say how far it is behind."""

    name: str

    def lag(self) -> int:
        """Records not done yet. Never raises, never waits."""


class _Family(Generic[C]):
    """One metric with its label combinations, each found by a lookup in a dict."""

    def __init__(self, parent: C) -> None:
        self._parent: C = parent
        self._children: dict[tuple[str, ...], C] = {}
        self.dropped = 0

    def of(self, labels: tuple[str, ...]) -> C:
        """The one with these labels; beyond so many all others are one."""
        found = self._children.get(labels)
        if found is not None:
            return found
        if len(self._children) >= MOST_LABELS:
            self.dropped += 1
            labels = (OTHER,) * len(labels)
        return self._children.setdefault(labels, self._parent.labels(*labels) if labels else self._parent)


class Metrics:
    """All metrics of one process. Nothing here blocks or waits."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry(auto_describe=True)
        self._counters: dict[str, _Family[Counter]] = {}
        self._families: list[_Family[Any]] = []
        self._gauges: dict[str, _Family[Gauge]] = {}
        self._histograms: dict[str, _Family[Histogram]] = {}
        for metric in catalogue.CATALOGUE:
            self._make(metric)
        ProcessCollector(registry=self.registry)
        self.registry.register(_Elsewhere(self))

    def _make(self, metric: catalogue.Metric) -> None:
        name, sentence, labels = metric.name, metric.sentence, metric.labels
        family: _Family[Any]
        match metric:
            case CounterMetric():
                family = self._counters[name] = _Family(Counter(name, sentence, labels, registry=self.registry))
            case GaugeMetric():
                family = self._gauges[name] = _Family(Gauge(name, sentence, labels, registry=self.registry))
            case HistogramMetric(buckets=buckets):
                histogram = Histogram(name, sentence, labels, buckets=buckets, registry=self.registry)
                family = self._histograms[name] = _Family(histogram)
        self._families.append(family)

    def add(self, metric: CounterMetric, amount: float, *labels: str) -> None:
        """Count. `labels` are values in the order of the metric's labels; another number of them raises ValueError."""
        self._counters[metric.name].of(labels).inc(amount)

    def set(self, metric: GaugeMetric, value: float, *labels: str) -> None:
        """Tell what it is now."""
        self._gauges[metric.name].of(labels).set(value)

    def observe(self, metric: HistogramMetric, seconds: float, *labels: str) -> None:
        """Tell how long it took."""
        self._histograms[metric.name].of(labels).observe(seconds)

    def observe_batch(self, seen: BatchSeen) -> None:
        """Everything one batch tells. A batch that comes again later is no record carried."""
        self.add(catalogue.BATCHES, 1, seen.name, seen.outcome)
        self.observe(catalogue.BATCH_SECONDS, seen.seconds, seen.name)
        if seen.outcome == "committed":
            self.add(catalogue.RECORDS, seen.records, seen.name)
            self.add(catalogue.RECORDS_PARKED, seen.parked - seen.failed, seen.name, UNREADABLE)
            self.add(catalogue.RECORDS_PARKED, seen.failed, seen.name, FAILED)

    def expect(self, *hops: str) -> None:
        """These hops are to come: until they have, all they count is 0, so that an alert sees it grow from there."""
        for hop in hops:
            self.set(catalogue.LAG, 0, hop)
            self.add(catalogue.RECORDS, 0, hop)
            self.add(catalogue.RECORDS_PARKED, 0, hop, UNREADABLE)
            self.add(catalogue.RECORDS_PARKED, 0, hop, FAILED)

    def follow(self, hop: Following) -> None:
        """This hop has come: from now on it is asked at every scrape how far it is behind."""
        self._gauges[catalogue.LAG.name].of((hop.name,)).set_function(hop.lag)

    def text(self) -> bytes:
        """Prometheus' text format."""
        return generate_latest(self.registry)

    @property
    def labels_dropped(self) -> int:
        """How often something was counted under `other`."""
        return sum(family.dropped for family in self._families)


class _Elsewhere(Collector):
    """What is counted elsewhere in the process."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[CounterMetricFamily]:
        """As prometheus-client asks at each scrape."""
        values = (DROPPED.keys, DROPPED.lines, self._metrics.labels_dropped)
        for metric, value in zip(catalogue.COUNTED_ELSEWHERE, values, strict=True):
            yield CounterMetricFamily(metric.name, metric.sentence, value=value)
