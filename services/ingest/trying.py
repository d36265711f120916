"""TRYING: what becomes of the events of a sample at one source; nothing is sealed and nothing is sent."""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import NamedTuple

from schemas.record import Captured
from schemas.words import Language
from services.ingest import check_words as words
from services.ingest.areas import Atlas
from services.ingest.configuration import Configuration
from services.ingest.doubts import doubts
from services.ingest.normalise import Intake, Outcome, normalise
from services.ingest.sample import samples
from services.runtime.errors import Refused
from services.runtime.parking import KEY_BYTES, ParkingKey


class Tried(NamedTuple):
    """One event of the sample, and what becomes of it."""

    record: Captured
    outcome: Outcome


def tried(configuration: Configuration, source: str, raw: bytes, at: datetime, language: Language) -> list[Tried]:
    """Every event of a sample file (see `samples`), in order; the areas are those of that day there.

    Raises:
        Refused: no source has that name.
    """
    intake = _intake(configuration, source, language)
    areas = Atlas(configuration.areas).at(at, intake.corporation.country)
    records = samples(raw, intake.source.topic, int(at.timestamp() * 1000))
    return [Tried(record, normalise(record, intake, areas)) for record in records]


def doubted(configuration: Configuration, source: str, sample: Sequence[Tried], language: Language) -> list[str]:
    """What to look at again in that source, against what was tried there."""
    intake = _intake(configuration, source, language)
    return [doubt.in_(language) for doubt in doubts(intake, [each.record for each in sample])]


def _intake(configuration: Configuration, name: str, language: Language) -> Intake:
    """The source, with keys that open nothing: what is told holds no pseudonym and is not sealed."""
    for corporation, source in configuration.sources():
        if source.name == name:
            return Intake(source, corporation, bytes(KEY_BYTES), ParkingKey("none", bytes(KEY_BYTES)))
    names = [source.name for _, source in configuration.sources()]
    meant = get_close_matches(name, names, n=1)
    fix, named = (words.DID_YOU_MEAN, meant[0]) if meant else (words.USE_ONE_OF, ", ".join(names))
    raise Refused(words.NO_SOURCE.in_(language).format(fix.in_(language).format(named)))
