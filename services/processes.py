"""Which services a process of production holds: one stage, and its health for whoever watches it."""

from collections.abc import Callable
from typing import Final

from services.run_settings import check, notices
from services.runtime import config_digest
from services.runtime.health import HealthServer
from services.runtime.metrics import Metrics
from services.runtime.service import Service
from services.runtime.settings import KafkaSettings, load


def ingest(metrics: Metrics) -> Service:
    """SOURCE EVENT -> SIGNAL."""
    from services.ingest.service import IngestService  # noqa: PLC0415  a process imports the stage it runs
    from services.ingest.settings import IngestSettings  # noqa: PLC0415  same
    from services.keyring.settings import KeyringSettings  # noqa: PLC0415  same

    check(IngestSettings, KafkaSettings, KeyringSettings)
    service = IngestService(
        load(IngestSettings), load(KafkaSettings), load(KeyringSettings), observe=metrics.observe_batch
    )
    read = service.configuration
    config_digest.tell(metrics, service.name, {"sources.yaml": read.corporations, "areas": read.areas})
    return service


def router(metrics: Metrics) -> Service:
    """SIGNAL -> REFERRAL."""
    from services.router.service import RouterService  # noqa: PLC0415  a process imports the stage it runs
    from services.router.settings import RouterSettings  # noqa: PLC0415  same

    check(RouterSettings, KafkaSettings)
    return RouterService(load(RouterSettings), load(KafkaSettings), metrics=metrics)


def notify(metrics: Metrics) -> Service:
    """REFERRAL -> DELIVERY."""
    from services.keyring.settings import KeyringSettings  # noqa: PLC0415  a process imports the stage it runs
    from services.notify.service import NotifyService  # noqa: PLC0415  same
    from services.notify.settings import NotifySettings  # noqa: PLC0415  same

    check(NotifySettings, KafkaSettings, KeyringSettings)
    service = NotifyService(load(NotifySettings), load(KafkaSettings), load(KeyringSettings), metrics=metrics)
    partners, corporations = service.directory.partners, service.directory.corporations
    files = {"partners.yaml": partners.values(), "sources.yaml": corporations.values()}
    config_digest.tell(metrics, service.name, files)
    return service


def audit(metrics: Metrics) -> Service:
    """FACTS -> PROOF."""
    from services.audit.service import AuditService  # noqa: PLC0415  a process imports the stage it runs
    from services.audit.settings import AuditSettings  # noqa: PLC0415  same

    check(AuditSettings, KafkaSettings)
    return AuditService(load(AuditSettings), load(KafkaSettings), observe=metrics.observe_batch)


def console(metrics: Metrics) -> Service:
    """The web pages."""
    del metrics
    from services.audit.settings import AuditSettings  # noqa: PLC0415  a process imports the stage it runs
    from services.console.service import ConsoleService  # noqa: PLC0415  same
    from services.console.settings import ConsoleSettings  # noqa: PLC0415  same

    check(ConsoleSettings, AuditSettings, unused={"parking_key"})  # it only reads the log
    return ConsoleService(load(ConsoleSettings), load(AuditSettings).database_url)


STAGES: Final[dict[str, Callable[[Metrics], Service]]] = {
    "ingest": ingest,
    "router": router,
    "notify": notify,
    "audit": audit,
    "console": console,
}


def production(stage: str, *, host: str, port: int) -> list[Service]:
    """The stage and its health server, in the order they start.

    Raises:
        Refused: when a setting is missing or wrong; every one at once.
    """
    metrics = Metrics()
    service = STAGES[stage](metrics)
    told = () if stage == "console" else notices(KafkaSettings)  # the console writes no event
    return [service, HealthServer(host, port, [service], metrics, notices=told)]
