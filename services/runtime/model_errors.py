"""What is wrong with settings and configuration, in sentences that never hold the value that was given."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from schemas.words import Words, Wrong, filled
from services.runtime import model_words as words

_HOLD_INPUT: Final = frozenset({"error", "tag", "encoding_error"})
"""Parts of a message that may repeat what was given; `expected` and the limits are ours."""

_SENTENCES: Final = (
    *words.KINDS.values(),
    *words.SHAPES.values(),
    words.LONG_AT_LEAST,
    words.LONG_AT_MOST,
    words.HAVE_AT_LEAST,
    words.HAVE_AT_MOST,
    *words.LIMITS.values(),
    words.TAG_ONE_OF,
    words.TAG_MISSING,
    words.INVALID,
    words.ONE_OF,
)
"""The most telling first: the last fits nearly all of them."""

_KNOWN: Final = frozenset(get_args(ErrorType))

_CHOICE: Final = {"literal_error": "expected", "enum": "expected", "union_tag_invalid": "expected_tags"}
"""Kinds of faults of a value that is none of a few, and which part of the message lists those."""

_ALIKE: Final = 0.8
"""What is less like one of them is not taken for a slip."""


def sentence(error: ErrorDetails) -> str:
    """What it should be, and what to do, in English: of a message or a setting."""
    return explained(error).en


def explained(error: ErrorDetails) -> Words:
    """The same in both languages. Take `error` from `errors(include_input=False, include_url=False)`."""
    kind = error["type"]
    context = error.get("ctx", {})
    if kind in words.KINDS:
        return words.KINDS[kind]
    match kind:
        case "union_tag_invalid":
            return filled(words.TAG_ONE_OF, context["discriminator"], context["expected_tags"])
        case "union_tag_not_found":
            return filled(words.TAG_MISSING, context["discriminator"])
        case "literal_error" | "enum":
            return filled(words.ONE_OF, Words(context["expected"], context["expected"].replace(" or ", " of ")))
        case "string_pattern_mismatch":
            return words.SHAPES.get(context["pattern"]) or filled(words.OTHER_SHAPE, context["pattern"])
    return _limited(context) or _foreign(error)


def in_dutch(english: str) -> str | None:
    """A sentence of `explained` that was kept in English alone; None for one that it does not say."""
    for said in _SENTENCES:
        if match := re.fullmatch(re.escape(said.en).replace(r"\{\}", "(.+)"), english):
            return said.nl.format(*(part.replace(" or ", " of ") for part in match.groups()))
    return None


def of_ours(error: ErrorDetails) -> Words:
    """As `explained`, with what a validator of ours says of its file: no secret is in that."""
    raised = error.get("ctx", {}).get("error")
    if not isinstance(raised, Exception):  # of a date or duration pydantic tells its parser's words there
        return explained(error)
    return raised.words if isinstance(raised, Wrong) else Words(str(raised), str(raised))


def _limited(context: Mapping[str, Any]) -> Words | None:
    for limit, long, many in (
        ("min_length", words.LONG_AT_LEAST, words.HAVE_AT_LEAST),
        ("max_length", words.LONG_AT_MOST, words.HAVE_AT_MOST),
    ):
        if limit in context:  # pydantic's text would tell how long a secret is
            counted = context.get("field_type") in {"List", "Tuple", "Set", "Frozenset", "Dictionary"}
            return filled(many if counted else long, context[limit])
    return next((filled(said, context[limit]) for limit, said in words.LIMITS.items() if limit in context), None)


def _foreign(error: ErrorDetails) -> Words:
    """Of a kind that we have no words for."""
    if error["type"] not in _KNOWN or _HOLD_INPUT & error.get("ctx", {}).keys():
        return filled(words.INVALID, error["type"])
    return filled(words.IN_ENGLISH, error["msg"].replace("Input should be", "should be", 1))


def suggestion(model: type[BaseModel], loc: tuple[int | str, ...]) -> str | None:
    """The key that was probably meant where `loc` ends in one that `model` does not have."""
    found: list[Any] = [model]
    for step in loc[:-1]:
        found = [deeper for kind in found for deeper in _step(kind, step)]
    names = {name for kind in found for model in _models(kind) for name in _names(model)}
    return next(iter(get_close_matches(str(loc[-1]), sorted(names), n=1)), None)


def meant(error: ErrorDetails, given: Any) -> Words | None:
    """Which of the few that may stand there was probably misspelt. What is given is compared with them, never told."""
    context = error.get("ctx", {})
    value = context.get("tag", given)
    if error["type"] not in _CHOICE or not isinstance(value, str):
        return None
    allowed = re.findall("'([^']+)'", context[_CHOICE[error["type"]]])
    near = get_close_matches(value.lower(), allowed, n=1, cutoff=_ALIKE)
    under = context["discriminator"].strip("'") + ": " if "tag" in context else ""
    return filled(words.MEANT_ONE, under + near[0]) if near else None


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
