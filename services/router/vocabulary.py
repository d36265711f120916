"""The names a rule's condition may use, what each can be, and how it follows from the facts of a signal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Literal

from schemas.codes import Answer, Certainty, Consent, Kind, Origin, Urgency, Violence
from schemas.signal import Facts

CHILD_KINDS: Final = frozenset({Kind.CHILD_ALONE, Kind.CHILD_NEGLECT, Kind.CHILD_FEARFUL, Kind.DISCLOSURE_CHILD})

VIOLENCE_KINDS: Final = frozenset(
    {
        Kind.NOISE_VIOLENCE,
        Kind.INJURY_VISIBLE,
        Kind.FEAR_OBSERVED,
        Kind.DISCLOSURE_VICTIM,
        Kind.DISCLOSURE_CHILD,
        Kind.THREAT,
        Kind.WEAPON,
        Kind.STRANGULATION,
        Kind.STALKING,
        Kind.COERCIVE_CONTROL,
        Kind.HONOUR_BASED,
    }
)

Shape = Literal["code", "codes", "yes-no", "number", "text"]


@dataclass(frozen=True, slots=True)
class Name:
    """One name: the field of `Facts` it reads, its shape, its value for that field, and its codes."""

    field: str
    shape: Shape
    of: Callable[[Any], Any]
    codes: tuple[str, ...] = ()
    helps: bool = False


def _same(value: Any) -> Any:
    return value


def _code(field: str, codes: type[StrEnum]) -> Name:
    return Name(field, "code", _same, tuple(codes))


def _counted(field: str) -> Name:
    """The meldcode's step 4: not known counts as yes, whoever wrote the rule and however."""
    return Name(field, "code", lambda answer: "no" if answer == "no" else "yes", ("yes", "no"))


def _either(field: str) -> Name:
    return Name(field, "yes-no", lambda answer: answer != "no", helps=True)


def _among(field: str, codes: frozenset[Any]) -> Name:
    return Name(field, "yes-no", lambda code: code in codes, helps=True)


NAMES: Final[Mapping[str, Name]] = MappingProxyType(
    {
        "kind": _code("kind", Kind),
        "urgency": _code("urgency", Urgency),
        "origin": _code("origin", Origin),
        "certainty": _code("certainty", Certainty),
        "area": Name("area", "text", lambda area: area or ""),
        "acute": _counted("acute"),
        "structural": _counted("structural"),
        "disclosure": Name("disclosure", "yes-no", _same),
        "children": _code("children", Answer),
        "pregnant": _code("pregnant", Answer),
        "weapon": Name("weapon", "yes-no", _same),
        "staff_safety": Name("staff_safety", "yes-no", _same),
        "secret_address": Name("secret_address", "yes-no", _same),
        "violence": Name("violence", "codes", list, tuple(Violence)),
        "consent": _code("consent", Consent),
        "informed": _code("informed", Answer),
        "dash_score": Name("dash_score", "number", lambda score: -1 if score is None else score),
        "professional_judgement": Name("professional_judgement", "yes-no", _same),
        "origin_code": Name("origin_code", "text", lambda code: code or ""),
        "test": Name("test", "yes-no", _same),
        "by_a_person": _among("origin", frozenset(Origin) - {Origin.SYSTEM_RULE}),
        "about_child": _among("kind", CHILD_KINDS),
        "about_violence": _among("kind", VIOLENCE_KINDS),
        "acute_or_unknown": _either("acute"),
        "structural_or_unknown": _either("structural"),
        "children_or_unknown": _either("children"),
        "pregnant_or_unknown": _either("pregnant"),
        "violence_named": Name("violence", "yes-no", bool, helps=True),
        "dash_done": Name("dash_score", "yes-no", lambda score: score is not None, helps=True),
    }
)
"""Left out on purpose: `household` (no policy is about one dwelling), `observed_at`, and `country`, a rule's own."""


def variables(facts: Facts, names: Iterable[str]) -> dict[str, Any]:
    """The values of those names, as a condition sees them."""
    fields = facts.__dict__  # a quarter of the time of as many getattr
    return {name: (meaning := NAMES[name]).of(fields[meaning.field]) for name in names}


def seen(facts: Facts, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What a person is told a condition looked at: each name's fact as it was, and what a helping name made of it."""
    told: dict[str, str] = {}
    for name in names:
        meaning = NAMES[name]
        value = getattr(facts, meaning.field)
        if meaning.helps:
            told[name] = _text(meaning.of(value))
        told[meaning.field] = _text(value)
    return tuple(told.items())


def _text(value: object) -> str:
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(str(part) for part in value) or "none"
        case _:
            return str(value)
