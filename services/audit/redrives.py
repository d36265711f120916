"""REDRIVES: with which command what was parked came again. Until that is committed, what follows may not be written."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, union

from schemas.audit import Fact
from services.audit.tables import ENTRY

_OF: Final = ENTRY.alias("of").c
_REDRIVEN: Final = ENTRY.alias("redriven").c
_COMMAND: Final = ENTRY.alias("command").c


def of_events(events: Sequence[UUID]) -> CompoundSelect[Any]:
    """Event, and the command's place, where the router had parked its signal, or ingest the record it was."""
    parked = (_OF.message.in_(events), _OF.fact == Fact.RECORD_PARKED.value, _REDRIVEN.event == _OF.event)
    became = (_OF.event.in_(events), _OF.fact == Fact.SIGNAL_ACCEPTED.value, _REDRIVEN.signal == _OF.signal)
    return union(_places(_OF.message, *parked), _places(_OF.event, *became))


def of_signals(signals: Sequence[UUID]) -> Select[Any]:
    """Signal, and the command's place, where notify had parked a referral."""
    parked = (_OF.signal.in_(signals), _OF.fact == Fact.RECORD_PARKED.value, _REDRIVEN.event == _OF.event)
    return _places(_OF.signal, *parked)


def _places(owner: ColumnElement[UUID], *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(owner, _COMMAND.input_topic, _COMMAND.input_partition, _COMMAND.input_offset).where(
        *conditions,
        _REDRIVEN.fact == Fact.RECORD_REDRIVEN.value,
        _COMMAND.event == _REDRIVEN.message,
        _COMMAND.fact == Fact.COMMAND_TAKEN.value,
    )
