"""BUNDLE TEMPLATE: a Bundle like one that passed before, filled in with its own values.

Most letters have the structure of an earlier one: the same elements and codes, another case and other people. So when a
structure comes a second time it is written for a stand-in too, whose words are kept with places in them. What goes into
a place is checked as the long way does it, by the rule of its FHIR primitive. What does not pass goes the long way,
which says what is wrong. Structures and codes are kept, and nobody's data.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Final, NamedTuple, TypeVar

import orjson
from pydantic_core import SchemaValidator, core_schema

from schemas import ids
from schemas.corporation import Corporation
from schemas.partner import Partner
from schemas.signal import Facts, Personal
from services.notify.disclosure import Disclosed, disclosed
from services.notify.fhir.codes import Json
from services.notify.fhir.frame import TYPES, instant
from services.notify.fhir.people import TELECOM
from services.notify.fhir.primitives import LONGEST_STRING, primitive
from services.notify.letter import NOTHING, Letter
from services.runtime.template import Template, Values

MOST: Final = 1024
"""Structures that are remembered, of all partners together: some ten megabytes."""

MOST_TEXTS: Final = 100
MOST_CHARACTERS: Final = LONGEST_STRING // 2
"""Of all texts of a letter together: several may stand in one element, with words of ours."""

Build = Callable[[Letter, Disclosed], Json]
Structure = tuple[Any, ...]
Put = Callable[[Any], Any]
P = TypeVar("P", bound=Personal)

_CODES: Final = frozenset({"gender"})
"""Texts about people that are codes."""

_UNTOLD: Final = {"household": "0" * 32, "area": None, "origin_code": None}
"""Facts that no Bundle tells, as the stand-in has them."""

_SIGNAL, _REFERRAL = (ids.derived(ids.NAMESPACE, "stand-in", name) for name in ("signal", "referral"))
_DECIDED, _DEADLINE, _OBSERVED = (datetime(1903, 4, 5, 6, 7, 8, 91_011 + place, tzinfo=UTC) for place in range(3))
_BORN: Final = date(1803, 4, 5)


class Taken(NamedTuple):
    """What a letter has of its own; and all else, by which it is known whether it is like another one."""

    structure: Structure
    moments: list[str]
    texts: list[str]
    dates: list[str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """Who it is from and to is in the words, so a later configuration's partner of that name has others."""

    partner: Partner
    corporation: Corporation
    mould: Template


class BundleTemplates:
    """Of one process. It judges no structure: `passed` does, which is asked whenever one is not known yet."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Structure, _Kept | None] = OrderedDict()

    def pack(self, letter: Letter, build: Build, passed: Callable[[Json], bytes]) -> bytes:
        """The bytes that `passed` gives of what is built. Raises what it raises."""
        told = disclosed(letter)
        taken = taken_of(letter, told)
        if not _ordinary(taken):
            return passed(build(letter, told))
        structure = (build, *taken.structure)
        kept = self._kept.get(structure)
        if kept is not None and kept.partner is letter.partner and kept.corporation is letter.corporation:
            self._kept.move_to_end(structure)
            return kept.mould.fill(_values(letter, taken))
        body = passed(build(letter, told))
        again = structure in self._kept  # what comes once may never come again, and costs no more than its structure
        self._keep(structure, _cast(letter, told, build, _values(letter, taken), body) if again else None)
        return body

    def _keep(self, structure: Structure, kept: _Kept | None) -> None:
        self._kept[structure] = kept
        self._kept.move_to_end(structure)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _cast(letter: Letter, told: Disclosed, build: Build, values: Values, body: bytes) -> _Kept | None:
    """What the next ones like this letter are filled into; None when that would not have made this one's own bytes."""
    like, to_like = _stand_in(letter, told)
    mould = Template(orjson.dumps(build(like, to_like)), _values(like, taken_of(like, to_like)))
    return _Kept(letter.partner, letter.corporation, mould) if mould.fill(values) == body else None


