"""TRYING: what becomes of the events of a sample at one source; nothing is sealed and nothing is sent."""

from datetime import datetime
from difflib import get_close_matches
from typing import NamedTuple

from schemas.words import Language, Words
from services.ingest import check_words as words
from services.ingest.areas import Atlas
from services.ingest.configuration import Configuration
from services.ingest.doubts import doubts
from services.ingest.normalise import Intake, Outcome, normalise
from services.ingest.sample import samples
from services.runtime.errors import Refused
from services.runtime.parking import KEY_BYTES, ParkingKey


class Tried(NamedTuple):
    """What becomes of each event of a sample, and what to look at again in its source."""

    outcomes: list[Outcome]
    doubts: list[Words]


def tried(configuration: Configuration, source: str, raw: bytes, at: datetime, language: Language) -> Tried:
    """Every event of a sample file (see `samples`), in order; the areas are those of that day there.

    Raises:
        Refused: no source has that name.
    """
    intake = _intake(configuration, source, language)
    areas = Atlas(configuration.areas).at(at, intake.corporation.country)
    records = samples(raw, intake.source.topic, int(at.timestamp() * 1000))
    return Tried([normalise(record, intake, areas) for record in records], list(doubts(intake, records)))


def _intake(configuration: Configuration, name: str, language: Language) -> Intake:
    """The source, with keys that open nothing: what is told holds no pseudonym and is not sealed."""
    for corporation, source in configuration.sources():
        if source.name == name:
            return Intake(source, corporation, bytes(KEY_BYTES), ParkingKey("none", bytes(KEY_BYTES)))
    names = [source.name for _, source in configuration.sources()]
    meant = get_close_matches(name, names, n=1)
    fix, named = (words.DID_YOU_MEAN, meant[0]) if meant else (words.USE_ONE_OF, ", ".join(names))
    raise Refused(words.NO_SOURCE.in_(language).format(fix.in_(language).format(named)))
