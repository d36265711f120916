"""Configuration files: read whole, checked whole, and every fault told at once with its line and its fix."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from services.runtime import yaml_tree
from services.runtime.errors import Refused
from services.runtime.model_errors import sentence, suggestion

M = TypeVar("M", bound=BaseModel)

_MOST: Final = 50
"""Faults told of one file; who has more will look again anyway."""


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
        with path.open("rb") as file:
            text = file.read(yaml_tree.MAX_BYTES + 1)
    except OSError as error:
        raise Refused(f"{path}: cannot be read ({type(error).__name__}). Check the name and who may read it") from None
    return parse_yaml(text, model, str(path))


def parse_yaml(text: bytes, model: type[M], name: str) -> YamlFile[M]:
    """As `read_yaml`, for text that came another way; `name` is what its faults call it."""
    try:
        tree = yaml_tree.parse(text)
    except yaml_tree.Faulty as fault:
        raise Refused(f"{name}:{fault.line}: {fault.sentence}") from None
    value, errors = _validated(tree, model)
    faults = [(line, _dotted(path), "stands here twice. Keep one") for path, line in tree.repeated]
    faults.extend(_fault(tree, model, error) for error in errors)
    if value is None or faults:
        raise Refused("\n".join(_told(name, sorted(faults))))
    return YamlFile(name, value, tree)


def _validated(tree: yaml_tree.Tree, model: type[M]) -> tuple[M | None, list[ErrorDetails]]:
    """As JSON, since our messages are strict: only JSON may tell them that a list is a tuple, or text a date."""
    try:
        return model.model_validate_json(json.dumps(tree.value), extra="forbid"), []
    except ValidationError as error:
        return None, error.errors(include_input=False, include_url=False)


def _fault(tree: yaml_tree.Tree, model: type[BaseModel], error: ErrorDetails) -> tuple[int, str, str]:
    path = _in_the_file(tree, error["loc"])
    text = sentence(error)
    match error["type"]:
        case "extra_forbidden":
            meant = suggestion(model, error["loc"])
            text = text if meant is None else f"is not a key we know. Did you mean {meant}?"
        case "value_error" | "assertion_error":  # of a validator of ours, whose text holds no secret
            text = str(error.get("ctx", {}).get("error", text))
    return _line(tree, path), _dotted(path), text


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


def _told(name: str, faults: list[tuple[int, str, str]]) -> Iterator[str]:
    for line, field, text in faults[:_MOST]:
        yield f"{name}:{line}: {field}: {text}" if field else f"{name}:{line}: {text}"
    if len(faults) > _MOST:
        yield f"{name}: and {len(faults) - _MOST} more"
