"""VERA Zaak: a case that the corporation handles, most often a report of nuisance that may be something else.

Source: VERA 4.3, Ketenprocessen/BDO.yaml (schema Zaken-Zaakbericht, embedded objects) and Informatiedomeinen/
Dossier.yaml (the same with URIs).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from schemas.codes import Answer, Change, Origin, PersonRole
from schemas.corporation import Source
from schemas.signal import Person, Reporter
from services.ingest.births import Told
from services.ingest.dates import last_of, moment, since_epoch, when
from services.ingest.draft import PERSON, Draft, Ignored, Known, particulars, stated
from services.ingest.event import Event, change_id, changed_at, sent_at
from services.ingest.sources import vera
from services.ingest.sources.vera_dwelling import Dwelling, dwelling
from services.ingest.sources.vera_people import people, reporter
from services.ingest.sources.withdrawal import Statuses, is_told, withdraws, withdraws_by_type
from services.ingest.values import mapping, mappings, text

STATUSES: Final = Statuses(withdrawing=frozenset({"GEA"}), standing=frozenset({"AAN", "AFG", "GES", "INB", "INU"}))
"""ZAAKSTATUSSOORT; geannuleerd."""

DESTROYED: Final = ("VER", "VERNIETIGD")
"""ARCHIEFSTATUS, its code and its name: only metadata is left, which corrects nothing."""

UNIT: Final = "EEN"
"""ZAAKOBJECTSOORT eenheid."""

REPORTERS: Final = {"MEL": "melder", "KLG": "klager", "BEH": "behandelaar", "INI": "initiator"}
"""ZAAKROL of who noticed, the first that is named counts."""

_OUTSIDERS: Final = frozenset({"MEL", "KLG"})
CONCERNED: Final = frozenset({"BEK", "BEL"})
"""ZAAKROL of whom it is about. A Beklaagde is who was complained of: that may be the victim, so no role follows."""


Dated = tuple[Any, date | None]
"""A status, and when it began."""


class Roles(NamedTuple):
    """The parties of a case by what they are in it."""

    reporter: Reporter | None
    outsider: str | None
    """Id of who reported it without being of the household."""

    concerned: tuple[Mapping[str, Any], ...]


def read(event: Event, source: Source) -> Draft | Ignored:  # noqa: ARG001  every adapter gets its source
    """A Zaakbericht.

    Raises:
        Unreadable: when it has no id, or our own extra attributes hold an urgency that is none.
    """
    payload = event.payload
    if vera.listed(payload.get("archiefstatus")) in DESTROYED:
        return Ignored("destroyed")
    record, reference = vera.record("zaak", payload, event)
    status, since = _status(payload.get("zaakstatussen"), event)
    # None of these is when it was changed, only no later than that: so the last one there is counts.
    at = changed_at(event, _latest(when(payload.get("registratiedatum"), event.country), since, sent_at(event)))
    where, roles, attributes = _dwelling(payload), _roles(payload), vera.own_attributes(payload)
    members = _members(payload, roles, Told(event, at))
    withdrawn = withdraws(status, STATUSES) or withdraws_by_type(event.attribute("type"))
    return Draft(
        record=record,
        reference=reference,
        event=change_id(event),
        change=Change.WITHDRAWN if withdrawn else Change.REPORTED,
        changed_at=at,
        noticed=_noticed(payload.get("zaaktype"), attributes),
        status=vera.code(status),
        dwelling=where.id or _person(roles),
        place=where.place,
        known=vera.known(attributes) | _seen(event, where, roles, members),
        particulars=particulars(
            people=members,
            address=where.address,
            narrative=text("\n".join(_told(payload))),
            reporter=roles.reporter,
        ),
    )


def _status(listed: Any, event: Event) -> tuple[Any, date | None]:
    """The status that began last, and when the last of them began; the one listed later, where time does not tell."""
    status: Any = None
    since: date | None = None
    told = [(item.get("soort"), when(item.get("begindatum"), event.country)) for item in mappings(listed)]
    for soort, began in _begun(told, event):
        if since is None or began is None or not _before(began, since):
            status = soort if is_told(soort) else status
        since = _latest(since, began)
    return status, since


def _begun(told: Sequence[Dated], event: Event) -> Sequence[Dated]:
    """Without those that are planned for a day after Kafka had the event; where all are, its clock is wrong."""
    had = since_epoch(microseconds=event.timestamp * 1000) if event.timestamp > 0 else None
    if had is None:
        return told
    last = had.date() + timedelta(days=1)
    return [one for one in told if one[1] is None or last_of(one[1]).date() <= last] or told


def _before(one: date, other: date) -> bool:
    """Whether it surely is; within a day only where both tell more than the day."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return last_of(one).date() < last_of(other).date()


def _latest(*told: date | None) -> date | None:
    return max((one for one in told if one is not None), key=last_of, default=None)


def _noticed(kind: Any, attributes: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """The zaaktype is embedded, or a URI that ends in its code, or no more than that code among its keys."""
    inside = mapping(kind)
    soort = inside.get("soort")
    return vera.noticed(attributes, soort if vera.code(soort) else kind, inside.get("detailSoort"))


def _told(payload: Mapping[str, Any]) -> Iterable[str]:
    return (told for key in ("omschrijving", "toelichting") if (told := text(payload.get(key))))


def _dwelling(payload: Mapping[str, Any]) -> Dwelling:
    units = payload.get("eenheden")
    objects = [item for item in mappings(payload.get("objecten")) if vera.code(item.get("soort")) == UNIT]
    return dwelling(*(units if isinstance(units, list) else (units,)), *objects, payload.get("adres"))


def _roles(payload: Mapping[str, Any]) -> Roles:
    parties = [(vera.code(role.get("soort")), mapping(role.get("relatie"))) for role in mappings(payload.get("rollen"))]
    noticed = (reporter(party, REPORTERS[wanted]) for wanted in REPORTERS for role, party in parties if role == wanted)
    return Roles(
        reporter=next((found for found in noticed if found), None),
        outsider=next((vera.linked(party) for role, party in parties if role in _OUTSIDERS), None),
        concerned=tuple(party for role, party in parties if role in CONCERNED),
    )


def _members(payload: Mapping[str, Any], roles: Roles, days: Told) -> tuple[Person, ...]:
    """Whom the case is about; who reported it from outside is not of the household."""
    relations = payload.get("relaties")
    others: Sequence[Any] = relations if isinstance(relations, list) else ()
    inside = [one for one in mappings(list(others)) if not roles.outsider or vera.linked(one) != roles.outsider]
    ids = {vera.linked(one) for one in roles.concerned} - {None}
    return people((*roles.concerned, *(one for one in inside if vera.linked(one) not in ids)), days)


def _seen(event: Event, where: Dwelling, roles: Roles, members: Sequence[Person]) -> Known:
    began, registered = event.payload.get("begindatum"), event.payload.get("registratiedatum")
    reported = roles.outsider and any(vera.linked(one) != roles.outsider for one in roles.concerned)
    return stated(
        observed_at=moment(began, event.country) or moment(registered, event.country),
        origin=Origin.THIRD_PARTY if reported else None,
        secret_address=where.secret or None,
        children=Answer.YES if any(member.role is PersonRole.CHILD for member in members) else None,
    )


def _person(roles: Roles) -> str | None:
    """Without a dwelling the cases about one person still add up."""
    person = next((found for one in roles.concerned if (found := vera.linked(one))), None)
    return f"{PERSON}{person}" if person else None
