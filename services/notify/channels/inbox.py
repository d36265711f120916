"""The inbox channel, for a partner without a server: it stays sealed in the ledger until a person opens it."""

from services.notify.channel import Parcel
from services.notify.channels.gate import packed
from services.notify.fhir.collection import build_collection
from services.notify.fhir.validate import Gate
from services.notify.letter import Letter
from services.notify.outcome import Offered, Outcome


class InboxSender:
    """Nothing is sent, and nothing is copied: the ledger's own line is the inbox's."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def pack(self, letter: Letter) -> bytes:
        """What will be shown, to know now whether it can be."""
        return packed(self._gate, build_collection, letter)

    async def send(self, parcel: Parcel) -> Outcome:
        """It lies there."""
        del parcel
        return Offered()

    async def close(self) -> None:
        """Nothing is open."""
