"""`python -m schemas.promise`: what v1 promises, field by field, in `v1.json`; it adds what is new and changes nothing.

Who wrote v1 before us must still be read, and who reads v1 must still understand what we write. So optional fields and
further codes may be added; a field that goes, becomes required, has another type, fewer codes, codes for the first
time, or another default needs a v2.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from schemas.generate import MODELS, json_schema
from schemas.message import Message

PROMISED: Final = Path(__file__).parent / "v1.json"
Side = Literal["reads", "writes"]
Fields = Mapping[str, frozenset[str]]
"""Path of a field (`facts.kind`, `people[].name`, `classes.*`) -> type, limits, codes, default, required."""

SIDES: Final[tuple[Side, ...]] = ("reads", "writes")
REQUIRED: Final = "required"
CODE: Final = "code="
DEFAULT: Final = "default="
_BINDS_NOBODY: Final = frozenset({"title", "description", "default", "additionalProperties", "$schema", "$ref"})


def fields(model: type[Message], side: Side) -> Fields:
    """Every field of the message, at every depth. `writes` is as published."""
    schema = json_schema(model) if side == "writes" else model.model_json_schema(mode="validation")
    found: dict[str, set[str]] = {}
    for path, said in _walked("", schema, schema.get("$defs", {})):
        found.setdefault(path, set()).add(said)
    return {path: frozenset(said) for path, said in sorted(found.items())}


def broken(promised: Fields, now: Fields, side: Side) -> Iterator[str]:
    """What is no longer as promised, a sentence each."""
    for path, said in promised.items():
        if path not in now:
            yield f"{path} is gone"
            continue
        for code in sorted(_codes(said) - _codes(now[path])):
            yield f"{path} no longer has {code.removeprefix(CODE)}"
        if side == "reads" and _codes(now[path]) and not _codes(said):
            yield f"{path} takes no more than {len(_codes(now[path]))} codes now"
        for default in sorted(_defaults(said) - _defaults(now[path])) if REQUIRED not in now[path] else ():
            yield f"{path} is not {default.removeprefix(DEFAULT)} any more where it is absent"
        if _kind(said) != _kind(now[path]):
            yield f"{path} was {sorted(_kind(said))} and is {sorted(_kind(now[path]))}"
        was, required = REQUIRED in said, REQUIRED in now[path]
        if (required and not was) if side == "reads" else (was and not required):
            yield f"{path} {'became required' if required else 'may be absent now'}"
    for path in now.keys() - promised.keys():
        if side == "reads" and REQUIRED in now[path] and (parent := _parent(path)) in promised:
            yield f"{path} is new in {parent or 'the message'}, and required"


def _walked(path: str, node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for below, inner in _within(path, node, definitions):
        yield from _walked(below, inner, definitions)
    for name in node.get(REQUIRED, ()):
        yield f"{path}.{name}".lstrip("."), REQUIRED
    for code in (*node.get("enum", ()), *([node["const"]] if "const" in node else ())):
        yield path, f"{CODE}{code}"
    if "default" in node:
        yield path, f"{DEFAULT}{json.dumps(node['default'], sort_keys=True)}"
    for word, value in node.items():
        if isinstance(value, str | int | float) and word not in {*_BINDS_NOBODY, "const"}:
            yield path, f"{word}={value}"


def _within(path: str, node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What stands in its place, and what stands one step below."""
    if "$ref" in node:
        yield path, definitions[node["$ref"].rpartition("/")[2]]
    for word in ("anyOf", "oneOf", "allOf"):
        yield from ((path, option) for option in node.get(word, ()))
    for name, inner in node.get("properties", {}).items():
        yield f"{path}.{name}".lstrip("."), inner
    for word, mark in (("items", "[]"), ("additionalProperties", ".*"), ("propertyNames", ".keys()")):
        if isinstance(node.get(word), dict):
            yield path + mark, node[word]
    for place, inner in enumerate(node.get("prefixItems", ())):
        yield f"{path}[{place}]", inner


def _codes(said: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in said if one.startswith(CODE))


def _defaults(said: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in said if one.startswith(DEFAULT))


def _kind(said: frozenset[str]) -> frozenset[str]:
    return said - _codes(said) - _defaults(said) - {REQUIRED}


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def promised() -> dict[str, dict[Side, Fields]]:
    """By message."""
    read = json.loads(PROMISED.read_text())
    return {
        name: {side: {path: frozenset(said) for path, said in paths.items()} for side, paths in sides.items()}
        for name, sides in read.items()
    }


def grown(kept: Mapping[str, Mapping[Side, Fields]]) -> str:
    """The promise with what is new, as text, a field a line; what was promised stands as it stood."""
    messages = []
    for name, model in MODELS.items():
        sides = []
        for side in SIDES:
            known = dict(kept.get(name, {}).get(side, {}))
            for path, said in fields(model, side).items():
                known[path] = known[path] | _added(known[path], said) if path in known else said
            within = ",\n".join(f"   {json.dumps(path)}: {json.dumps(sorted(known[path]))}" for path in sorted(known))
            sides.append(f'  "{side}": {{\n{within}\n  }}')
        messages.append(f' "{name}": {{\n' + ",\n".join(sides) + "\n }")
    return "{\n" + ",\n".join(messages) + "\n}\n"


def _added(known: frozenset[str], said: frozenset[str]) -> frozenset[str]:
    return _codes(said) | (frozenset() if _defaults(known) else _defaults(said))


def main() -> None:
    """Add to the file what is new."""
    PROMISED.write_text(grown(promised()))


if __name__ == "__main__":
    main()
