"""YAML text as plain values with the line each stands on, within limits: no tags, no cycles, no key twice.

Plain scalars are read by the core schema of YAML 1.2.2 (section 10.3), not by YAML 1.1: `no` is the word, 12:30 is not
750, and 0363, which is the municipality of Amsterdam, keeps its zero.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from schemas.words import Words, filled
from services.runtime import yaml_words as words

Path = tuple[str | int, ...]

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 30
MAX_WRITTEN: Final = 50_000
"""Values that stand in the file itself: reading them takes a second, and no file of ours has a tenth of that."""

MAX_NODES: Final = 100_000
"""Values in the whole file, aliases written out: ten aliases of ten aliases are a hundred."""


class Faulty(Exception):  # noqa: N818  it describes the text
    """The text is no YAML we accept; `line` counts from 1."""

    def __init__(self, line: int, sentence: Words) -> None:
        super().__init__(sentence.en)
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Tree:
    """`value` is made of dict, list, str, int, float, bool and None. `repeated` are keys that stood there before."""

    value: Any
    lines: Mapping[Path, int]
    repeated: tuple[tuple[Path, int], ...]

    def at(self, path: Path) -> Any:
        """What stands at a path of `lines`."""
        found = self.value
        for step in path:
            found = found[step]
        return found


class _CoreLoader(yaml.SafeLoader):
    """PyYAML's safe loader with the core schema's resolvers in place of YAML 1.1's."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  PyYAML's own name and type


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first)


def parse(text: bytes) -> Tree:
    """Read one document. Raises Faulty."""
    if len(text) > MAX_BYTES:
        raise Faulty(1, filled(words.LARGE, MAX_BYTES))
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faulty(text[: error.start].count(b"\n") + 1, words.NOT_UTF8) from None
    try:
        _check_size(decoded)
        root = yaml.compose(decoded, Loader=_CoreLoader)
    except yaml.MarkedYAMLError as error:
        marks = (error.problem_mark, error.context_mark)
        mark = next(filter(None, reversed(marks) if words.begins_before(error.problem) else marks), None)
        raise Faulty(mark.line + 1 if mark else 1, words.problem(error.context, error.problem)) from None
    except yaml.YAMLError:
        raise Faulty(1, words.CHARACTER) from None
    if root is None:
        return Tree({}, {(): 1}, ())
    reading = _Reading()
    return Tree(reading.value(root, ()), reading.lines, tuple(reading.repeated))


def _check_size(text: str) -> None:
    """Before composing, which recurses and keeps everything."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_CoreLoader)):
        if number > MAX_WRITTEN:
            raise Faulty(_line(event), filled(words.MANY, MAX_WRITTEN))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise Faulty(_line(event), filled(words.DEEP, MAX_DEPTH))


_TAGS: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "str", "seq", "map"))


def _line(of: yaml.Event | yaml.Node) -> int:
    return of.start_mark.line + 1 if of.start_mark else 1


@dataclass(slots=True)
class _Reading:
    """One walk over the nodes; an alias is walked again, so that what it stands for is counted."""

    lines: dict[Path, int] = field(default_factory=dict)
    repeated: list[tuple[Path, int]] = field(default_factory=list)
    nodes: int = 0
    above: set[int] = field(default_factory=set)
    scalars: _CoreLoader = field(default_factory=lambda: _CoreLoader(""))

    def value(self, node: yaml.Node, path: Path) -> Any:
        """What stands there, and where. Raises Faulty for what would never end, or is none of YAML's plain values."""
        line = self.lines.setdefault(path, _line(node))
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Faulty(line, filled(words.MANY_WRITTEN_OUT, MAX_NODES))
        if id(node) in self.above or len(self.above) > MAX_DEPTH:
            raise Faulty(line, words.CIRCULAR)
        if node.tag not in _TAGS:
            raise Faulty(line, words.TAG)
        self.above.add(id(node))
        try:
            return self._content(node, path)
        finally:
            self.above.remove(id(node))

    def _content(self, node: yaml.Node, path: Path) -> Any:
        match node:
            case yaml.SequenceNode():
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            case yaml.MappingNode():
                return self._mapping(node, path)
            case _:
                return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            line = _line(key)
            if not isinstance(key, yaml.ScalarNode):
                raise Faulty(line, words.NO_WORD)
            if key.value in found:
                self.repeated.append(((*path, key.value), line))
                continue
            self.lines[*path, key.value] = line
            found[key.value] = self.value(item, (*path, key.value))
        return found

    def _scalar(self, node: yaml.Node) -> Hashable:
        try:
            value: Hashable = self.scalars.construct_object(node)
        except (yaml.YAMLError, ValueError):
            raise Faulty(_line(node), words.NOT_ITS_TAG) from None
        return value
