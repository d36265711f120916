"""The files that policy stands in: `rules/*.yaml`, `areas/*.yaml` and `partners.yaml` of one folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from schemas.area import AreaEntry, Areas
from schemas.partner import Partners
from services.router import finding_words as words
from services.router.directory import Directory
from services.router.finding import Finding
from services.router.policy import MOST_BYTES, MOST_FILES, PARTNERS, Routes, Texts, places
from services.router.rule import Rule, RuleFile
from services.runtime.errors import Refused
from services.runtime.yaml_file import YamlFile, parse_yaml, read_yaml

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
class PlacedArea:
    """An area and where it stands."""

    area: AreaEntry
    file: YamlFile[Areas]
    place: int

    def where(self, *path: str | int) -> str:
        """`file:line` of a part of it."""
        return self.file.where("areas", self.place, *path)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All files, each well-formed by itself."""

    rules: tuple[YamlFile[RuleFile], ...]
    areas: tuple[YamlFile[Areas], ...]
    partners: YamlFile[Routes]

    def placed(self) -> Iterator[Placed]:
        """Every rule of every file."""
        for file in self.rules:
            for place, rule in enumerate(file.value.rules):
                yield Placed(rule, file, place)

    def placed_areas(self) -> Iterator[PlacedArea]:
        """Every area of every file."""
        for file in self.areas:
            for place, area in enumerate(file.value.areas):
                yield PlacedArea(area, file, place)

    def directory(self) -> Directory:
        """Partners and areas together."""
        return Directory(self.partners.value.partners, (area for file in self.areas for area in file.value.areas))


def read(folder: Path) -> tuple[Configuration | None, list[Finding]]:
    """What the folder says, or None and everything that keeps it from being read."""
    paths = places(folder)
    findings = [*_irregular(paths), *_oversized(str(folder), len(paths), sum(_size(path) for path in paths))]
    if findings:
        return None, findings
    rules = _every(folder / "rules", RuleFile, findings)
    areas = _every(folder / "areas", Areas, findings)
    partners = _of(folder / PARTNERS, Partners, findings)
    if findings or partners is None:
        return None, findings
    return Configuration(rules, areas, YamlFile(partners.name, Routes.of(partners.value), partners.tree)), []


def read_texts(texts: Texts) -> tuple[Configuration | None, list[Finding]]:
    """As `read`, of a policy that was proposed: its `partners.yaml` holds routes only."""
    findings = list(_oversized("the proposal", len(texts), sum(len(text) for text in texts.values())))
    if findings:
        return None, findings
    rules = _among(texts, "rules/", RuleFile, findings)
    areas = _among(texts, "areas/", Areas, findings)
    partners = _among(texts, PARTNERS, Routes, findings)
    if findings:
        return None, findings
    return Configuration(rules, areas, partners[0]), []


def _irregular(paths: Sequence[Path]) -> Iterator[Finding]:
    """What would keep a reader waiting for ever, or never end."""
    for path in paths:
        if path.exists() and not path.is_file():
            yield Finding.of(str(path), words.NO_FILE)


def _oversized(where: str, files: int, size: int) -> Iterator[Finding]:
    if files > MOST_FILES:
        yield Finding.of(where, words.MANY_FILES, files, MOST_FILES)
    if size > MOST_BYTES:
        yield Finding.of(where, words.MANY_BYTES, size, MOST_BYTES)


def _size(path: Path) -> int:
    """Nothing where it is not there: reading it says so."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def texts_of(folder: Path) -> dict[str, str]:
    """A folder that can be read, as text to propose.

    Raises:
        Refused: when a file cannot be read, or is no UTF-8.
    """
    paths = [*sorted(folder.glob("rules/*.yaml")), *sorted(folder.glob("areas/*.yaml"))]
    texts = {f"{path.parent.name}/{path.name}": _text(path) for path in paths}
    partners = read_yaml(folder / PARTNERS, Partners).value
    return {**texts, PARTNERS: Routes.of(partners).text()}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: cannot be read ({type(error).__name__}). Write it as UTF-8") from None


def _every(folder: Path, model: type[M], findings: list[Finding]) -> tuple[YamlFile[M], ...]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        findings.append(Finding.of(str(folder), words.NO_YAML))
    return tuple(file for path in paths if (file := _of(path, model, findings)) is not None)


def _among(texts: Texts, beginning: str, model: type[M], findings: list[Finding]) -> tuple[YamlFile[M], ...]:
    names = sorted(name for name in texts if name.startswith(beginning))
    if not names:
        findings.append(Finding.of(beginning, words.NOT_AMONG))
    read = ((name, texts[name].encode()) for name in names)
    return tuple(file for name, text in read if (file := _parsed(text, model, name, findings)) is not None)


def _of(path: Path, model: type[M], findings: list[Finding]) -> YamlFile[M] | None:
    try:
        return read_yaml(path, model)
    except Refused as refused:
        findings += _placed(refused)
        return None


def _parsed(text: bytes, model: type[M], name: str, findings: list[Finding]) -> YamlFile[M] | None:
    try:
        return parse_yaml(text, model, name)
    except Refused as refused:
        findings += _placed(refused)
        return None


def _placed(refused: Refused) -> Iterator[Finding]:
    """A finding a line: each says where first, in both languages."""
    for english, dutch in zip(refused.words.en.splitlines(), refused.words.nl.splitlines(), strict=True):
        where, _, sentence = english.partition(": ")
        yield Finding(where, sentence, dutch=dutch.removeprefix(f"{where}: "))
