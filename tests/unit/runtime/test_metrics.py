"""Numbers: a closed catalogue, bounded labels, and a registry of our own."""

from dataclasses import dataclass

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from services.runtime import metric_catalogue as catalogue
from services.runtime import metrics as module
from services.runtime.log_chain import DROPPED
from services.runtime.metrics import Metrics


@dataclass(frozen=True)
class Batch:
    """What a hop tells of a batch."""

    name: str = "ingest"
    records: int = 500
    parked: int = 5
    failed: int = 2
    seconds: float = 0.2
    outcome: str = "committed"


def read(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    """What Prometheus would read."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


def test_a_batch_is_counted_with_its_records() -> None:
    """Throughput, parking and time of every hop."""
    metrics = Metrics()
    metrics.observe_batch(Batch())
    found = read(metrics)
    assert found["seinpaal_records_total", ("ingest",)] == 500
    assert found["seinpaal_records_parked_total", ("unreadable", "ingest")] == 3
    assert found["seinpaal_records_parked_total", ("failed", "ingest")] == 2
    assert found["seinpaal_batches_total", ("ingest", "committed")] == 1
    assert found["seinpaal_batch_seconds_sum", ("ingest",)] == 0.2


def test_a_batch_that_comes_again_is_no_record_carried() -> None:
    """Else a broker that is away for an hour would look like the busiest hour of the year."""
    metrics = Metrics()
    metrics.observe_batch(Batch(outcome="later"))
    found = read(metrics)
    assert ("seinpaal_records_total", ("ingest",)) not in found
    assert found["seinpaal_batches_total", ("ingest", "later")] == 1


def test_a_hop_that_is_to_come_counts_nothing_and_is_seen() -> None:
    """An alert that nothing is carried, or that something was parked, needs a number to start from."""
    metrics = Metrics()
    metrics.expect("ingest")
    found = read(metrics)
    assert found["seinpaal_lag_records", ("ingest",)] == 0
    assert found["seinpaal_records_total", ("ingest",)] == 0
    assert found["seinpaal_records_parked_total", ("unreadable", "ingest")] == 0
    assert found["seinpaal_records_parked_total", ("failed", "ingest")] == 0


@dataclass
class Behind:
    """A hop, as far as metrics know one."""

    name: str = "ingest"
    records: int = 3

    def lag(self) -> int:
        """So many."""
        return self.records


def test_a_hop_is_asked_at_every_scrape_how_far_it_is_behind() -> None:
    """Between two scrapes nobody counts."""
    metrics, hop = Metrics(), Behind()
    metrics.expect("ingest")
    metrics.follow(hop)
    assert read(metrics)["seinpaal_lag_records", ("ingest",)] == 3
    hop.records = 7
    assert read(metrics)["seinpaal_lag_records", ("ingest",)] == 7


def test_a_gauge_is_what_was_told_last() -> None:
    """The ledger's counts go up and down."""
    metrics = Metrics()
    metrics.set(catalogue.REFERRALS, 7, "held")
    metrics.set(catalogue.REFERRALS, 5, "held")
    assert read(metrics)["seinpaal_referrals", ("held",)] == 5


def test_labels_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that should have been a constant cannot fill the memory of Prometheus; that it happened is counted."""
    monkeypatch.setattr(module, "MOST_LABELS", 3)
    metrics = Metrics()
    for number in range(10):
        metrics.add(catalogue.ATTEMPTS, 1, f"partner {number}", "accepted")
    found = read(metrics)
    assert found["seinpaal_attempts_total", ("other", "other")] == 7
    assert found["seinpaal_metric_labels_dropped_total", ()] == 7


def test_the_wrong_number_of_labels_is_a_bug() -> None:
    """It is seen in the first test that counts."""
    with pytest.raises(ValueError, match="label count"):
        Metrics().add(catalogue.ATTEMPTS, 1, "partner")


def test_what_the_log_dropped_can_be_seen() -> None:
    """An alert can stand on it."""
    assert read(Metrics())["seinpaal_log_keys_dropped_total", ()] == DROPPED.keys
    assert read(Metrics())["seinpaal_log_lines_lost_total", ()] == DROPPED.lines


def test_two_registries_do_not_meet() -> None:
    """Nothing goes to the library's global one, so that tests and `up` can have several."""
    Metrics().observe_batch(Batch())
    assert ("seinpaal_batches_total", ("ingest", "committed")) not in read(Metrics())
    assert not [name for name in REGISTRY._names_to_collectors if name.startswith("seinpaal")]  # noqa: SLF001  no public list


def test_the_catalogue_keeps_to_the_naming_of_prometheus() -> None:
    """https://prometheus.io/docs/practices/naming: counters end in _total, times are in seconds, names are ours."""
    everything = (*catalogue.CATALOGUE, *catalogue.COUNTED_ELSEWHERE)
    assert len({metric.name for metric in everything}) == len(everything)
    for metric in everything:
        assert metric.name.startswith("seinpaal_")
        assert metric.name.endswith("_total") == isinstance(metric, catalogue.CounterMetric)
        assert metric.name.endswith("_seconds") or not isinstance(metric, catalogue.HistogramMetric)
        assert metric.sentence


def test_every_metric_of_the_catalogue_is_served() -> None:
    """A metric that was defined and forgotten would be zero for ever."""
    text = Metrics().text().decode()
    for metric in (*catalogue.CATALOGUE, *catalogue.COUNTED_ELSEWHERE):
        assert f"# HELP {metric.name} {metric.sentence}" in text


def test_the_process_tells_its_memory() -> None:
    """Prometheus' own process metrics are there."""
    assert read(Metrics())["process_resident_memory_bytes", ()] > 0
