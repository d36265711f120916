"""PEOPLE: the Patient it is about, and the others of the household inside the ServiceRequest."""

from schemas.signal import Address, Person, SafeContact
from services.notify.disclosure import Disclosed
from services.notify.fhir.codes import NOT_GIVEN, Json, ours
from services.notify.fhir.frame import Frame
from services.notify.words import ROLES

TELECOM = {
    **dict.fromkeys(("phone", "mobile", "telefoon", "mobiel"), "phone"),
    **dict.fromkeys(("email", "e-mail"), "email"),
    "sms": "sms",
}


def patient(frame: Frame, told: Disclosed) -> Json:
    """The possible victim or child; without a name when nobody is named, as a request must be about somebody.

    A withdrawn one tells nothing: no longer in use, and of its name only that it is not given. Profiles ask for that.
    """
    resource = frame.resource("Patient")
    if frame.letter.withdraws:
        return resource | {"active": False, "name": [NOT_GIVEN]}
    if told.subject is not None:
        resource |= _person(told.subject)
    if told.safe_contact is not None and told.safe_contact.value:
        resource["telecom"] = [_telecom(told.safe_contact)]
    if told.address is not None:
        resource["address"] = [_address(told.address, frame.letter.referral.facts.country)]
    resource["managingOrganization"] = frame.corporation
    return resource


def others(frame: Frame, told: Disclosed) -> list[Json]:
    """Each other person as a RelatedPerson, contained, so that a later revision replaces them all at once."""
    country = frame.letter.referral.facts.country
    return [
        {
            "resourceType": "RelatedPerson",
            "id": f"person-{number}",
            "patient": frame.reference("Patient"),
            "relationship": [ours("person-role", person.role, _relation(person, ROLES[country][person.role]))],
            **_person(person),
        }
        for number, person in enumerate(told.others, start=1)
    ]


def _person(person: Person) -> Json:
    resource: Json = {"gender": person.gender}
    if person.name:
        resource["name"] = [{"use": "official", "text": person.name}]
    if person.birth_date:
        resource["birthDate"] = person.birth_date.isoformat()
    return resource


def _relation(person: Person, role: str) -> str:
    return f"{role}: {person.relation}" if person.relation else role


def _telecom(contact: SafeContact) -> Json:
    return {"system": TELECOM.get((contact.channel or "").lower(), "other"), "value": contact.value, "rank": 1}


def _address(address: Address, country: str) -> Json:
    element: Json = {"use": "home", "country": country}
    if address.lines:
        element["line"] = list(address.lines)
    if address.city:
        element["city"] = address.city
    if address.postcode:
        element["postalCode"] = address.postcode
    return element
