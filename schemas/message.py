"""What every message of ours has in common: frozen, strict in what we write, tolerant of added fields when reading."""

from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError


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
        """The JSON bytes that travel; absent is left out, so a reader tells `null` from `not said`."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)


def faults(error: ValidationError) -> tuple[str, ...]:
    """`path: rule` for each fault, in order. Pydantic's own text would print the input."""
    return tuple(
        f"{'.'.join(str(part) for part in fault['loc']) or 'message'}: {fault['type']}"
        for fault in error.errors(include_input=False, include_url=False, include_context=False)
    )
