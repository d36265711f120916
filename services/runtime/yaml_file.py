"""Configuration files: read whole, checked whole, and every fault told at once with its line and its fix."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.words import Words, filled
from services.runtime import model_words as words
from services.runtime import yaml_tree
from services.runtime.errors import Refused
from services.runtime.file_words import unread
from services.runtime.model_errors import meant, of_ours, suggestion
from services.runtime.plain_file import content

M = TypeVar("M", bound=BaseModel)

_MOST: Final = 50
"""Faults told of one file; who has more will look again anyway."""

_LINE: Final = Words("{}:{}: {}", "{}:{}: {}")
_FIELD: Final = Words("{}:{}: {}: {}", "{}:{}: {}: {}")
_EMPTY: Final = frozenset(
    {"string_type", "dict_type", "model_type", "model_attributes_type", "list_type", "tuple_type"}
)
"""Kinds of faults of a key after which nothing stands."""

_Fault = tuple[int, str, Words]
"""Its line, its field, and what is wrong."""


@dataclass(frozen=True, slots=True)
class YamlFile(Generic[M]):
    """What a file says, and where it says it."""

    name: str
    value: M
    tree: yaml_tree.Tree

    def where(self, *path: str | int) -> str:
        """`file:line` of a value, or of what it would stand in, for faults found later: `where("rules", 3, "when")`."""
        return f"{self.name}:{_line(self.tree, path)}"


def load_yaml(path: Path, model: type[M]) -> M:
    """The file as `model`. Raises Refused with one line a fault: `path:line: field: sentence. fix`."""
    return read_yaml(path, model).value


def read_yaml(path: Path, model: type[M]) -> YamlFile[M]:
    """As `load_yaml`, with the lines kept. Keys that `model` does not have are refused, whatever `model` says."""
    try:
        text = content(path, yaml_tree.MAX_BYTES + 1)
    except OSError as error:
        raise Refused(filled(words.NOT_READ, path, unread(error))) from None
    return parse_yaml(text, model, str(path))


def parse_yaml(text: bytes, model: type[M], name: str) -> YamlFile[M]:
    """As `read_yaml`, for text that came another way; `name` is what its faults call it."""
    try:
        tree = yaml_tree.parse(text)
    except yaml_tree.Faulty as fault:
        raise Refused(filled(_LINE, name, fault.line, fault.sentence)) from None
    value, errors = _validated(tree, model)
    faults = [(line, _dotted(path), words.TWICE) for path, line in tree.repeated]
    faults.extend(_fault(tree, model, error) for error in errors)
    if value is None or faults:
        raise Refused(together(_told(name, sorted(faults, key=_as_written))))
    return YamlFile(name, value, tree)


def _validated(tree: yaml_tree.Tree, model: type[M]) -> tuple[M | None, list[ErrorDetails]]:
    """As JSON, since our messages are strict: only JSON may tell them that a list is a tuple, or text a date."""
    try:
        return model.model_validate_json(json.dumps(tree.value), extra="forbid"), []
    except ValidationError as error:
        return None, error.errors(include_input=False, include_url=False)


def together(lines: Iterable[Words]) -> Words:
    """One text of several lines."""
    told = list(lines)
    return Words("\n".join(line.en for line in told), "\n".join(line.nl for line in told))


def _fault(tree: yaml_tree.Tree, model: type[BaseModel], error: ErrorDetails) -> _Fault:
    path = _in_the_file(tree, error["loc"])
    given = tree.at(path) if path in tree.lines else None
    text = meant(error, given) or of_ours(error)
    if error["type"] == "extra_forbidden" and (key := suggestion(model, error["loc"])) is not None:
        text = filled(words.MEANT, key)
    elif error["type"] in _EMPTY and path in tree.lines and given is None:
        text = words.EMPTY
    return _line(tree, path), _dotted(path), text


def _as_written(fault: _Fault) -> tuple[int, str, str]:
    line, field, text = fault
    return line, field, text.en


def _in_the_file(tree: yaml_tree.Tree, loc: tuple[int | str, ...]) -> yaml_tree.Path:
    """`loc` without the labels that pydantic adds for unions; what is missing stays as its last step."""
    path: yaml_tree.Path = ()
    for step in loc:
        if (*path, step) in tree.lines:
            path = (*path, step)
    return path if path[-1:] == loc[-1:] else (*path, *loc[-1:])


def _line(tree: yaml_tree.Tree, path: yaml_tree.Path) -> int:
    while path and path not in tree.lines:
        path = path[:-1]
    return tree.lines.get(path, 1)


def _dotted(path: yaml_tree.Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _told(name: str, faults: list[_Fault]) -> Iterator[Words]:
    for line, field, text in faults[:_MOST]:
        yield filled(_FIELD, name, line, field, text) if field else filled(_LINE, name, line, text)
    if len(faults) > _MOST:
        yield filled(words.MORE, name, len(faults) - _MOST)
