"""ROUTERS: everything that partners may ask us and tell us."""

from collections.abc import Callable

from fastapi import APIRouter

from services.notify.collector import Collector
from services.notify.fhir.validate import Gate
from services.notify.newest_entry import Newer
from services.notify.notifications import Notifications
from services.notify.reception.collection import collection
from services.notify.reception.forms import Forms
from services.notify.reception.inbox import inbox
from services.notify.reception.notification import notification_router
from services.notify.reception.task import task_router
from services.notify.report_intake import Following
from services.runtime.clock import Clock
from services.runtime.database import Database


def partner_routers(
    database: Database,
    collector: Collector,
    following: Following,
    clock: Clock,
    noticed: Callable[[], None],
    *,
    source: str,
    newer: Newer,
) -> tuple[APIRouter, ...]:
    """Each with paths of its own. `source` is who we are in an event, `newer` whom we leave to another instance.

    `noticed` is called when a partner notified us of something to read.
    """
    forms = Forms(Gate(), source)
    return (
        collection(database, collector, forms, newer),
        inbox(database, collector, forms, newer),
        task_router(following),
        notification_router(Notifications(database, clock, noticed)),
    )
