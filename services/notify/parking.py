"""PARKING: puts aside, sealed and with its reason, what notify could not read or carry, whichever topic it was on."""

from dataclasses import dataclass

from schemas.codes import Stage
from schemas.record import Output, Record
from services.runtime.clock import Clock
from services.runtime.parking import ParkingKey, parked


@dataclass(frozen=True, slots=True)
class Parking:
    """Under `key`, whose private half notify does not have. Whose record it is, is not known before it is read."""

    key: ParkingKey
    clock: Clock

    def park(self, record: Record, error: Exception) -> list[Output]:
        """The record on `parked.v1` and its fact."""
        return parked(record, error, stage=Stage.NOTIFY, corporation=None, at=self.clock(), key=self.key)
