"""The configuration that `seinpaal up` was given: checked before anything starts, and told by its own names."""

from datetime import date
from pathlib import Path

from services.ingest.configuration import read_configuration
from services.router.check import load
from services.runtime.errors import Refused


def check(config: Path, day: date) -> None:
    """Whether the services can live by what stands in that folder on that day.

    Raises:
        Refused: with every fault of every file, each told by the file that was given.
    """
    told: list[str] = []
    if not (config / "sources.yaml").is_file():
        raise Refused(f"{config} holds no sources.yaml: give the folder that does with --config")
    for read in (lambda: read_configuration(config / "sources.yaml"), lambda: load(config, day)):
        try:
            read()
        except Refused as refused:
            told.extend(str(refused).splitlines())
    if told:
        raise Refused("\n".join(dict.fromkeys(told)))
