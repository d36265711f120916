"""POLICY: the files a rule set is made of, as text that can travel, be kept, and be read again elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, Self

import orjson

from schemas.command import PolicyFile
from schemas.message import Message
from schemas.partner import Partner, Partners, Serves
from schemas.signal import Slug

PARTNERS: Final = "partners.yaml"

LARGEST: Final = 800_000
"""Bytes of a whole policy as JSON: it travels in one Kafka record, which takes 1 MB."""

MOST_FILES: Final = 200
MOST_BYTES: Final = 1_000_000
"""Of all files together, thirty times what is shipped: reading them takes seconds."""

Texts = Mapping[str, str]
"""File name, relative to the folder, -> its text."""


class Route(Message):
    """A partner as far as deciding goes: who, and what it gives where. How it is reached is not the router's."""

    id: Slug
    country: Literal["NL", "GB"]
    serves: tuple[Serves, ...]

    @classmethod
    def of(cls, partner: "Partner | Route") -> Self:
        """That part of an entry of `partners.yaml`."""
        return cls(id=partner.id, country=partner.country, serves=partner.serves)


class Routes(Message):
    """`partners.yaml` with the part of it that decides."""

    partners: tuple[Route, ...]

    @classmethod
    def of(cls, partners: Partners) -> Self:
        """All of them, in their order."""
        return cls(partners=tuple(Route.of(partner) for partner in partners.partners))

    def text(self) -> str:
        """As a file: JSON is YAML too."""
        whole = self.model_dump(mode="json", exclude_defaults=True)
        return orjson.dumps(whole, option=orjson.OPT_INDENT_2).decode()


def places(folder: Path) -> list[Path]:
    """Every file that policy stands in."""
    return [*sorted(folder.glob("rules/*.yaml")), *sorted(folder.glob("areas/*.yaml")), folder / PARTNERS]


def travelling(texts: Texts) -> tuple[PolicyFile, ...]:
    """As a command carries it, in one order."""
    return tuple(PolicyFile(name=name, text=text) for name, text in sorted(texts.items()))


def arrived(files: tuple[PolicyFile, ...]) -> dict[str, str]:
    """As it was sent; of two files with one name the last."""
    return {file.name: file.text for file in files}
