"""Alerts and the dashboard speak of metrics, labels and commands that there are."""

import re
from collections.abc import Iterator
from typing import Any, Final, get_args

import orjson
import pytest

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from services.cli import COMMANDS
from services.processes import STAGES
from services.runtime.kafka.batch_seen import Outcome
from services.runtime.kafka.timing import USUAL as TIMING
from services.runtime.metric_catalogue import CATALOGUE, COUNTED_ELSEWHERE, HistogramMetric
from services.runtime.metrics import FAILED, UNREADABLE
from services.runtime.run import USUAL as PACE
from tests.unit.deploy.deployed import DEPLOY, alerts

LABELS: Final = {metric.name: {*metric.labels} for metric in (*CATALOGUE, *COUNTED_ELSEWHERE)} | {
    f"{metric.name}{part}": {*metric.labels, "le"}
    for metric in CATALOGUE
    if isinstance(metric, HistogramMetric)
    for part in ("_bucket", "_count", "_sum")
}
OF_PROMETHEUS: Final = {"instance"}
VALUES: Final = {
    "state": {state.value for state in DeliveryState},
    "fact": {fact.value for fact in Fact},
    "service": set(STAGES),
    "cause": {UNREADABLE, FAILED},
}
PLACEHOLDERS: Final = {"$partner"}
CRASH_LOOP: Final = 300
"""Seconds at most that a cluster waits before it starts a container anew (Kubernetes, Pod Lifecycle)."""

every_alert = pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])


def dashboard() -> dict[str, Any]:
    """The dashboard."""
    read: dict[str, Any] = orjson.loads((DEPLOY / "grafana" / "seinpaal.json").read_bytes())
    return read


def queries() -> Iterator[str]:
    """Every query of alerts and dashboard."""
    yield from (alert["expr"] for alert in alerts())
    for panel in dashboard()["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


every_query = pytest.mark.parametrize("query", sorted(set(queries())))


@every_query
def test_every_metric_is_in_the_catalogue(query: str) -> None:
    """A query for a metric that nobody keeps stays silent for ever."""
    named = set(re.findall(r"\bseinpaal_\w+", query))
    assert named
    assert named <= set(LABELS)


@every_query
def test_every_label_is_one_of_those_metrics(query: str) -> None:
    """The labels that are summed by and chosen by are the metric's own."""
    known = OF_PROMETHEUS.union(*(LABELS[name] for name in re.findall(r"\bseinpaal_\w+", query)))
    summed = {label for group in re.findall(r"\b(?:by|on) \(([^)]*)\)", query) for label in group.split(", ")}
    assert summed <= known
    for name, matchers in re.findall(r"\b(seinpaal_\w+)\{([^}]*)\}", query):
        assert set(re.findall(r"(\w+)=", matchers)) <= LABELS[name]


@every_query
def test_every_label_value_is_one_that_occurs(query: str) -> None:
    """States, facts, services and causes are those of the code."""
    for label, values in re.findall(r'(\w+)=~?"([^"]*)"', query):
        if label in VALUES:
            assert set(values.split("|")) <= VALUES[label]
    for value in re.findall(r'seinpaal_batches_total\{outcome="(\w+)"', query):
        assert value in get_args(Outcome)


@every_alert
def test_every_alert_says_what_it_means_and_what_to_do(alert: dict[str, Any]) -> None:
    """Whoever is woken reads one sentence of each, and how bad it is."""
    assert re.fullmatch(r"Seinpaal[A-Za-z]+", alert["alert"])
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert set(alert["annotations"]) == {"summary", "action"}
    assert all(text.strip().endswith(".") for text in alert["annotations"].values())


@every_alert
def test_an_alert_tells_only_labels_that_its_query_leaves(alert: dict[str, Any]) -> None:
    """A label that was summed away would print as nothing."""
    left = {label for group in re.findall(r"\bby \(([^)]*)\)", alert["expr"]) for label in group.split(", ")}
    left |= set(re.findall(r"(\w+)=", "".join(re.findall(r"absent\([^)]*\)", alert["expr"]))))
    assert set(re.findall(r"\$labels\.(\w+)", str(alert["annotations"]))) <= left


def test_the_end_of_a_standing_is_judged_by_notify_and_not_by_an_alert() -> None:
    """An admission holds no longer than the month in which a report warns: only notify knows which of them it is."""
    [alert] = [each for each in alerts() if each["alert"] == "SeinpaalPartnerCheckEnds"]
    assert "max by (partner) (seinpaal_partner_live_ending) == 1" in alert["expr"]
    assert "<" not in alert["expr"]


def test_who_is_started_again_and_again_is_told() -> None:
    """Who stands still ends itself and begins anew: it looks alive most of the time, and somebody is woken."""
    [alert] = [each for each in alerts() if each["alert"] == "SeinpaalServiceNotAlive"]
    rule = r"avg_over_time\(seinpaal_service_alive\[(\d+)m\]\)\) < ([\d.]+)"
    [(minutes, share)] = re.findall(rule, alert["expr"])
    alive, dead = TIMING.batch, PACE.patience  # the longest that it looks alive, the shortest that it does not
    assert alive / (alive + dead) < float(share)
    assert 2 * (alive + dead + CRASH_LOOP) <= int(minutes) * 60
    once = int(minutes) * 60 - dead
    assert once / (once + dead) > float(share)


def test_alerts_and_panels_have_names_of_their_own() -> None:
    """Two of one name cannot be told apart."""
    for names in ([alert["alert"] for alert in alerts()], [panel["id"] for panel in dashboard()["panels"]]):
        assert len(names) == len(set(names))


@pytest.mark.parametrize("path", ["alerts/seinpaal.yaml", "grafana/seinpaal.json"])
def test_every_command_that_is_named_is_there(path: str) -> None:
    """An operator who is told to type something can."""
    named = set(re.findall(r"(?<!-n )\bseinpaal ([a-z]+)\b", (DEPLOY / path).read_text()))
    assert named <= set(COMMANDS)


def test_every_alert_that_is_named_elsewhere_is_there() -> None:
    """The pages for the operator speak of alerts by name."""
    told = "".join((DEPLOY / path).read_text() for path in ("README.md", "kafka/README.md"))
    assert set(re.findall(r"`(Seinpaal[A-Z]\w+)`", told)) <= {alert["alert"] for alert in alerts()}
