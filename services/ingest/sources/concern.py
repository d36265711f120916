"""A concern of a staff app: our own form, or a VERA signalering, in a CloudEvent of either mode or plain."""

from typing import Final

from pydantic import ValidationError

from schemas.codes import Answer, Change, Kind, PersonRole
from schemas.corporation import Source
from schemas.signal import Address, Particulars, Person, Reporter, SafeContact
from services.ingest.births import Born, Told, born, is_child
from services.ingest.draft import NOWHERE, Draft, Ignored, Known, Place, particulars, stated
from services.ingest.event import Event, change_id, changed_at
from services.ingest.identity import NO_ID, identity
from services.ingest.sources import vera, vera_signalering
from services.ingest.sources.concern_form import Concern, ConcernContact, ConcernPerson
from services.ingest.sources.withdrawal import withdraws_by_type
from services.runtime.errors import Unreadable
from services.runtime.model_errors import sentence

KINDS: Final = frozenset(Kind)

_SAME: Final = (
    "observed_at", "urgency", "origin", "certainty", "acute", "structural", "pregnant", "consent", "informed",
    "dash_score",
)  # fmt: skip
_FLAGS: Final = ("disclosure", "weapon", "staff_safety", "professional_judgement", "test")


def read(event: Event, source: Source) -> Draft | Ignored:
    """A concern; `kind` is one of ours, or one of theirs that the source maps.

    Raises:
        Unreadable: when a field that we know holds what it may not, or the record has no id.
    """
    payload = event.payload
    if "kind" not in payload and "soort" in payload:
        return vera_signalering.read(event, source)
    try:
        concern = Concern.model_validate(payload, context=event.country)
    except ValidationError as error:
        raise _unreadable(error) from None
    own = concern.id or identity(event.attribute("subject"))
    if own is None:
        fix = f"give every concern an id, the same for its corrections{NO_ID}"
        raise Unreadable("record-id-missing", field="id", fix=fix)
    where, at = concern.address, changed_at(event, concern.changed_at)
    people, children = _people(concern, Told(event, at))
    withdrawn = concern.status == "withdrawn" or withdraws_by_type(event.attribute("type"))
    return Draft(
        record=f"concern\x1f\x1f\x1f{own}",
        reference=vera.reference(own),
        event=change_id(event),
        change=Change.WITHDRAWN if withdrawn else Change.REPORTED,
        changed_at=at,
        noticed=((concern.kind,),),
        status=concern.status,
        dwelling=concern.dwelling,
        place=Place(where.area_code, where.area, where.city, where.postcode) if where else NOWHERE,
        known=_known(concern) | stated(children=Answer.YES if children else None),
        particulars=_particulars(concern, people),
    )


def _unreadable(error: ValidationError) -> Unreadable:
    fault = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(str(step) for step in fault["loc"])
    return Unreadable("not-a-concern", field=field, fix=f"{field} {sentence(fault)}")


def _known(concern: Concern) -> Known:
    return stated(
        kind=Kind(concern.kind) if concern.kind in KINDS else None,
        secret_address=(concern.address is not None and concern.address.secret) or None,
        children=concern.children,
        violence=concern.violence or None,
        **{name: getattr(concern, name) for name in _SAME},
        **{name: getattr(concern, name) or None for name in _FLAGS},
    )


def _particulars(concern: Concern, people: tuple[Person, ...]) -> Particulars:
    where, by = concern.address, concern.reporter
    lines = tuple(line for line in where.lines if line) if where else ()
    said = where is not None and bool(lines or where.postcode or where.city)
    return particulars(
        people=people,
        address=Address(lines=lines, postcode=where.postcode, city=where.city) if where and said else None,
        narrative=concern.narrative,
        reporter=Reporter(name=by.name, role=by.role, phone=by.phone, email=by.email) if by else None,
        safe_contact=_contact(concern.safe_contact) if concern.safe_contact else None,
    )


def _people(concern: Concern, days: Told) -> tuple[tuple[Person, ...], bool]:
    """Who is in it, and whether one of them is a child, whatever role it has."""
    births = [born(one.birth_date, days) for one in concern.persons]
    young = [is_child(birth, days.on) for birth in births]
    told = zip(concern.persons, births, young, strict=True)
    people = tuple(_person(person, birth, young=is_young) for person, birth, is_young in told)
    return people, any(young) or any(person.role is PersonRole.CHILD for person in people)


def _person(person: ConcernPerson, birth: Born, *, young: bool) -> Person:
    return Person(
        role=person.role or (PersonRole.CHILD if young else PersonRole.HOUSEHOLD_MEMBER),
        name=person.name,
        birth_date=birth.day,
        gender=person.gender,
        relation=person.relation,
        phone=person.safe_phone,
    )


def _contact(contact: ConcernContact) -> SafeContact:
    """Where contact is not said to be safe, the number or address stays behind: nobody can use it by mistake."""
    safe = contact.allowed is Answer.YES
    return SafeContact(
        allowed=contact.allowed or Answer.UNKNOWN,
        channel=contact.channel if safe else None,
        value=contact.value if safe else None,
        window=contact.window if safe else None,
        leave_message=(contact.leave_message or Answer.UNKNOWN) if safe else Answer.NO,
        language=contact.language,
    )
