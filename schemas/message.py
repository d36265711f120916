"""What every message of ours has in common: frozen, strict in what we write, tolerant of added fields when reading."""

from datetime import datetime
from typing import Any, Final, Self

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import to_jsonable_python

_AS_WRITTEN: Final = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class Malformed(ValueError):  # noqa: N818  it says what the bytes are
    """The bytes are not this message. `fields` names what is wrong, path and rule, never a value."""

    def __init__(self, message: str, fields: tuple[str, ...]) -> None:
        super().__init__(f"not a {message}: {'; '.join(fields[:5])}")
        self.fields = fields


class Message(BaseModel):
    """A model of `schemas/`. Writing an unknown field is an error; reading one that v1 does not know yet is not."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, ser_json_bytes="base64"
    )

    @classmethod
    def read(cls, raw: bytes | str) -> Self:
        """Parse JSON as some other version of us wrote it: added optional fields are passed over.

        Raises:
            Malformed: with the paths of the fields at fault, without their values.
        """
        try:
            return cls.model_validate_json(raw, extra="ignore")
        except ValidationError as error:
            raise Malformed(cls.__name__, faults(error)) from None

    def write(self) -> bytes:
        """The JSON bytes that travel; absent is left out, so a reader tells `null` from `not said`.

        What pydantic's own serializer writes, byte for byte, in half of its time.

        Raises:
            TypeError: it holds personal data, which is written only where it is sealed or sent.
        """
        return as_written(_said(self))


def as_written(said: dict[str, Any]) -> bytes:
    """What a message with these fields writes: in its order, none of them absent.

    Nothing is checked: for who writes so many of what was checked already that to check it again is most of the work.
    Raises as `write` does.
    """
    return orjson.dumps(said, default=_part, option=_AS_WRITTEN)


class Lasting(Message):
    """A message that stands in many others: its bytes are made once. A copy with a change has bytes of its own."""

    __slots__ = ("_bytes",)  # no private attribute of pydantic's: a copy would take that along

    def part(self) -> orjson.Fragment:
        """As it stands in another message."""
        try:
            made: orjson.Fragment = _KEPT.__get__(self)  # `self._bytes` would ask pydantic where there are none yet
        except AttributeError:
            made = orjson.Fragment(self.write())
            _KEPT.__set__(self, made)
        return made


_KEPT: Final[Any] = Lasting.__dict__["_bytes"]


def moment(time: datetime) -> bytes:
    """A moment as it stands in a message."""
    return orjson.dumps(time, option=_AS_WRITTEN)[1:-1]


def _said(message: Message) -> dict[str, Any]:
    """Its fields, in their order, without those that are absent."""
    return {name: value for name, value in message.__dict__.items() if value is not None}


def _part(value: object) -> Any:
    if isinstance(value, Lasting):
        return value.part()
    if isinstance(value, Message):
        return _said(value)
    return to_jsonable_python(value, exclude_none=True, bytes_mode="base64")  # refuses what is `Sensitive`


def faults(error: ValidationError) -> tuple[str, ...]:
    """`path: rule` for each fault, in order. Pydantic's own text would print the input."""
    return tuple(
        f"{'.'.join(str(part) for part in fault['loc']) or 'message'}: {fault['type']}"
        for fault in error.errors(include_input=False, include_url=False, include_context=False)
    )
