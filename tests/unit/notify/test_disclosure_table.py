"""Every kind of partner by every field: what is told of people, in every form that leaves the house."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel

import services.notify
from schemas.codes import Answer, PartnerKind, PersonRole
from schemas.legal import KINDS
from schemas.signal import Address, Particulars, Person, Reporter, SafeContact
from services.notify.channels.webhook_body import body
from services.notify.disclosure import SCOPES
from services.notify.fhir.build import build
from services.notify.fhir.collection import build_collection
from services.notify.fhir.message import build_message
from services.notify.letter import Letter
from tests.unit.notify import samples

README: Final = (Path(services.notify.__file__).parent / "README.md").read_text()

VT, SHELTER, TEAM = PartnerKind.VEILIG_THUIS, PartnerKind.WOMENS_SHELTER, PartnerKind.NEIGHBOURHOOD_TEAM
MARAC, IDVA = PartnerKind.MARAC, PartnerKind.IDVA
CHILDREN, ADULTS = PartnerKind.CHILDRENS_SERVICES, PartnerKind.ADULT_SOCIAL_CARE

EVERYONE: Final[frozenset[PartnerKind | None]] = frozenset({VT, SHELTER, TEAM, MARAC, IDVA, CHILDREN, ADULTS, None})
WHO_IS_SUSPECTED: Final = EVERYONE - {TEAM, None}
WHO_TOLD: Final = EVERYONE - {TEAM, None, SHELTER, IDVA}
NOBODY: Final[frozenset[PartnerKind | None]] = frozenset()

TABLE: Final[dict[str, tuple[str, frozenset[PartnerKind | None]]]] = {
    "victim.name": ("Merk-Alfa", EVERYONE),
    "victim.birth_date": ("1901-01-01", EVERYONE),
    "victim.relation": ("Merk-Bravo", EVERYONE),
    "victim.phone": ("+31600000011", EVERYONE),
    "child.name": ("Merk-Charlie", EVERYONE),
    "child.birth_date": ("1902-02-02", EVERYONE),
    "child.relation": ("Merk-Delta", EVERYONE),
    "child.phone": ("+31600000012", NOBODY),
    "member.name": ("Merk-Echo", EVERYONE),
    "member.birth_date": ("1903-03-03", EVERYONE),
    "member.relation": ("Merk-Foxtrot", EVERYONE),
    "member.phone": ("+31600000013", NOBODY),
    "alleged.name": ("Merk-Golf", WHO_IS_SUSPECTED),
    "alleged.birth_date": ("1904-04-04", WHO_IS_SUSPECTED),
    "alleged.relation": ("Merk-Hotel", WHO_IS_SUSPECTED),
    "alleged.phone": ("+31600000014", NOBODY),
    "address.lines": ("Merk-India 1", EVERYONE),
    "address.postcode": ("0000 MJ", EVERYONE),
    "address.city": ("Merk-Juliett", EVERYONE),
    "narrative": ("Merk-Kilo", EVERYONE),
    "reporter.name": ("Merk-Lima", WHO_TOLD),
    "reporter.role": ("Merk-Mike", EVERYONE),
    "reporter.phone": ("+31600000015", WHO_TOLD),
    "reporter.email": ("merk.november@example.org", WHO_TOLD),
    "safe_contact.channel": ("Merk-Oscar", EVERYONE),
    "safe_contact.value": ("+31600000016", EVERYONE),
    "safe_contact.window": ("Merk-Papa", EVERYONE),
    "safe_contact.language": ("Merk-Quebec", EVERYONE),
    "facts.household": ("0f" * 16, NOBODY),
    "facts.origin_code": ("MERK-ROMEO", NOBODY),
}
"""Field -> a word that stands nowhere else, and who may read it. A secret address, below, goes to nobody."""

CODES: Final = {Person: {"role", "gender"}, SafeContact: {"allowed", "leave_message"}}
"""Fields that hold a code: they go where the person or the contact goes."""

NAMED: Final = {
    "Veilig Thuis": VT, "MARAC": MARAC, "children's services": CHILDREN, "adult social care": ADULTS,
    "women's shelter": SHELTER, "IDVA": IDVA, "neighbourhood team": TEAM, "and when nobody said which kind": None,
}  # fmt: skip

ROLES: Final = {
    "victim": PersonRole.POSSIBLE_VICTIM,
    "child": PersonRole.CHILD,
    "member": PersonRole.HOUSEHOLD_MEMBER,
    "alleged": PersonRole.ALLEGED_PERPETRATOR,
}

FORMS: Final[dict[str, Callable[[Letter], bytes]]] = {
    "webhook": lambda letter: body(letter, samples.SOURCE),
    "fhir": lambda letter: json.dumps(build(letter)).encode(),
    "fhir-message": lambda letter: json.dumps(build_message(letter, samples.DESTINATION)).encode(),
    "fetched": lambda letter: json.dumps(build_collection(letter)).encode(),
}


def marked(field: str) -> str:
    """The word of that field."""
    return TABLE[field][0]


def person(name: str) -> Person:
    """Somebody whose every field is marked."""
    return Person(
        role=ROLES[name],
        name=marked(f"{name}.name"),
        birth_date=date.fromisoformat(marked(f"{name}.birth_date")),
        gender="female",
        relation=marked(f"{name}.relation"),
        phone=marked(f"{name}.phone"),
    )


def letter(kind: PartnerKind | None, **given: Any) -> Letter:
    """A letter to a partner of that kind with everything that could be told."""
    told = samples.particulars(
        people=[person(name) for name in ROLES],
        address=Address(
            lines=(marked("address.lines"),), postcode=marked("address.postcode"), city=marked("address.city")
        ),
        narrative=marked("narrative"),
        reporter=Reporter(**{name: marked(f"reporter.{name}") for name in Reporter.model_fields}),
        safe_contact=SafeContact(
            allowed=Answer.YES,
            leave_message=Answer.NO,
            **{name: marked(f"safe_contact.{name}") for name in ("channel", "value", "window", "language")},
        ),
    )
    facts = samples.facts(
        country="GB" if kind in KINDS["GB"] else "NL",
        household=marked("facts.household"),
        origin_code=marked("facts.origin_code"),
        **given,
    )
    return samples.letter(samples.referral(kind=kind, about=facts), told)


def read(form: str, about: Letter) -> set[str]:
    """The fields whose word stands in what is sent."""
    sent = FORMS[form](about).decode()
    return {field for field, (word, _) in TABLE.items() if word in sent}


def allowed(kind: PartnerKind | None) -> set[str]:
    """The fields that this kind may read."""
    return {field for field, (_, kinds) in TABLE.items() if kind in kinds}


KINDS_AND_NONE: Final = (*PartnerKind, None)


@pytest.mark.parametrize("kind", KINDS_AND_NONE, ids=str)
def test_a_kind_of_partner_reads_its_part_of_the_table(kind: PartnerKind | None) -> None:
    """A webhook holds exactly that; a FHIR resource has no place for some of it, and holds nothing more."""
    assert read("webhook", letter(kind)) == allowed(kind)
    for form in FORMS:
        assert read(form, letter(kind)) <= allowed(kind), form
        assert {"victim.name", "child.name", "address.lines", "narrative", "reporter.role"} <= read(form, letter(kind))


@pytest.mark.parametrize("kind", KINDS_AND_NONE, ids=str)
def test_a_secret_address_is_read_by_nobody(kind: PartnerKind | None) -> None:
    """In no form."""
    for form in FORMS:
        found = read(form, letter(kind, secret_address=True))
        assert not {field for field in found if field.startswith("address.")}, form


def test_every_field_of_a_case_stands_in_the_table() -> None:
    """One that is added must be thought about, and so must a kind of partner."""
    fields = {f"{name}.{field}" for name in ROLES for field in _fields(Person)}
    for name, model in (("address", Address), ("reporter", Reporter), ("safe_contact", SafeContact)):
        fields |= {f"{name}.{field}" for field in _fields(model)}
    assert fields | {"narrative"} == {field for field in TABLE if not field.startswith("facts.")}
    assert set(Particulars.model_fields) == {"people", "address", "narrative", "reporter", "safe_contact"}
    assert set(SCOPES) == EVERYONE - {None}


def _fields(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields) - CODES.get(model, set())


def test_no_word_stands_in_another() -> None:
    """Else one field would be taken for another."""
    words = [word for word, _ in TABLE.values()]
    assert all(one not in other for one in words for other in words if one is not other)


def test_what_partners_read_about_it_is_so() -> None:
    """The table of the page names every kind, and says what the code does."""
    page = README.partition("### What you see\n")[2].partition("\n### ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    told = {NAMED[name]: (alleged, who) for names, alleged, who in rows[2:] for name in names.split(", ")}
    assert told == {
        kind: ("yes" if kind in WHO_IS_SUSPECTED else "no", "yes, by name" if kind in WHO_TOLD else "role only")
        for kind in EVERYONE
    }
