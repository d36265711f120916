"""Wires what asks partners how it goes."""

from services.notify.asker import Asker
from services.notify.doors import Doors
from services.notify.follow import Following
from services.notify.footing import Footing
from services.notify.inquirer import Inquirer
from services.notify.newer import Newer
from services.notify.secrets import Secrets
from services.notify.settings import NotifySettings
from services.runtime.metrics import Metrics


def asking(
    settings: NotifySettings, footing: Footing, doors: Doors, following: Following, *, metrics: Metrics, newer: Newer
) -> Asker:
    """Not begun. It goes through the doors that referrals take, and nobody is asked who is left to another instance."""
    database, directory, clock = footing.database, footing.directory, footing.clock
    secrets, reception = Secrets(settings.secrets), settings.reached_at
    inquirer = Inquirer(
        database, directory, doors, following, clock, metrics=metrics, secrets=secrets, reception=reception
    )
    return Asker(database, directory, inquirer, clock, lease=settings.lease, newer=newer)
