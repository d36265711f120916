"""The names a rule's condition may use, what each can be, and how it follows from the facts of a signal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, Literal

from schemas.codes import Answer, Certainty, Consent, Kind, Origin, PartnerKind, Urgency, Violence
from services.router.cel_context import CelContext
from services.router.window import LAST, NEVER, Window
from services.router.window import near as near_windows
from services.router.window import read as read_window

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
    """One name: the field of `Facts` it reads, its shape, its value for that field, and its codes.

    A name with a `window` reads the memory of the household instead, one with a `bar` the area's threshold too.
    """

    field: str
    shape: Shape
    of: Callable[[Any], Any]
    codes: tuple[str, ...] = ()
    helps: bool = False
    window: Window | None = None
    bar: PartnerKind | None = None


def _same(value: Any) -> Any:
    return value


def _code(field: str, codes: type[StrEnum]) -> Name:
    return Name(field, "code", _same, tuple(codes))


def _counted(field: str) -> Name:
    """The meldcode's step 4: not known counts as yes, whoever wrote the rule and however."""
    return Name(field, "code", lambda answer: "no" if answer == "no" else "yes", ("yes", "no"))


def _either(field: str) -> Name:
    return Name(field, "yes-no", lambda answer: answer != "no", helps=True)


def _reaches(bar: PartnerKind) -> Name:
    return Name("dash_score", "yes-no", lambda score: score is not None, helps=True, bar=bar)


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
        "violence": Name("violence", "codes", _same, tuple(Violence)),
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
        "dash_reaches_marac": _reaches(PartnerKind.MARAC),
        "dash_reaches_idva": _reaches(PartnerKind.IDVA),
    }
)
"""Left out on purpose: `household` (no policy is about one dwelling), `observed_at`, and `country`, a rule's own."""


@lru_cache(maxsize=1024)
def meaning(name: str) -> Name | None:
    """What a name means: a fact of the signal, or a count in the memory of its household; None when it is neither."""
    window = read_window(name)
    return NAMES.get(name) or (Name(name, "number", _same, window=window) if window else None)


def near(name: str) -> tuple[str, ...]:
    """Every name there is, for who misspelt one."""
    return (*NAMES, *near_windows(name))


def recalls(names: Iterable[str]) -> bool:
    """Whether one of those names reads the memory of the household."""
    return any((known := meaning(name)) is not None and known.window is not None for name in names)


def variables(sight: CelContext, names: Iterable[str]) -> dict[str, Any]:
    """The values of those names, as a condition sees them.

    Raises:
        KeyError: when one of them is no name.
    """
    facts, found = sight.facts.__dict__, {}  # a quarter of the time of getattr
    for name in names:
        known = meaning(name)
        if known is not None and known.window is None and known.bar is None:
            found[name] = known.of(facts[known.field])
        else:
            found[name] = _value(sight, name, known)
    return found


def seen(sight: CelContext, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What a person is told a condition looked at: each name's fact as it was, and what a helping name made of it."""
    told: dict[str, str] = {}
    for name in names:
        known = meaning(name)
        if known is None or known.window is not None:
            count = _value(sight, name, known)
            told[name] = "none" if name == LAST and count == NEVER else _text(count)
            continue
        if known.helps:
            told[name] = _text(_value(sight, name, known))
        told[known.field] = _text(sight.facts.__dict__[known.field])
    return tuple(told.items())


def _value(sight: CelContext, name: str, known: Name | None) -> Any:
    if known is None:
        raise KeyError(name)
    if known.window is not None:
        return sight.around.count(name, known.window)
    value = sight.facts.__dict__[known.field]  # a quarter of the time of getattr
    return known.of(value) if known.bar is None else sight.reaches(known.bar)


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
