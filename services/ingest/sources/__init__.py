"""One adapter a file: a tenant system's own shape -> our draft of a signal."""

from collections.abc import Callable, Mapping
from typing import Final

from schemas.corporation import Adapter, Source
from services.ingest.draft import Reading
from services.ingest.event import Event
from services.ingest.sources import (
    concern,
    debezium,
    hact_repair,
    landlord_event,
    vera_onderhoudsverzoek,
    vera_signalering,
    vera_zaak,
)

Read = Callable[[Event, Source], Reading]
"""Pure: an opened event and its source's configuration in, a draft or the reason for none out.

Raises `Unreadable` with reason, field and fix, never with a value, when the event can be neither.
"""

ADAPTERS: Final[Mapping[Adapter, Read]] = {
    "vera-signalering": vera_signalering.read,
    "vera-zaak": vera_zaak.read,
    "vera-onderhoudsverzoek": vera_onderhoudsverzoek.read,
    "concern": concern.read,
    "debezium": debezium.read,
    "landlord-event": landlord_event.read,
    "hact-repair": hact_repair.read,
}

CODE_FIELDS: Final[Mapping[Adapter, str]] = {
    "vera-signalering": "soort",
    "vera-zaak": "zaaktype",
    "vera-onderhoudsverzoek": "defecten",
    "concern": "kind",
    "debezium": "columns.code",
    "landlord-event": "eventType",
    "hact-repair": "WorkElement",
}
"""Where in each shape the code stands that says what was noticed."""
