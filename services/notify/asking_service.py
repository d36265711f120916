"""Wires what asks partners how it goes."""

from services.notify.asker import Asker
from services.notify.directory import Directory
from services.notify.doors import Doors
from services.notify.follow import Following
from services.notify.inquirer import Inquirer
from services.notify.secrets import Secrets
from services.notify.settings import NotifySettings
from services.runtime.clock import Clock
from services.runtime.database import Database
from services.runtime.metrics import Metrics


def asking(
    settings: NotifySettings,
    database: Database,
    directory: Directory,
    *,
    doors: Doors,
    following: Following,
    metrics: Metrics,
    clock: Clock,
) -> Asker:
    """Not begun. It goes through the doors that referrals take."""
    secrets, reception = Secrets(settings.secrets), settings.reached_at
    inquirer = Inquirer(
        database, directory, doors, following, clock, metrics=metrics, secrets=secrets, reception=reception
    )
    return Asker(database, directory, inquirer, clock, lease=settings.lease)
