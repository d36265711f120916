"""ROUTERS: everything that partners may ask us and tell us."""

from fastapi import APIRouter

from services.notify.collector import Collector
from services.notify.fhir.validate import Gate
from services.notify.follow import Following
from services.notify.reception.collection import collection
from services.notify.reception.forms import Forms
from services.notify.reception.inbox import inbox
from services.notify.reception.task import task_router
from services.runtime.database import Database


def partner_routers(database: Database, collector: Collector, following: Following) -> tuple[APIRouter, ...]:
    """Each with paths of its own."""
    forms = Forms(Gate())
    return collection(database, collector, forms), inbox(database, collector, forms), task_router(following)
