"""A page of instructions as data: the files it has its reader write, and the commands it has its reader type."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

BLOCK: Final = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED: Final = re.compile(r"`([\w./-]+\.\w+)`:$")
Way = Literal["new", "end", "diff"]
SHORTEST: Final = 8
TOKEN: Final = re.compile(r"…|[0-9a-f]{8}[0-9a-f-]*|\d+")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command, and the lines of its output that the page shows."""

    command: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file to write; added to its end, or as lines put between those it has."""

    path: str
    text: str
    way: Way

    def write(self, folder: Path, here: Callable[[str], str]) -> None:
        """Do it, with what `here` makes of the page's text."""
        path, text = folder / self.path, here(self.text)
        match self.way:
            case "new":
                path.write_text(text)
            case "end":
                path.write_text(path.read_text() + text)
            case "diff":
                path.write_text(patched(path.read_text(), text))


Step = Typed | Kept


def steps(page: str) -> list[Step]:
    """What its reader does, in order."""
    found: list[Step] = []
    for block in BLOCK.finditer(page):
        if block["kind"] == "console":
            found += typed(block["text"])
        else:
            sentence = page[: block.start()].rstrip().rpartition("\n\n")[2]
            found.append(Kept(named(sentence), block["text"], way_of(sentence, block["kind"])))
    return found


def named(sentence: str) -> str:
    """The file that stands last in what leads to a block."""
    found = NAMED.search(sentence)
    assert found is not None, f"names no file: {sentence}"
    return found[1]


def way_of(sentence: str, kind: str) -> Way:
    """How the file comes about, as that sentence says."""
    if kind == "diff":
        return "diff"
    return "end" if "At the end of" in sentence else "new"


def typed(text: str) -> list[Typed]:
    """The commands of a block, each with what is shown below it."""
    found: list[Typed] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Typed(line.removeprefix("$ "), ()))
        else:
            found[-1] = Typed(found[-1].command, (*found[-1].shown, line))
    return found


def patched(text: str, diff: str) -> str:
    """The text with the lines marked + put after the lines that stand before them."""
    before = "".join(f"{line[1:]}\n" for line in diff.splitlines() if line.startswith(" "))
    after = "".join(f"{line[1:]}\n" for line in diff.splitlines())
    assert text.count(before) == 1, "the lines around the change stand there once"
    return text.replace(before, after)


class Ids:
    """What ids are called on the page, and what they are in this run. A shorter one is the beginning of a longer."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def here(self, text: str) -> str:
        """A line of the page, with the ids of this run."""
        return TOKEN.sub(lambda token: self._known.get(token[0][:SHORTEST], token[0])[: len(token[0])], text)

    def learn(self, shown: Sequence[str], told: Sequence[str]) -> str | None:
        """None when what the page shows stands there in that order, else the first line that does not.

        Numbers may differ, and what an id is here is known from then on.
        """
        left = iter(told)
        for line in shown:
            pattern, new = self._pattern(line)
            match = next((found for each in left if (found := re.search(pattern, each))), None)
            if match is None:
                return line
            self._known |= dict(zip(new, match.groups(), strict=True))
        return None

    def _pattern(self, shown: str) -> tuple[str, list[str]]:
        parts, new, at = [], [], 0
        for token in TOKEN.finditer(shown):
            parts.append(re.escape(shown[at : token.start()]))
            at = token.end()
            name = token[0]
            if name == "…":
                parts.append(".*?")
            elif len(name) < SHORTEST or name.isdecimal():
                parts.append(r"\d+")
            elif name[:SHORTEST] in self._known:
                parts.append(re.escape(self._known[name[:SHORTEST]][: len(name)]) + "[0-9a-f-]*")
            else:
                new.append(name[:SHORTEST])
                parts.append(r"([0-9a-f][0-9a-f-]{7,})")
        return "".join([*parts, re.escape(shown[at:])]), new
