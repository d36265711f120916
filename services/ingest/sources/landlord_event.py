"""Events of an English landlord's platform: an envelope that names what happened, and the change of the entity in it.

Shape: the message that the open-source APIs of LBHackney-IT publish (cautionary-alerts-api, person-api, tenure-
information-api): id, eventType, sourceDomain, sourceSystem, version, correlationId, dateTime, user, entityId,
eventData{oldData, newData}, in camelCase or PascalCase. Often it carries ids only, or only what changed.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from schemas.codes import Answer, Change, PersonRole
from schemas.corporation import Source
from schemas.signal import Address, Person, Reporter
from services.ingest.births import Born, Told, born, is_child
from services.ingest.danger import is_named
from services.ingest.dates import moment, when
from services.ingest.draft import Draft, Ignored, Known, Place, particulars, stated
from services.ingest.event import Event, change_id, changed_at
from services.ingest.identity import NO_ID, identity
from services.ingest.sources import dash, landlord_codes, vera
from services.ingest.sources.withdrawal import withdraws, withdraws_by_type
from services.ingest.values import (
    answer,
    camel,
    camelled,
    camels,
    flag,
    identifier,
    secret,
    short,
    text,
    whether_any,
)
from services.runtime.errors import Unreadable

Object = Mapping[str, Any]

_HOUSEKEEPING: Final = re.compile(
    r"(?:Person|Tenure|Asset|Contract|ContactDetail|HousingApplication|Equality)(?![a-z])", re.ASCII
)
"""Entities whose events are no concern unless their data says so; a ContractorConcern is about no Contract."""

ALERTS: Final = "CautionaryAlert"
"""Says that colleagues must be careful: its entity is the person, so each alert is a record of its own."""

_WHICH: Final = "\x1f"
"""Between an entity and which of its concerns is meant; that may be anybody's words, so it is in no reference."""

MOST_PERSONS: Final = 30
_ROLES: Final = {
    "alleged": PersonRole.ALLEGED_PERPETRATOR, "alleged-perpetrator": PersonRole.ALLEGED_PERPETRATOR,
    "perpetrator": PersonRole.ALLEGED_PERPETRATOR,
    "victim": PersonRole.POSSIBLE_VICTIM, "possible-victim": PersonRole.POSSIBLE_VICTIM, "child": PersonRole.CHILD,
}  # fmt: skip
_TOLD: Final = ("narrative", "incidentDescription", "description")
_DELETED: Final = frozenset({"deleted"})
"""Withdraws as the type of an event; as a status it may be anything that became of a record."""


def read(event: Event, source: Source) -> Draft | Ignored:
    """A landlord's event: a concern, a case of anti-social behaviour, or an alert that colleagues must be careful.

    Raises:
        Unreadable: when it has no type, or nothing that tells which record it is about.
    """
    envelope = camel(event.payload)
    kind = vera.code(envelope.get("eventType"))
    if kind is None:
        raise Unreadable("event-type-missing", field="eventType", fix="say what happened, like ConcernRaisedEvent")
    change = camel(envelope.get("eventData"))
    before = camel(change.get("oldData"))
    now = camel(change.get("newData"))
    data = {**before, **now}  # often only what changed
    if _is_housekeeping(kind, data, source):
        return Ignored("housekeeping")
    place, unit = _marked(camel(data.get("address")), camel(before.get("address"))), camel(data.get("assetDetails"))
    own, reference = _record(kind, envelope, before, data)
    at = changed_at(event, when(envelope.get("dateTime"), event.country))
    people, children = _people(data, Told(event, at))
    return Draft(
        record=f"{ALERTS if kind.startswith(ALERTS) else 'concern'}\x1f\x1f\x1f{own}",
        reference=vera.reference(reference),
        event=change_id(event, identifier(envelope.get("id")), camelled(event.payload)),
        change=Change.WITHDRAWN if _withdrawn(kind, data) else Change.REPORTED,
        changed_at=at,
        noticed=landlord_codes.foremost(landlord_codes.things(kind, data), source),
        status=landlord_codes.status(kind, now, before, source),
        dwelling=_dwelling(data, place, unit),
        place=_place(place),
        known=_known(event, kind, data, place) | stated(children=Answer.YES if children else None),
        particulars=particulars(
            people=people,
            address=_address(place, unit),
            narrative=next((told for name in _TOLD if (told := text(data.get(name)))), None),
            reporter=_reporter(camel(envelope.get("user"))),
        ),
    )


def _is_housekeeping(kind: str, data: Object, source: Source) -> bool:
    """What the corporation listed is none; but what ended is only heard where its own event type is listed."""
    if kind in source.codes:
        return False
    if kind.endswith("EndedEvent"):
        return True
    told = (code for thing in landlord_codes.things(kind, data) for code in thing)
    return _HOUSEKEEPING.match(kind) is not None and source.codes.keys().isdisjoint(told)


