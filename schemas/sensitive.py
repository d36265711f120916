"""Personal data has a type: it prints as `…` and serialises only where somebody asks for it by name."""

from typing import Any, Final, Generic, TypeVar, get_args

from pydantic import GetCoreSchemaHandler, SerializationInfo
from pydantic_core import core_schema

Value = TypeVar("Value")

REVEAL: Final = {"reveal": True}
"""The serialisation context of the two places that may write personal data: sealing, and a referral to its partner."""


class Sensitive(Generic[Value]):
    """Holds a value that must not reach a log, a metric, a trace, an error or a key.

    Never pydantic's SecretStr in a payload: it serialises to asterisks, which loses the data without a word.
    """

    __slots__ = ("_value",)

    def __init__(self, value: Value) -> None:
        self._value = value

    def reveal(self) -> Value:
        """The value. Whoever calls this answers for where it goes."""
        return self._value

    def __repr__(self) -> str:
        return "…"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "…"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and bool(self._value == other._value)

    def __hash__(self) -> int:
        return hash(self._value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """JSON carries the bare value; Python carries the wrapper, or the value to be wrapped."""
        inner = handler.generate_schema(get_args(source)[0])
        wrapped = core_schema.no_info_after_validator_function(cls, inner)
        return core_schema.json_or_python_schema(
            json_schema=wrapped,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), wrapped]),
            serialization=core_schema.plain_serializer_function_ser_schema(
                _serialise, info_arg=True, return_schema=core_schema.any_schema()
            ),
        )


def _serialise(value: "Sensitive[Any]", info: SerializationInfo) -> Any:
    if not (info.context and info.context.get("reveal")):
        msg = "personal data is written only where it is sealed or sent: pass context=REVEAL there"
        raise ValueError(msg)
    return value.reveal()
