"""VERA Onderhoudsverzoek: a repair that may tell of violence: a kicked-in door, a lock changed again, broken glass.

Source: VERA 4.3, Ketenprocessen/OHD.yaml (embedded objects) and Informatiedomeinen/Onderhoud.yaml (URIs); codes of
DEFECTSOORT, BOUWKUNDIGELEMENTDETAILSOORT, DEFECTOORZAAK and ONDERHOUDSTAAKDETAILSTATUS.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from schemas.codes import Change
from schemas.corporation import Source
from schemas.signal import Reporter
from services.ingest.births import Told
from services.ingest.dates import moment
from services.ingest.draft import Draft, Ignored, particulars, stated
from services.ingest.event import Event, change_id, changed_at
from services.ingest.sources import vera
from services.ingest.sources.vera_dwelling import dwelling
from services.ingest.sources.vera_people import people, reporter
from services.ingest.values import mapping, mappings, text

REPEATED: Final = "HERHAALD"
"""Our own detail code: the request points at earlier ones."""

NOBODY_IN: Final = "AFW"
"""ONDERHOUDSTAAKDETAILSTATUS klant niet aanwezig: VERA's only code for no access."""

MOST_DEFECTS: Final = 500
"""Looked into. What is beyond is a thing without a code: it may be anything."""

_REPORTER: Final = "MEL"


def read(event: Event, source: Source) -> Draft | Ignored:  # noqa: ARG001  every adapter gets its source
    """An Onderhoudsverzoekbericht. A cancelled repair stays a signal: who had it cancelled may be the reason for it.

    Raises:
        Unreadable: when it has no id, or our own extra attributes hold an urgency that is none.
    """
    payload = event.payload
    record, reference = vera.record("onderhoudsverzoek", payload, event)
    at = changed_at(event)
    defects = mappings(payload.get("defecten"))
    attributes = vera.own_attributes(payload)
    where = dwelling(payload.get("eenheid"), *(defect.get("eenheid") for defect in defects))
    known = vera.known(attributes) | stated(
        observed_at=moment(payload.get("melddatum"), event.country), secret_address=where.secret or None
    )
    relations = mappings(payload.get("relaties"))
    noticed_by, residents = _reporter(relations), [one for one in relations if not _is_reporter(one)]
    return Draft(
        record=record,
        reference=reference,
        event=change_id(event),
        change=Change.REPORTED,
        changed_at=at,
        noticed=_noticed(payload, defects, attributes),
        status=vera.code(payload.get("status")),
        dwelling=where.id,
        place=where.place,
        known=known,
        particulars=particulars(
            people=people(residents, Told(event, at)) if residents else (),
            address=where.address,
            narrative=_narrative(payload, defects),
            reporter=noticed_by,
        ),
    )


def _noticed(
    payload: Mapping[str, Any], defects: Sequence[Mapping[str, Any]], attributes: Mapping[str, Any]
) -> tuple[tuple[str, ...], ...]:
    """Each defect in its codes, none where only its keys came, then every visit on which nobody was in."""
    own = vera.code(attributes.get("signaalsoort"))
    repeated = bool(payload.get("onderhoudsverzoeken"))
    things: list[tuple[str, ...]] = [(own,)] if own else []
    things += [_codes(defect, repeated=repeated) for defect in defects[:MOST_DEFECTS]]
    things += [()] if len(defects) > MOST_DEFECTS else []
    things += [() for _ in range(_pointed_at(payload.get("defecten")))]
    if any(vera.code(task.get("detailStatus")) == NOBODY_IN for task in mappings(payload.get("onderhoudstaken"))):
        things.append((f"taak.{NOBODY_IN}",))
    return tuple(things)


def _pointed_at(defects: Any) -> int:
    """How many of them are links."""
    return sum(isinstance(one, str) for one in defects) if isinstance(defects, list) else isinstance(defects, str)


def _codes(defect: Mapping[str, Any], *, repeated: bool) -> tuple[str, ...]:
    """`SOORT.ELEMENT.OORZAAK` and what remains of it, most telling first.

    The cause that was found on the spot counts before the one that was told. The three code lists share codes (WAN is a
    wall, and also bedbugs), so a cause alone is written `oorzaak.BEW`.
    """
    kind = vera.code(defect.get("soort"))
    element = _element(defect.get("bouwkundigElement"))
    cause = vera.code(defect.get("aangetroffenOorzaak")) or vera.code(defect.get("oorzaak"))
    codes: list[str] = []
    if kind:
        codes += [f"{kind}.{element}.{cause}"] if element and cause else []
        codes += [f"{kind}.{REPEATED}"] if repeated else []
        codes += [f"{kind}.{part}" for part in (cause, element) if part]
    codes += [f"oorzaak.{cause}"] if cause else []
    codes += [kind] if kind else []
    return tuple(codes)


def _element(value: Any) -> str | None:
    """The detailed kind of an embedded building element; the URI of one does not tell it."""
    inside = mapping(value)
    return vera.code(inside.get("detailSoort")) or vera.code(inside.get("soort"))


def _narrative(payload: Mapping[str, Any], defects: Sequence[Mapping[str, Any]]) -> str | None:
    told = [text(payload.get("omschrijving")), *(text(defect.get("omschrijving")) for defect in defects)]
    return text("\n".join(dict.fromkeys(one for one in told if one)))


def _is_reporter(relation: Mapping[str, Any]) -> bool:
    return any(vera.code(role.get("soort")) == _REPORTER for role in mappings(relation.get("rollen")))


def _reporter(relations: Sequence[Mapping[str, Any]]) -> Reporter | None:
    return next((found for one in relations if _is_reporter(one) and (found := reporter(one, "melder"))), None)