def taken_of(letter: Letter, told: Disclosed) -> Taken:
    """Every text and date of people is its own; every fact and code is structure."""
    referral, texts, dates = letter.referral, list[str](), list[str]()
    facts = referral.facts

    def text(value: str) -> bool:
        """There is one."""
        texts.append(value)
        return True

    def day(value: date) -> bool:
        """There is one."""
        dates.append(value.isoformat())
        return True

    structure = (
        *(letter.partner.id, letter.corporation.id, letter.kind),
        *(referral.change, referral.revision == 1, referral.legal_basis),
        tuple(trace.without_consent for trace in referral.explanation.fired if trace.without_consent),
        tuple(value for name, value in facts.__dict__.items() if name not in _UNTOLD and name != "observed_at"),
        facts.observed_at is None,
        *(bool(each) and text(each or "") for each in (told.narrative, told.language)),
        tuple(None if part is None else tuple(_put(part, text, day).values()) for part in _parts(told)),
    )
    moments = [referral.decided_at, referral.deadline, *([facts.observed_at] if facts.observed_at else ())]
    return Taken(structure, [instant(each) for each in moments], texts, dates)


def _parts(told: Disclosed) -> tuple[Personal | None, ...]:
    return (told.subject, told.address, told.reporter, told.safe_contact, *told.others)


def _put(part: Personal, text: Put, day: Put) -> dict[str, Any]:
    """Its fields, with something else for each text and date. What says which kind of number it is stays: a code."""
    put: dict[str, Any] = {}
    for name, value in part.__dict__.items():
        kind = type(value)
        if kind is str and value and name not in _CODES and not (name == "channel" and value.lower() in TELECOM):
            put[name] = text(value)
        elif kind is date:
            put[name] = day(value)
        elif kind is tuple:
            put[name] = tuple(text(each) for each in value)
        else:
            put[name] = value
    return put


def _stand_in(letter: Letter, told: Disclosed) -> tuple[Letter, Disclosed]:
    """Of the same structure, with nothing of the letter's own."""
    texts, days = count(), count()

    def text(_: Any) -> str:
        """Another one each time, so that each finds its place."""
        return f"stand-in.text.{next(texts):03}."

    def day(_: Any) -> date:
        """As with texts."""
        return _BORN + timedelta(days=next(days))

    def like(part: P | None) -> P | None:
        """The same part with words of the stand-in."""
        return None if part is None else part.model_copy(update=_put(part, text, day))

    narrative, language = (text(None) if each else each for each in (told.narrative, told.language))
    people = like(told.subject), like(told.address), like(told.reporter), like(told.safe_contact)
    subject, address, reporter, contact = people
    others = tuple(other for each in told.others if (other := like(each)))
    referral = letter.referral.model_copy(
        update={
            "id": _REFERRAL,
            "signal": _SIGNAL,
            "decided_at": _DECIDED,
            "deadline": _DEADLINE,
            "facts": _facts(letter.referral.facts),
        }
    )
    like_it = replace(letter, referral=referral, particulars=NOTHING)
    return like_it, Disclosed(subject, others, address, narrative, reporter, contact, language)


def _facts(facts: Facts) -> Facts:
    return facts.model_copy(update={**_UNTOLD, "observed_at": facts.observed_at and _OBSERVED})


def _values(letter: Letter, taken: Taken) -> Values:
    """In one order for all letters of a structure."""
    referral, thread = letter.referral, letter.thread
    own = [str(thread), str(referral.id), str(referral.signal), ids.spelt(referral.id, "fhir", "Provenance")]
    own += [ids.spelt(thread, "fhir", type_) for type_ in TYPES]
    plain = [text.encode() for text in (*own, *taken.moments, *taken.dates)]
    return (*plain, *(orjson.dumps(text)[1:-1] for text in taken.texts))


def _ordinary(taken: Taken) -> bool:
    """Whether each value may stand where it goes, whatever stands there of another letter like it."""
    if len(taken.texts) > MOST_TEXTS or sum(map(len, taken.texts)) > MOST_CHARACTERS:
        return False
    return _well_formed().isinstance_python((taken.moments, taken.texts, taken.dates))


@cache
def _well_formed() -> SchemaValidator:
    """The same rules that the long way is compiled from; a moment stands in elements of both of its types."""
    kinds = ("instant", "string", "date")
    return SchemaValidator(core_schema.tuple_schema([core_schema.list_schema(primitive(kind)) for kind in kinds]))
