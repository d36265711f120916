"""RULE: one line of policy, as the safeguarding lead writes it."""

import re
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from schemas.codes import LegalBasis, PartnerKind
from schemas.decision import Effect
from schemas.message import Message
from schemas.signal import Slug
from schemas.words import Wrong
from services.router import rule_words as words

_SHORT: Final = re.compile(r"(\d{1,4})([mhd])")
_UNIT: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_ISO: Final = TypeAdapter(timedelta)


def _duration(value: Any) -> Any:
    """`24h` or ISO 8601 as a duration.

    Raises:
        Wrong: it is neither; a number without a unit is not either.
    """
    if short := _SHORT.fullmatch(value) if isinstance(value, str) else None:
        return _UNIT[short[2]] * int(short[1])
    try:
        return _ISO.validate_python(value, strict=not isinstance(value, str))
    except ValidationError:
        raise Wrong(words.NO_DURATION) from None


def short(duration: str) -> str:
    """An ISO 8601 duration as a rule writes it: `PT24H` is `24h`, and `P3D` is `3d`."""
    minutes, rest = divmod(_ISO.validate_python(duration), _UNIT["m"])
    hours, odd = divmod(minutes, 60)
    if odd or rest:
        return f"{minutes}m"
    return f"{hours // 24}d" if hours > 24 and not hours % 24 else f"{hours}h"  # noqa: PLR2004  hours of a day


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise Wrong(words.PAST)
    return value


Within = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_positive)]
"""How long: `30m`, `24h`, `3d`, or an ISO 8601 duration (PT24H)."""

Given = str | int | bool | tuple[str, ...]


class RuleTest(Message):
    """An example beside the rule: some facts, and whether it fires. What is not given is as unknown as can be."""

    given: dict[str, Given]
    expect: Literal["fires", "does-not-fire"]


class Rule(Message):
    """One rule. Every rule that fires counts; their order means nothing."""

    id: Slug
    owner: Slug = Field(description="Who answers for it")
    reason: str = Field(min_length=10, max_length=300, description="Why, in one sentence")
    legal_basis: LegalBasis | None = Field(default=None, description="Why it may be shared; not needed to record")
    without_consent: str | None = Field(
        default=None, min_length=10, max_length=300, description="Why it may be shared though nobody agreed to it"
    )
    country: Literal["NL", "GB"]
    valid_from: date | None = None
    valid_until: date | None = Field(default=None, description="First day it no longer holds")
    when: str = Field(min_length=1, max_length=1000, description="Condition in CEL over the facts of one signal")
    to: tuple[PartnerKind, ...] = Field(default=(), description="Kinds of help; which partner is in partners.yaml")
    effect: Effect
    deadline: Within | None = Field(default=None, description="By when it must be final; else what the urgency says")
    tests: tuple[RuleTest, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.effect is not Effect.RECORD and not (self.to and self.legal_basis):
            raise Wrong(words.TO_NOBODY)
        if self.effect is Effect.RECORD and self.to:
            raise Wrong(words.RECORDS)
        if len(set(self.to)) != len(self.to):
            raise Wrong(words.TO_TWICE)
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise Wrong(words.ENDS_FIRST)
        return self

    def on(self, day: date) -> bool:
        """Whether it holds on that day."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_until is None or day < self.valid_until)


class RuleFile(Message):
    """One file of `rules/`."""

    rules: tuple[Rule, ...]
