"""RELEASING: to whom a person may send what was held, for which help, and on what legal basis (design: D8)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from schemas.codes import LegalBasis, PartnerKind
from schemas.command import Command, Objection
from schemas.legal import may_be_stated, permits
from schemas.referral import Referral, ReferralChange
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.rerouting import turned_down

NO_BASIS: Final = "state-a-legal-basis"
NOT_PERMITTED: Final = "legal-basis-does-not-permit"
UNKNOWN_PARTNER: Final = "unknown-partner"
KNOWN_ELSEWHERE: Final = "known-elsewhere"
"""Another instance knows that partner: which help it gives where is for that one to say."""

OTHER_COUNTRY: Final = "other-country"
"""No basis of ours opens help abroad, and nobody there goes to that address: the name was a slip."""

BASIS_MISSING: Final = frozenset({NO_BASIS, NOT_PERMITTED})


@dataclass(frozen=True, slots=True)
class Declined:
    """It cannot be done. `reason` is a stable code."""

    reason: str


def addressed(
    command: Command, line: Line, referral: Referral, directory: Directory, day: date, *, known: Collection[str]
) -> Line | Declined:
    """The line with its partner, its kind of help and the legal basis that holds; or what stands in the way.

    What a person may override is an `Objection`, and `command.despite` names it. The law cannot be overridden.
    What the rules addressed goes where any instance of `known` can reach; a partner that a person chooses must be ours.
    Whom a rule only proposed, since another one turned it down, a person may pass over.
    """
    chosen = command.partner
    if line.partner is not None and chosen not in {None, line.partner}:
        if not turned_down(line):
            return Declined("has-a-partner")
        line = line.but(partner=None)
    partner = line.partner or chosen
    if partner is None:
        return Declined("choose-a-partner")
    if partner not in directory.partners:
        return _elsewhere(command, line, referral, partner, known)
    if line.partner is None:
        if directory.partners[partner].country != referral.facts.country:
            return Declined(OTHER_COUNTRY)
        unheeded = [one for one in objections(partner, line, referral, directory, day) if one not in command.despite]
        if unheeded:
            return Declined(unheeded[0])
    return _lawful(command, line, referral, partner, kinds(partner, line, referral, directory, day))


def _elsewhere(
    command: Command, line: Line, referral: Referral, partner: str, known: Collection[str]
) -> Line | Declined:
    """To a partner whose entry is not in our file."""
    if partner not in known:
        return Declined(UNKNOWN_PARTNER)
    if line.partner is None or line.kind is None:
        return Declined(KNOWN_ELSEWHERE)
    return _lawful(command, line, referral, partner, (line.kind,))


def objections(partner: str, line: Line, referral: Referral, directory: Directory, day: date) -> tuple[Objection, ...]:
    """What speaks against that partner. Of an address whose area is not known, the reviewer knows better."""
    entry, area = directory.partners[partner], referral.facts.area
    there = entry.kinds_on(area, day) if area else tuple(part.kind for part in entry.serves)
    if not there:
        return (Objection.NOT_IN_AREA,)
    return (Objection.OTHER_HELP,) if line.kind is not None and line.kind not in there else ()


def kinds(partner: str, line: Line, referral: Referral, directory: Directory, day: date) -> tuple[PartnerKind, ...]:
    """For which help it may go there: what the rules asked for, where that partner gives it, else all it gives."""
    entry, area = directory.partners[partner], referral.facts.area
    given = tuple(part.kind for part in entry.serves)
    there = entry.kinds_on(area, day) if area else ()
    if line.kind is not None and (line.partner is not None or line.kind in given):
        return (line.kind,)
    return there or given


def bases(kind: PartnerKind, referral: Referral) -> tuple[LegalBasis, ...]:
    """Every legal basis a reviewer may state for that help."""
    return tuple(basis for basis in LegalBasis if may_be_stated(basis, kind, referral.facts))


def _lawful(
    command: Command, line: Line, referral: Referral, partner: str, possible: Sequence[PartnerKind]
) -> Line | Declined:
    """Nothing is shared without a basis that permits it; taking something back shares nothing."""
    if referral.change is ReferralChange.WITHDRAWAL:
        return _addressed(line, partner, next(iter(possible), None))
    facts, stated = referral.facts, command.legal_basis or line.legal_basis
    for kind in possible:
        if stated is not None and may_be_stated(stated, kind, facts):
            return replace(_addressed(line, partner, kind), legal_basis=stated)
        if stated is None and referral.legal_basis is not None and permits(referral.legal_basis, kind, facts):
            return _addressed(line, partner, kind)
    return Declined(NO_BASIS if command.legal_basis is None else NOT_PERMITTED)


def _addressed(line: Line, partner: str, kind: PartnerKind | None) -> Line:
    return line if line.partner is not None else replace(line, partner=partner, kind=kind, chosen=True)
