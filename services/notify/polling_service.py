"""POLLING SERVICE: wires what asks partners how it goes."""

from services.notify.doors import Doors
from services.notify.footing import Footing
from services.notify.newest_entry import Newer
from services.notify.poll import Poll
from services.notify.poller import Poller
from services.notify.report_intake import Following
from services.notify.secrets import Secrets
from services.notify.settings import NotifySettings
from services.runtime.metrics import Metrics


def asking(
    settings: NotifySettings, footing: Footing, doors: Doors, following: Following, *, metrics: Metrics, newer: Newer
) -> Poller:
    """Not begun. It goes through the doors that referrals take, and nobody is asked who is left to another instance."""
    database, directory, clock = footing.database, footing.directory, footing.clock
    secrets, reception = Secrets(settings.secrets), settings.reached_at
    poll = Poll(database, directory, doors, following, clock, metrics=metrics, secrets=secrets, reception=reception)
    return Poller(database, directory, poll, clock, lease=settings.lease, newer=newer)
