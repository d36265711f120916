"""HACT repairs: a work order for a door, a lock or a window, and what became of the visit.

Source: HACT UK Housing Data Standards, JSON Schemas RaiseRepair and JobStatusUpdate (OSCRE reference data model 3.3),
in PascalCase as written there or in camelCase. Of the alerts about a person only that there is one is taken: the
standard forbids to repeat their text. Key safes and their codes stay behind.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from schemas.codes import Change
from schemas.corporation import Source
from schemas.signal import Address
from services.ingest.dates import moment, when
from services.ingest.draft import NOWHERE, Draft, Ignored, Place, particulars, stated
from services.ingest.event import Event, change_id, changed_at
from services.ingest.identity import NO_ID, identity
from services.ingest.sources import vera
from services.ingest.sources.landlord_codes import spelt
from services.ingest.values import camel, camels, dashed, short, text
from services.runtime.errors import Unreadable

Object = Mapping[str, Any]

_WRAPPERS: Final = ("raiseRepair", "jobStatusUpdate")
_ORDER: Final = "relatedWorkOrderReference"
MOST_ELEMENTS: Final = 500
"""Looked into. What is beyond is a thing without a code: it may be anything."""


def read(event: Event, source: Source) -> Draft | Ignored:  # noqa: ARG001  every adapter gets its source
    """A RaiseRepair or a JobStatusUpdate.

    Raises:
        Unreadable: when it does not tell which work order it is about.
    """
    payload = camel(event.payload)
    body = next((camel(payload[name]) for name in _WRAPPERS if isinstance(payload.get(name), dict)), payload)
    pointed_at = body.get(_ORDER)
    if pointed_at in (None, "", {}, []):
        return _raised(event, body)
    order = _reference(pointed_at)
    if order is None:
        raise Unreadable(
            "record-id-missing", field="RelatedWorkOrderReference", fix=f"send the work order's number{NO_ID}"
        )
    return _updated(event, body, order)


def _raised(event: Event, body: Object) -> Draft:
    elements = camels(body.get("workElement"))
    own = identity(body.get("id")) or _reference(body.get("reference")) or identity(event.attribute("subject"))
    own = own or next((found for one in elements if (found := _reference(one.get("reference")))), None) or _key(event)
    if own is None:
        fix = f"send the work order's number, or as Kafka key{NO_ID}"
        raise Unreadable("record-id-missing", field="Reference", fix=fix)
    unit = next(iter(camels(body.get("sitePropertyUnit"))), {})
    address = camel(unit.get("address"))
    told = (text(body.get("descriptionOfWork")), text(body.get("locationOfRepair")))
    return Draft(
        record=f"repair\x1f\x1f\x1f{own}",
        reference=vera.reference(own),
        event=change_id(event),
        change=Change.REPORTED,
        changed_at=changed_at(event),
        noticed=_noticed(elements),
        status=None,
        dwelling=_reference(unit.get("reference")) or f"workorder:{own}",
        place=Place(town=short(address.get("cityName")), postcode=short(address.get("postalCode"))),
        known=stated(
            observed_at=moment(body.get("dateReported"), event.country),
            staff_safety=bool(camels(body.get("personAlert"))) or None,
        ),
        particulars=particulars(address=_address(address), narrative=text("\n".join(one for one in told if one))),
    )


def _updated(event: Event, body: Object, order: str) -> Draft:
    """What became of the visit is a record of its own: it knows neither dwelling nor damage, only the order."""
    kind, told = vera.code(body.get("typeCode")), body.get("otherType")
    other = vera.code(dashed(told))
    codes = tuple(f"update.{code}" for code in dict.fromkeys((other, spelt(told), kind)) if code)
    own = _reference(body.get("reference")) or ":".join((order, *(code for code in (kind, other) if code)))
    return Draft(
        record=f"update\x1f\x1f\x1f{own}",
        reference=vera.reference(order),
        event=change_id(event),
        change=Change.REPORTED,
        changed_at=changed_at(event, when(body.get("eventTime"), event.country)),
        noticed=(codes,) if codes else (),
        status=None,
        dwelling=f"workorder:{order}",
        place=NOWHERE,
        known=stated(observed_at=moment(body.get("eventTime"), event.country)),
        particulars=particulars(narrative=text(body.get("comments"))),
    )


def _noticed(elements: Sequence[Object]) -> tuple[tuple[str, ...], ...]:
    things = tuple(codes for one in elements[:MOST_ELEMENTS] for codes in _codes(one))
    return (*things, ()) if len(elements) > MOST_ELEMENTS else things


def _codes(element: Object) -> list[tuple[str, ...]]:
    """Each item of the schedule of rates by its own code, then by the trade, the landlord's own first: `trade.GL`.

    A code of the M3NHF schedule carries its chapter before it: `Controlled Door Entry-AD010001`.
    """
    told = (one.get(name) for one in camels(element.get("trade")) for name in ("customCode", "code"))
    trades = [f"trade.{code}" for value in told if (code := vera.code(value))]
    items = []
    for item in camels(element.get("rateScheduleItem")):
        standard = text(item.get("m3NHFSORCode"))
        code = vera.code(standard.rpartition("-")[2] if standard else item.get("customCode"))
        items.append((code, *trades) if code else tuple(trades))
    return items or [tuple(trades)]


def _reference(value: Any) -> str | None:
    """The number in a Reference, or in the first of several."""
    for one in camels(value):
        if (found := identity(one.get("id")) or identity(one.get("iD"))) is not None:
            return found
    return identity(value)


def _key(event: Event) -> str | None:
    """The Kafka key, where nothing in a RaiseRepair itself numbers the order."""
    try:
        return identity(event.key.decode().strip('"')) if event.key else None
    except UnicodeDecodeError:
        return None


def _address(address: Object) -> Address | None:
    listed = address.get("addressLine")
    lines = tuple(line for item in listed if (line := short(item))) if isinstance(listed, list) else ()
    street = " ".join(p for name in ("buildingNumber", "streetName") if (p := short(address.get(name))))
    lines = lines or ((street,) if street else ())
    postcode, city = short(address.get("postalCode")), short(address.get("cityName"))
    return Address(lines=lines, postcode=postcode, city=city) if lines or postcode or city else None
