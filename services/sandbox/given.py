"""The configuration that `seinpaal up` was given: checked before anything starts, and told by its own names."""

from datetime import date
from pathlib import Path

from schemas.words import Words, filled
from services.ingest.configuration import read_configuration
from services.router.check import load
from services.runtime.errors import Refused
from services.runtime.yaml_file import together
from services.sandbox import refusal_words as refused


def check(config: Path, day: date) -> None:
    """Whether the services can live by what stands in that folder on that day.

    Raises:
        Refused: with every fault of every file, each told by the file that was given.
    """
    told: list[Words] = []
    if not (config / "sources.yaml").is_file():
        raise Refused(filled(refused.NO_SOURCES, config))
    for read in (lambda: read_configuration(config / "sources.yaml"), lambda: load(config, day)):
        try:
            read()
        except Refused as error:
            said = zip(error.said("en").splitlines(), error.said("nl").splitlines(), strict=True)
            told.extend(Words(*line) for line in said)
    if told:
        raise Refused(together(dict.fromkeys(told)))
