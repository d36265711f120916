"""The files that policy stands in: `rules/*.yaml`, `areas/*.yaml` and `partners.yaml` of one folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from schemas.area import Areas
from schemas.partner import Partners
from services.router.directory import Directory
from services.router.finding import Finding
from services.router.rule import Rule, RuleFile
from services.runtime.errors import Refused
from services.runtime.yaml_file import YamlFile, read_yaml

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule and where it stands."""

    rule: Rule
    file: YamlFile[RuleFile]
    place: int

    def where(self, *path: str | int) -> str:
        """`file:line` of a part of it."""
        return self.file.where("rules", self.place, *path)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All files, each well-formed by itself."""

    rules: tuple[YamlFile[RuleFile], ...]
    areas: tuple[YamlFile[Areas], ...]
    partners: YamlFile[Partners]

    def placed(self) -> Iterator[Placed]:
        """Every rule of every file."""
        for file in self.rules:
            for place, rule in enumerate(file.value.rules):
                yield Placed(rule, file, place)

    def directory(self) -> Directory:
        """Partners and areas together."""
        return Directory(self.partners.value.partners, (area for file in self.areas for area in file.value.areas))


def files(folder: Path) -> list[Path]:
    """Every file that policy stands in."""
    return [*sorted(folder.glob("rules/*.yaml")), *sorted(folder.glob("areas/*.yaml")), folder / "partners.yaml"]


def read(folder: Path) -> tuple[Configuration | None, list[Finding]]:
    """What the folder says, or None and everything that keeps it from being read."""
    findings: list[Finding] = []
    rules = _every(folder / "rules", RuleFile, findings)
    areas = _every(folder / "areas", Areas, findings)
    partners = _one(folder / "partners.yaml", Partners, findings)
    if findings or partners is None:
        return None, findings
    return Configuration(rules, areas, partners), []


def _every(folder: Path, model: type[M], findings: list[Finding]) -> tuple[YamlFile[M], ...]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        findings.append(Finding(str(folder), "no .yaml file is in it. Check the folder's name"))
    return tuple(file for path in paths if (file := _one(path, model, findings)) is not None)


def _one(path: Path, model: type[M], findings: list[Finding]) -> YamlFile[M] | None:
    try:
        return read_yaml(path, model)
    except Refused as refused:
        findings += [_placed(line) for line in str(refused).splitlines()]
        return None


def _placed(line: str) -> Finding:
    where, _, sentence = line.partition(": ")
    return Finding(where, sentence)
