"""VERA Relaties.Signalering: a mark that the corporation sets on a person or an address.

Source: VERA 4.3, Informatiedomeinen/Relaties.yaml, schemas Signalering and Signaleringbericht.
"""

from collections.abc import Mapping
from typing import Any, Final

from schemas.codes import Answer, Change, PersonRole
from schemas.corporation import Source
from services.ingest.births import Told
from services.ingest.dates import moment, when
from services.ingest.draft import PERSON, Draft, Ignored, particulars, stated
from services.ingest.event import Event, change_id, changed_at
from services.ingest.sources import vera
from services.ingest.sources.vera_dwelling import dwelling
from services.ingest.sources.vera_people import people
from services.ingest.sources.withdrawal import Statuses, withdraws, withdraws_by_type
from services.ingest.values import text

STATUSES: Final = Statuses(withdrawing=frozenset({"VER"}), standing=frozenset({"ACT", "PAS"}))
"""SIGNALERINGSTATUS; vervallen: set in error, or no longer true."""

VISIT_WITH_TWO: Final = "BEZ"
"""SIGNALERINGDETAILSOORT: no colleague goes there alone."""


def read(event: Event, source: Source) -> Draft | Ignored:  # noqa: ARG001  every adapter gets its source
    """A Signaleringbericht. Its person may be victim, child or perpetrator: it does not say, so neither do we."""
    return drafted(event, event.payload)


def drafted(event: Event, payload: dict[str, Any]) -> Draft:
    """A Signalering, wherever in the event it stood.

    Raises:
        Unreadable: when it has no id, or our own extra attributes hold an urgency that is none.
    """
    record, reference = vera.record("signalering", payload, event)
    at = changed_at(event, when(payload.get("gewijzigdOp"), event.country))
    attributes = vera.own_attributes(payload)
    where = dwelling(payload.get("adres"), payload.get("eenheid"))
    members = people((payload.get("relatie"),), Told(event, at))
    known = vera.known(attributes) | stated(
        observed_at=moment(payload.get("begindatum"), event.country),
        secret_address=where.secret or None,
        staff_safety=True if vera.listed(payload.get("detailSoort")) == VISIT_WITH_TWO else None,
        children=Answer.YES if any(member.role is PersonRole.CHILD for member in members) else None,
    )
    withdrawn = withdraws(payload.get("status"), STATUSES) or withdraws_by_type(event.attribute("type"))
    return Draft(
        record=record,
        reference=reference,
        event=change_id(event),
        change=Change.WITHDRAWN if withdrawn else Change.REPORTED,
        changed_at=at,
        noticed=vera.noticed(attributes, payload.get("soort"), payload.get("detailSoort")),
        status=vera.code(payload.get("status")),
        dwelling=where.id or _person(payload),
        place=where.place,
        known=known,
        particulars=particulars(people=members, address=where.address, narrative=_narrative(payload, attributes)),
    )


def _narrative(payload: Mapping[str, Any], attributes: Mapping[str, Any]) -> str | None:
    told = text(payload.get("toelichting")) or text(payload.get("omschrijving"))
    return told or text(attributes.get("toelichting"))


def _person(payload: Mapping[str, Any]) -> str | None:
    """Without an address the marks on one person still add up."""
    person = vera.linked(payload.get("relatie"))
    return f"{PERSON}{person}" if person else None
