"""DISCLOSURE: what each kind of partner may see, and no more. Data, to be reviewed by the privacy officer."""

from dataclasses import dataclass
from typing import Final

from schemas.codes import Answer, PartnerKind, PersonRole
from schemas.signal import Address, Person, Reporter, SafeContact
from services.notify.letter import Letter
from services.notify.plain_text import cleaned, passage


@dataclass(frozen=True, slots=True)
class Scope:
    """`alleged`: who the alleged perpetrator is. `reporter`: who noticed, by name; else the role only."""

    alleged: bool
    reporter: bool


NARROWEST: Final = Scope(alleged=False, reporter=False)

SCOPES: Final = {
    PartnerKind.VEILIG_THUIS: Scope(alleged=True, reporter=True),
    PartnerKind.MARAC: Scope(alleged=True, reporter=True),
    PartnerKind.CHILDRENS_SERVICES: Scope(alleged=True, reporter=True),
    PartnerKind.ADULT_SOCIAL_CARE: Scope(alleged=True, reporter=True),
    PartnerKind.WOMENS_SHELTER: Scope(alleged=True, reporter=False),
    PartnerKind.IDVA: Scope(alleged=True, reporter=False),
    PartnerKind.NEIGHBOURHOOD_TEAM: NARROWEST,
}

_BY_PHONE: Final = frozenset({"phone", "mobile", "telefoon", "mobiel"})


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What this partner is told about people. `safe_contact` is None when nobody may be contacted.

    `language` is then told all the same, where it is known: nobody is reached by it, and who meets them one day needs
    an interpreter who is no relative.
    """

    subject: Person | None
    others: tuple[Person, ...]
    address: Address | None
    narrative: str | None
    reporter: Reporter | None
    safe_contact: SafeContact | None
    language: str | None = None

    def __repr__(self) -> str:
        return "Disclosed(…)"


def disclosed(letter: Letter) -> Disclosed:
    """The particulars as this kind of partner may see them.

    A secret address goes to nobody. The subject's number goes along only with a safe contact, and nobody else's ever:
    the number on a tenancy may be the perpetrator's (ICO, September 2023).
    """
    scope = NARROWEST if letter.kind is None else SCOPES[letter.kind]
    told = letter.particulars
    people = tuple(
        cleaned(person)
        for person in (told.people.reveal() if told.people else ())
        if scope.alleged or person.role is not PersonRole.ALLEGED_PERPETRATOR
    )
    subject = _subject(people)
    known = cleaned(told.safe_contact.reveal()) if told.safe_contact else None
    contact = _safe_contact(known, subject)
    return Disclosed(
        subject=_silent(subject) if subject is not None and contact is None else subject,
        others=tuple(_silent(person) for person in people if person is not subject),
        address=None if letter.referral.facts.secret_address or not told.address else cleaned(told.address.reveal()),
        narrative=passage(told.narrative.reveal()) if told.narrative else None,
        reporter=_reporter(letter, scope),
        safe_contact=contact,
        language=known.language if known is not None and contact is None else None,
    )


def _safe_contact(contact: SafeContact | None, subject: Person | None) -> SafeContact | None:
    """With the subject's own number, which was said to be safe, where it names none and does not say another way."""
    if contact is None or contact.allowed is not Answer.YES:
        return None
    other_way = (contact.channel or "phone").lower() not in _BY_PHONE
    if contact.value or other_way or subject is None or not subject.phone:
        return contact
    return contact.model_copy(update={"channel": contact.channel or "phone", "value": subject.phone})


def _subject(people: tuple[Person, ...]) -> Person | None:
    """The one it is about: the possible victim, else a child, else nobody by name."""
    for role in (PersonRole.POSSIBLE_VICTIM, PersonRole.CHILD):
        for person in people:
            if person.role is role:
                return person
    return None


def _silent(person: Person) -> Person:
    """Without a number: whoever answers it may not be safe."""
    return person.model_copy(update={"phone": None}) if person.phone else person


def _reporter(letter: Letter, scope: Scope) -> Reporter | None:
    reporter = cleaned(letter.particulars.reporter.reveal()) if letter.particulars.reporter else None
    if reporter is None or scope.reporter:
        return reporter
    return Reporter(role=reporter.role) if reporter.role else None
