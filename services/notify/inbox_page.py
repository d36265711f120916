"""INBOX PAGE: one referral as a person at the partner reads it: what this kind of partner may see, row by row."""

from collections.abc import Iterator
from datetime import datetime

from schemas.help_words import BASES
from schemas.local_day import clock_in
from schemas.signal import Address, Person, Reporter
from schemas.words import Language, told
from services.notify import desk_view
from services.notify import inbox_words as words
from services.notify.desk_view import Row, left
from services.notify.disclosure import disclosed
from services.notify.fhir.concern import contacting
from services.notify.letter import Letter
from services.notify.words import ROLES, STAFF_SAFETY, Country


def rows(letter: Letter, now: datetime, language: Language) -> Iterator[Row]:
    """What matters most for whoever must act stands first: how people can be reached safely, and by when."""
    referral, seen = letter.referral, disclosed(letter)
    country: Country = "NL" if language == "nl" else "GB"
    if referral.facts.test:
        yield words.TEST.in_(language), words.NOT_REAL.in_(language)
    yield words.MIND.in_(language), words.SUSPECTED.in_(language)
    yield words.CONTACT.in_(language), contacting(seen.safe_contact, country, seen.language)
    if referral.facts.staff_safety:
        yield "", STAFF_SAFETY[country]
    by = clock_in(referral.facts.country, referral.deadline)
    yield words.BEFORE.in_(language), f"{by}, {left(referral.deadline, now, language)}"
    yield words.REFERRAL.in_(language), f"{letter.thread}, {words.REVISION.in_(language)} {referral.revision}"
    yield words.FROM.in_(language), ", ".join(filter(None, (letter.corporation.name, letter.corporation.telephone)))
    if referral.legal_basis is not None:
        yield words.BASIS.in_(language), told(BASES, referral.legal_basis, language)
    ours_alone = {"origin_code": None, "secret_address": False}
    yield from desk_view.facts(referral.facts.model_copy(update=ours_alone), language)
    people = (*(() if seen.subject is None else (seen.subject,)), *seen.others)
    for number, person in enumerate(people):
        yield "" if number else words.PEOPLE.in_(language), _person(person, country, language)
    if seen.address is not None:
        yield words.ADDRESS.in_(language), _address(seen.address)
    if seen.narrative:
        yield words.STORY.in_(language), seen.narrative
    if seen.reporter is not None:
        yield words.REPORTER.in_(language), _reporter(seen.reporter)


def _person(person: Person, country: Country, language: Language) -> str:
    born = f"{words.BORN.in_(language)} {person.birth_date.isoformat()}" if person.birth_date else None
    name = person.name or words.UNNAMED.in_(language)
    return ", ".join(
        part for part in (f"{ROLES[country][person.role]}: {name}", born, person.relation, person.phone) if part
    )


def _address(address: Address) -> str:
    place = " ".join(part for part in (address.postcode, address.city) if part)
    return ", ".join(part for part in (*address.lines, place) if part)


def _reporter(reporter: Reporter) -> str:
    return ", ".join(part for part in (reporter.name, reporter.role, reporter.phone, reporter.email) if part)