def _record(kind: str, envelope: Object, before: Object, data: Object) -> tuple[str, str]:
    """Which record it is, and its id as the platform writes it."""
    entity = identity(envelope.get("entityId"))
    own = identity(data.get("id"))
    if kind.startswith(ALERTS):
        own = identity(data.get("alertId")) or own or identity(envelope.get("id"))
    elif _HOUSEKEEPING.match(kind):
        own = _told_of(before, data, entity) or entity or own
    else:
        own = entity or own or identity(data.get("reference"))
    if own is None:
        raise Unreadable("record-id-missing", field="entityId", fix=f"say which concern or alert it is about{NO_ID}")
    return own, own.partition(_WHICH)[0]


def _told_of(before: Object, data: Object, entity: str | None) -> str | None:
    """Its entity is a person or tenure, of which there may be several concerns: by their own id, else by their kind."""
    said = (identity(data.get(name)) for name in ("concernId", "alertId", "reference", "id"))
    own = next((found for found in said if found is not None and found != entity), None)
    detail = landlord_codes.detail(before) or landlord_codes.detail(data)
    return own or (f"{entity}{_WHICH}{detail}" if entity and detail else None)


def _withdrawn(kind: str, data: Object) -> bool:
    return withdraws_by_type(kind, _DELETED) or withdraws(data.get("status"))


def _dwelling(data: Object, place: Object, unit: Object) -> str | None:
    said = (data.get("propertyReference"), unit.get("propertyReference"), unit.get("id"), data.get("assetId"))
    uprn = (data.get("uprn"), unit.get("uprn"), unit.get("uPRN"), place.get("uprn"))
    return next((own for value in (*said, *uprn) if (own := identity(value))), None)


def _marked(place: Object, before: Object) -> Object:
    """What does not say whether it is sensitive is so when it was: of an address too only what changed may come."""
    told = place.get("isSensitive")
    return {**place, "isSensitive": before.get("isSensitive") if told is None else told}


def _place(place: Object) -> Place:
    return Place(
        code=vera.code(place.get("localAuthorityCode")),
        name=short(place.get("localAuthority")),
        town=short(place.get("city")) or short(place.get("town")),
        postcode=_postcode(place),
    )


def _postcode(place: Object) -> str | None:
    return short(place.get("postcode")) or short(place.get("postCode")) or short(place.get("postalCode"))


def _address(place: Object, unit: Object) -> Address | None:
    numbered = tuple(line for number in range(1, 5) if (line := short(place.get(f"addressLine{number}"))))
    whole = short(unit.get("fullAddress"))
    lines = numbered or ((whole,) if whole else ())
    postcode, city = _postcode(place), short(place.get("city")) or short(place.get("town"))
    return Address(lines=lines, postcode=postcode, city=city) if lines or postcode or city else None


def _known(event: Event, kind: str, data: Object, place: Object) -> Known:
    told = data.get("dashScore")
    return stated(
        observed_at=moment(data.get("incidentDate"), event.country) or moment(data.get("observedAt"), event.country),
        acute=answer(data.get("immediateDanger")),
        children=whether_any(data.get("childrenInHousehold")),
        dash_score=dash.score(told, _number(told), "dashScore"),
        professional_judgement=flag(data.get("professionalJudgement")) or None,
        pregnant=answer(data.get("pregnant")),
        weapon=is_named(data.get("weapon")) or None,
        disclosure=flag(data.get("disclosure")) or None,
        staff_safety=kind.startswith(ALERTS) or None,
        test=flag(data.get("test")) or None,
        secret_address=(secret(place.get("isSensitive")) or secret(data.get("sensitiveAddress"))) or None,
    )


def _number(value: Any) -> int | None:
    """A whole number, also where a form wrote it as text."""
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _people(data: Object, days: Told) -> tuple[tuple[Person, ...], bool]:
    """Who is in it, and whether one of them is a child, whatever role it has."""
    listed = [*camels(data.get("persons")), *camels(data.get("personDetails"))][:MOST_PERSONS]
    births = [born(one.get("dateOfBirth"), days) for one in listed]
    young = [is_child(birth, days.on) for birth in births]
    people = (_person(one, birth, young=is_young) for one, birth, is_young in zip(listed, births, young, strict=True))
    found = tuple(person for person in people if person is not None)
    return found, any(young) or any(person.role is PersonRole.CHILD for person in found)


def _person(one: Object, birth: Born, *, young: bool) -> Person | None:
    parts = (short(one.get("firstName")), short(one.get("surname")))
    name = short(one.get("fullName")) or short(one.get("name")) or short(" ".join(part for part in parts if part))
    if name is None and birth.latest is None:
        return None
    unsaid = PersonRole.CHILD if young else PersonRole.HOUSEHOLD_MEMBER
    return Person(role=_ROLES.get(landlord_codes.spelt(one.get("role")) or "", unsaid), name=name, birth_date=birth.day)


def _reporter(user: Object) -> Reporter | None:
    name, email = short(user.get("name")), short(user.get("email"))
    return Reporter(name=name, email=email) if name or email else None
