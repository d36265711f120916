"""What is wrong with settings and configuration, in sentences that never hold the value that was given."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

_OURS: Final = {
    "missing": "is missing. Add it",
    "extra_forbidden": "is not a key we know. Remove it",
    "string_type": "should be text. Put it between quotes",
    "model_type": "should be a mapping of keys to values",
    "model_attributes_type": "should be a mapping of keys to values",
    "dict_type": "should be a mapping of keys to values",
    "list_type": "should be a list",
    "tuple_type": "should be a list",
    "int_parsing": "should be a whole number",
    "float_parsing": "should be a number",
    "bool_parsing": "should be true or false",
    "json_invalid": "should be JSON",
    "value_error": "is not allowed",
    "assertion_error": "is not allowed",
    "date_parsing": "should be a date, like 2026-01-31",
    "date_from_datetime_parsing": "should be a date, like 2026-01-31",
    "datetime_parsing": "should be a time with a zone, like 2026-01-31T12:00:00Z",
    "datetime_from_date_parsing": "should be a time with a zone, like 2026-01-31T12:00:00Z",
    "time_delta_parsing": "should be a duration, like PT15M or P2D",
    "uuid_parsing": "should be a UUID",
    "url_parsing": "should be an address, like https://partner.example/fhir",
}
_HOLD_INPUT: Final = frozenset({"error", "tag", "encoding_error"})
"""Parts of a message that may repeat what was given; `expected` and the limits are ours."""

_KNOWN: Final = frozenset(get_args(ErrorType))


def sentence(error: ErrorDetails) -> str:
    """What it should be, and what to do. Take `error` from `errors(include_input=False, include_url=False)`."""
    kind = error["type"]
    if kind in _OURS:
        return _OURS[kind]
    context = error.get("ctx", {})
    if kind == "union_tag_invalid":
        return f"should have as {context['discriminator']} one of {context['expected_tags']}"
    for limit, words in (("min_length", "at least"), ("max_length", "at most")):
        if limit in context:  # pydantic's text would tell how long a secret is
            counted = context.get("field_type") in {"List", "Tuple", "Set", "Frozenset", "Dictionary"}
            return f"should {'have' if counted else 'be'} {words} {context[limit]} {'entries' if counted else 'long'}"
    if kind not in _KNOWN or _HOLD_INPUT & context.keys():
        return f"is not valid ({kind})"
    return error["msg"].replace("Input should be", "should be", 1)


def suggestion(model: type[BaseModel], loc: tuple[int | str, ...]) -> str | None:
    """The key that was probably meant where `loc` ends in one that `model` does not have."""
    found: list[Any] = [model]
    for step in loc[:-1]:
        found = [deeper for kind in found for deeper in _step(kind, step)]
    names = {name for kind in found for model in _models(kind) for name in _names(model)}
    return next(iter(get_close_matches(str(loc[-1]), sorted(names), n=1)), None)


def _step(kind: Any, step: int | str) -> Iterator[Any]:
    """The types one step down. pydantic also puts labels of unions in `loc`: those lead nowhere new."""
    models = list(_models(kind))
    inner = [part for model in models for name, part in _names(model).items() if name == step]
    if inner:
        yield from inner
    elif models:
        yield from models
    else:
        yield kind


def _names(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    """Every model in an annotation, through unions, lists and mappings."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models(part)
