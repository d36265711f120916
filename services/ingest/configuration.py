"""The files ingest lives by: `sources.yaml` and the `areas/` beside it, read whole and checked as a whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from schemas.area import AreaEntry, Areas
from schemas.corporation import Corporation, Source, Sources
from schemas.words import Words, filled
from services.ingest import fault_words as words
from services.ingest.check import Fault, faults
from services.runtime.errors import Refused
from services.runtime.yaml_file import YamlFile, read_yaml, together

M = TypeVar("M", bound=BaseModel)

_FAULT: Final = Words("{}: {}: {}", "{}: {}: {}")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the files say, with nothing wrong in them."""

    corporations: tuple[Corporation, ...]
    areas: tuple[AreaEntry, ...]

    def sources(self) -> Iterator[tuple[Corporation, Source]]:
        """Every source with whose it is."""
        return ((corporation, source) for corporation in self.corporations for source in corporation.sources)


def read_configuration(path: Path) -> Configuration:
    """The sources of that file, and the areas of the folder `areas` beside it.

    Raises:
        Refused: with every fault of every file, each as `path:line: field: sentence. fix`.
    """
    told: list[Words] = []
    sources = _read(path, Sources, told)
    if sources is None and not path.is_file():
        raise Refused(told[0])  # no areas lie beside a file that is not there
    files = sorted((path.parent / "areas").glob("*.yaml"))
    if not files:
        told.append(filled(words.NO_AREAS, path.parent / "areas"))
    areas = [entry for file in files if (read := _read(file, Areas, told)) for entry in read.value.areas]
    if sources is not None:
        told.extend(_at(sources, fault) for fault in faults(sources.value, areas))
    if sources is None or told:
        raise Refused(together(told))
    return Configuration(sources.value.corporations, tuple(areas))


def _read(path: Path, model: type[M], told: list[Words]) -> YamlFile[M] | None:
    try:
        return read_yaml(path, model)
    except Refused as refused:
        told.append(refused.words)
        return None


def _at(file: YamlFile[Sources], fault: Fault) -> Words:
    return filled(_FAULT, file.where(*fault.path), fault.path[-1], fault.sentence)
